import type { Server, ServerResponse } from 'node:http';

/** How long a connection may stand still while a request is under way, in milliseconds: nothing comes, and nothing is taken. */
const STALLED_TIMEOUT_MS = 60_000;

/**
 * Makes a server close connections that stand still: who asks and then takes nothing would keep the answer in memory for ever.
 * Where an answer is still being made, there is nothing to take yet, and the connection stays.
 */
export function leaveStalled(server: Server): void {
  server.setTimeout(STALLED_TIMEOUT_MS);
  // Ahead of the application, which may answer at once.
  server.prependListener('request', (_request, response: ServerResponse) => response.on('timeout', onTimeout));
}

/** Node closes the connection itself where nobody listens. */
function onTimeout(this: ServerResponse): void {
  const isWaitedFor = this.req.complete && this.writableLength === 0;
  if (!isWaitedFor) this.destroy();
}
