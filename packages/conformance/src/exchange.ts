import { type Agent, type IncomingHttpHeaders, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { buffer } from 'node:stream/consumers';

/** What is sent: the path goes out as it is written, and so do the headers. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

/** What comes back. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** What came as headers after the body. */
  readonly trailers: Readonly<Record<string, string | undefined>>;
  /** The body as JSON; undefined where it is none. */
  // A check reads any field of any answer; that the body has the contract's shape is checked before it is read.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

const TIMEOUT_MS = 120_000;

/** Sends one request and reads the whole answer. Rejects where there is none within two minutes. */
export function exchange(url: string, { method, path, headers = {}, body }: RawRequest, agent?: Agent): Promise<Answer> {
  const { protocol, hostname, port, pathname } = new URL(url);
  const request = protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { hostname, port, method, path: pathname.replace(/\/$/, '') + path, headers, ...(agent && { agent }) },
      (incoming) => {
        // Not as text: that would lose a byte order mark.
        buffer(incoming).then((bytes) => {
          const { statusCode, headers: answered, trailers } = incoming;
          const received = bytes.toString();
          resolve({ status: statusCode!, headers: answered, text: received, trailers, body: parsed(received) });
        }, reject);
      },
    );
    outgoing.setTimeout(TIMEOUT_MS, () => outgoing.destroy(new Error(`No answer to ${method} ${path} within ${TIMEOUT_MS / 1000} s`)));
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // A server may close a connection for being idle at the very moment when it is used again: it has not seen the request.
      if (outgoing.reusedSocket && error.code === 'ECONNRESET') resolve(exchange(url, { method, path, headers, ...(body && { body }) }));
      else reject(error);
    });
    outgoing.end(body);
  });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
