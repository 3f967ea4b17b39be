import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

/** A whole answer to a request. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever JSON the server sends
  readonly body: any;
  readonly ms: number;
}

/** A request and what came of it: a whole answer, or how the connection failed. */
export interface Exchange {
  readonly requestId: string;
  readonly answer?: Answer;
  readonly failure?: string;
}

/** A request that takes longer counts as hung, in milliseconds: longer than the server may take for any. */
const HUNG_AFTER_MS = 20_000;

/** With what `requests` counts behind it, a UUID. */
const ID_PREFIX = `${process.pid.toString(16).padStart(8, '0')}-0000-4000-8000-`;
let requests = 0;

/** Whether a request id is one of those that the connections here send. */
export function isOurs(requestId: unknown): boolean {
  return typeof requestId === 'string' && requestId.startsWith(ID_PREFIX);
}

/** One kept-alive connection: a request at a time, never sent twice. */
export class HttpConnection {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(url: string, apiKey?: string) {
    this.#url = url;
    this.#headers = apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` };
  }

  /**
   * Sends a request. `beforeBody` makes it wait with the body until the server has the headers (`100 Continue`) and the
   * promise is fulfilled.
   */
  send(method: string, path: string, body?: unknown, beforeBody?: () => Promise<void>): Promise<Exchange> {
    const requestId = ID_PREFIX + String(++requests).padStart(12, '0');
    const start = performance.now();
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const outgoing = request(`${this.#url}${path}`, {
        method,
        agent: this.#agent,
        headers: {
          ...this.#headers,
          'X-Request-Id': requestId,
          ...(payload !== undefined && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(payload) }),
          ...(beforeBody && { Expect: '100-continue' }),
        },
      });
      const fail = (error: NodeJS.ErrnoException) => resolve({ requestId, failure: error.code ?? error.message });
      outgoing.on('error', fail);
      outgoing.setTimeout(HUNG_AFTER_MS, () => outgoing.destroy(new Error('hung')));
      outgoing.on('response', (incoming) => {
        readAll(incoming).then((text) => {
          const { statusCode, headers } = incoming;
          resolve({ requestId, answer: { status: statusCode!, headers, body: JSON.parse(text), ms: performance.now() - start } });
        }, fail);
      });
      if (beforeBody) {
        outgoing.on('continue', () => void beforeBody().then(() => outgoing.end(payload), reject));
        outgoing.flushHeaders();
      } else {
        outgoing.end(payload);
      }
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** The text of an answer. @throws when the connection ends before the answer does. */
async function readAll(incoming: IncomingMessage): Promise<string> {
  let text = '';
  incoming.setEncoding('utf8');
  for await (const chunk of incoming) text += chunk;
  return text;
}
