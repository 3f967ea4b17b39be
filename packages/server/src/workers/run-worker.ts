import type { Logger } from 'pino';
import type { Settings } from '../config.ts';
import { type RunningServer, startServer } from '../start-server.ts';
import { RETIRE, type WorkerListens } from './messages.ts';

/** Starts a server that is one of several processes, and does what the first process tells it; `end` is called when it is to end. */
export async function runWorker(settings: Settings, logger: Logger, end: (finish: () => Promise<void>) => void): Promise<RunningServer> {
  const number = Number(process.env['LEADS_WORKER']);
  const share = { ...settings, DATABASE_POOL_SIZE: Math.floor(settings.DATABASE_POOL_SIZE / settings.LEADS_WORKERS) };
  const server = await startServer(share, logger.child({ worker: number }), number);
  const { url, firstKey, database } = server;
  process.on('message', (message) => {
    if (message === RETIRE) end(() => server.retire());
  });
  process.send!({ listens: { url, firstKey, database } satisfies WorkerListens });
  return server;
}
