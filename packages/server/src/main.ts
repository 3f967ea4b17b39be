#!/usr/bin/env node
/** `leads-server`: the server, until SIGINT or SIGTERM. */
import './tracing/load-tracing.ts';
import cluster from 'node:cluster';
import { type Logger, pino } from 'pino';
import { readSettings, type Settings } from './config.ts';
import { createLogger } from './logger.ts';
import { explainStart } from './start-error.ts';
import { type RunningServer, startServer } from './start-server.ts';
import { runWorker } from './workers/run-worker.ts';
import { startWorkers } from './workers/start-workers.ts';

/** Log lines are written together: one system call for some fifty requests. A kill loses those of the last quarter of a second. */
const LOG_BUFFER_BYTES = 8_192;
const LOG_FLUSH_EVERY_MS = 250;
/** What is written at once to a pipe by several processes stays in one piece up to this, and so does a line. */
const PIPE_ATOMIC_BYTES = 4_096;
/** How long a stop may take at the very most, in milliseconds. */
const STOP_LIMIT_MS = 9_500;

const destination = pino.destination({
  dest: 1,
  sync: false,
  periodicFlush: LOG_FLUSH_EVERY_MS,
  ...(cluster.isWorker ? { minLength: PIPE_ATOMIC_BYTES / 2, maxWrite: PIPE_ATOMIC_BYTES } : { minLength: LOG_BUFFER_BYTES }),
});

// What nobody caught leaves nothing that could be relied on; the embedded database ends the server so where it breaks.
process.once('uncaughtException', (error) => fail(error));
try {
  const settings = readSettings(process.env);
  const logger = createLogger(settings.LOG_LEVEL, destination);
  if (cluster.isWorker) await startWorker(settings, logger);
  else await start(settings, logger);
} catch (error) {
  fail(error);
}

function fail(error: unknown): never {
  process.stderr.write(`${explainStart(error)}\n`);
  end(1);
}

async function start(settings: Settings, logger: Logger): Promise<void> {
  if (settings.LEADS_WORKERS > 1) {
    const server = await startWorkers(settings, logger);
    // Of a server in a terminal it says that the terminal was closed.
    process.on('SIGHUP', () => (process.stdin.isTTY ? void stop(server) : server.restart()));
    announce(server);
  } else announce(await startServer(settings, logger));
}

type Announced = Omit<RunningServer, 'retire' | 'createWorkspace'>;

function announce(server: Announced): void {
  process.stderr.write(welcome(server));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(server));
}

async function startWorker(settings: Settings, logger: Logger): Promise<void> {
  // They come from the keyboard or the terminal to every process; the first one tells the others what to do.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  const server = await runWorker(settings, logger, (finish) => void finish().then(() => end(0)));
  process.once('SIGTERM', () => void stop(server));
}

function end(code: number): never {
  destination.flushSync();
  process.exit(code);
}

async function stop(server: Pick<RunningServer, 'stop'>): Promise<void> {
  const overdue = setTimeout(() => {
    process.stderr.write('Stopped before everything was closed.\n');
    process.exit(1);
  }, STOP_LIMIT_MS);
  overdue.unref();
  await server.stop();
  end(0);
}

function welcome({ url, database, firstKey, metricsUrl }: Announced): string {
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
      : ['  A new API key:  npx leads-keys create', '']),
    '  Your first lead:',
    `  curl -X POST ${url}/api/v1/leads -H "Authorization: Bearer $LEADS_API_KEY" -H "Content-Type: application/json" -d '{"name":"John Doe","email":"john.doe@example.com"}'`,
    '',
    '',
  ];
  return lines.join('\n');
}
