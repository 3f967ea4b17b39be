import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What the server does with one request. */
export type Step = (res: ServerResponse, req: IncomingMessage) => void;

/** A request as it came. */
interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** Answers as the API does. */
export const answer =
  (data: unknown, headers: Record<string, string> = {}): Step =>
  (res) =>
    res
      .writeHead(200, { 'Content-Type': 'application/json', 'X-Request-Id': 'req_1', ...headers })
      .end(JSON.stringify({ success: true, data }));

/** Refuses as the API does. */
export const refuse =
  (status: number, code: string, headers: Record<string, string> = {}, details?: object): Step =>
  (res) =>
    res
      .writeHead(status, { 'Content-Type': 'application/json', 'X-Request-Id': 'req_1', ...headers })
      .end(JSON.stringify({ success: false, error: 'Refused', code, details }));

/** Breaks the connection. */
export const cut: Step = (res) => void res.destroy();

/** Never answers; the connection ends with its client or with the server. */
export const hang: Step = () => {};

/** A server that does with each request what is next on the list, and then what is last on it again and again. */
export async function scriptedServer() {
  let steps: Step[] = [];
  const requests: Seen[] = [];
  const server = createServer(async (req, res) => {
    // Where the client breaks off, there is nobody to answer.
    const body = await text(req).catch(() => undefined);
    if (body === undefined) return;
    requests.push({ method: req.method!, url: req.url!, headers: req.headers, body });
    const step = steps.length > 1 ? steps.shift()! : steps[0]!;
    step(res, req);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    play: (...next: Step[]) => {
      steps = next;
      requests.length = 0;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
