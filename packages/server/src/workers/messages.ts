import type { RunningServer } from '../start-server.ts';

/** What a worker says of itself once it listens. */
export type WorkerListens = Pick<RunningServer, 'url' | 'firstKey' | 'database'>;

/** Tells a worker to take no more connections, to answer what it has, and to end. */
export const RETIRE = 'leads: retire';

/** Whether a message says that a worker listens; others pass between the processes, too. */
export function isListening(message: unknown): message is { listens: WorkerListens } {
  return typeof message === 'object' && message !== null && 'listens' in message;
}
