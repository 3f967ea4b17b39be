import { pino } from 'pino';
import { readSettings } from './config.ts';
import { createLogger } from './logger.ts';
import { explainStart } from './start-error.ts';
import { type RunningServer, startServer } from './start-server.ts';

/** Log lines are written together: one system call for some fifty requests. A kill loses those of the last quarter of a second. */
const LOG_BUFFER_BYTES = 8_192;
const LOG_FLUSH_EVERY_MS = 250;
/** How long a stop may take at the very most, in milliseconds. */
const STOP_LIMIT_MS = 9_500;

const destination = pino.destination({ dest: 1, sync: false, minLength: LOG_BUFFER_BYTES, periodicFlush: LOG_FLUSH_EVERY_MS });

// What nobody caught leaves nothing that could be relied on; the embedded database ends the server so where it breaks.
process.once('uncaughtException', (error) => fail(error));
try {
  const settings = readSettings(process.env);
  const server = await startServer(settings, createLogger(settings.LOG_LEVEL, destination));
  process.stderr.write(welcome(server));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(server));
} catch (error) {
  fail(error);
}

function fail(error: unknown): never {
  process.stderr.write(`${explainStart(error)}\n`);
  destination.flushSync();
  process.exit(1);
}

async function stop(server: RunningServer): Promise<void> {
  const overdue = setTimeout(() => {
    process.stderr.write('Stopped before everything was closed.\n');
    process.exit(1);
  }, STOP_LIMIT_MS);
  overdue.unref();
  await server.stop();
  destination.flushSync();
  process.exit(0);
}

function welcome({ url, database, firstKey, metricsUrl }: RunningServer): string {
  const lines = [
    '',
    `  Leads API   ${url}/api/v1`,
    `  Try it      ${url}/docs`,
    `  Contract    ${url}/openapi.json`,
    `  Data        ${database}`,
    ...(metricsUrl ? [`  Metrics     ${metricsUrl}`] : []),
    '',
    ...(firstKey
      ? ['  Your API key, shown this once; paste the line where you call the API:', `  export LEADS_API_KEY=${firstKey.key}`, '']
      : ['  A new API key:  npm run keys -- create', '']),
    '  Your first lead:',
    `  curl -X POST ${url}/api/v1/leads -H "Authorization: Bearer $LEADS_API_KEY" -H "Content-Type: application/json" -d '{"name":"John Doe","email":"john.doe@example.com"}'`,
    '',
    '',
  ];
  return lines.join('\n');
}
