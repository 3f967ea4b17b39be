import { createServer, request as forwardTo, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';

/** What can become of a request on its way. */
export const FAULTS = ['503', '429', 'cut before', 'cut after', 'no answer', 'late'] as const;
export type Fault = (typeof FAULTS)[number];

/** How long a late request is on its way: longer than the caller waits, so that the next try is there before it. */
const LATE_MS = 500;

/** A server in front of another that does to each request what `faultOf` says. */
export async function chaosProxy(target: string, faultOf: () => Fault | undefined) {
  const struck: Record<Fault, number> = { '503': 0, '429': 0, 'cut before': 0, 'cut after': 0, 'no answer': 0, late: 0 };
  const { hostname, port } = new URL(target);
  const late = new Set<Promise<unknown>>();

  const forward = (req: IncomingMessage, body: Buffer) =>
    new Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }>((resolve, reject) => {
      const { method, url: path, headers } = req;
      const sent = forwardTo({ hostname, port, method, path, headers }, (res) => {
        buffer(res).then((answer) => resolve({ status: res.statusCode!, headers: res.headers, body: answer }), reject);
      });
      sent.on('error', reject).end(body);
    });
  const refuse = (res: ServerResponse, status: number, code: string) =>
    res
      .writeHead(status, { 'Content-Type': 'application/json', 'Retry-After': '0' })
      .end(JSON.stringify({ success: false, error: 'Chaos', code }));

  const server = createServer(async (req, res) => {
    const body = await buffer(req);
    const fault = faultOf();
    if (fault) struck[fault]++;
    if (fault === '503') return refuse(res, 503, 'SERVICE_UNAVAILABLE');
    if (fault === '429') return refuse(res, 429, 'RATE_LIMIT_EXCEEDED');
    if (fault === 'cut before') return res.destroy();
    if (fault === 'late') {
      const arriving = wait(LATE_MS).then(() => forward(req, body));
      late.add(arriving);
      await arriving;
      return;
    }
    const answer = await forward(req, body);
    if (fault === 'cut after') return res.destroy();
    if (fault === 'no answer') return;
    res.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    struck,
    /** Waits until everything that is late has arrived. */
    settled: () => Promise.all(late),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
