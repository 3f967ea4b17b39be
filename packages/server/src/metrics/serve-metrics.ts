import { createServer } from 'node:http';
import { prometheusContentType } from '@prometheus-io/client';
import { bind } from '../http/bind.ts';
import { leaveStalled } from '../http/leave-stalled.ts';

/** Serves metrics at `/metrics`, on an address and a port of their own. */
export async function serveMetrics(
  text: () => Promise<string>,
  host: string,
  port: number,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer((req, res) => {
    if (req.url?.split('?')[0] !== '/metrics') return void res.writeHead(404).end('There is only /metrics.\n');
    text().then(
      (body) => res.writeHead(200, { 'Content-Type': prometheusContentType, 'Cache-Control': 'no-store' }).end(body),
      () => res.writeHead(503).end('The metrics cannot be read at the moment.\n'),
    );
  });
  leaveStalled(server);
  const url = await bind(server, host, port, 'METRICS_PORT');
  return {
    url: `${url}/metrics`,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
