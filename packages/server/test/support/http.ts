import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

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
  /** The body as JSON; undefined where it is none. */
  // A test reads any field of any answer; that the body has the contract's shape is checked before a test sees it.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** Sends one request and reads the whole answer. */
export function exchange(url: string, { method, path, headers = {}, body }: RawRequest, agent?: Agent): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers, ...(agent && { agent }) }, (incoming) => {
      text(incoming).then(
        (received) => resolve({ status: incoming.statusCode!, headers: incoming.headers, text: received, body: parsed(received) }),
        reject,
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Writes bytes to a connection and returns all that comes back until the server closes it, or `until` is in it. */
export function exchangeBytes(url: string, bytes: string | Buffer, until?: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (until && received.includes(until)) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
