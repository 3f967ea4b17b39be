import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { OperationId } from '@leads/contract';
import { type Answer, exchange, operationOf } from '../../src/index.ts';

// A defect reaches into any body, of a request and of an answer.
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;

/** A request on its way to the server; what is changed in it is what the server gets. */
export interface Sent {
  /** Of the operation; undefined where it is none. */
  readonly id: OperationId | undefined;
  readonly method: string;
  path: string;
  readonly query: URLSearchParams;
  readonly headers: Record<string, string>;
  /** The `authorization` of a key with every scope, for a server that takes anybody for its owner. */
  readonly owner: string;
  json: Json;
}

/** An answer on its way back; what is changed in it is what the caller gets. */
export interface Received {
  status: number;
  readonly headers: Record<string, string>;
  readonly trailers: Record<string, string>;
  /** The body as JSON; undefined where it is text. */
  body: Json;
  text: string;
}

/** One way of doing it wrong. */
export interface Defect {
  readonly what: string;
  /** The check that must catch it. */
  readonly caughtBy: string;
  readonly changes: readonly Change[];
}

interface Change {
  readonly request?: (sent: Sent, memory: Map<string, Json>) => void;
  readonly answer?: (received: Received, sent: Sent, memory: Map<string, Json>) => void;
}

/** The name of an operation, or of several. */
type Which = OperationId | RegExp;

/** Any request, also of none of the operations. */
export const ANY = /^/;

export function defect(what: string, caughtBy: string, ...changes: Change[]): Defect {
  return { what, caughtBy, changes };
}

/** Changes what reaches the server. `memory` is empty when the server starts. */
export function sent(which: Which, change: (sent: Sent, memory: Map<string, Json>) => void): Change {
  return { request: (request, memory) => isOf(which, request) && change(request, memory) };
}

/** Changes the data of a success. */
export function told(which: Which, change: (data: Json, sent: Sent, memory: Map<string, Json>) => void): Change {
  return answered(which, ({ body }, request, memory) => body?.success && change(body.data, request, memory));
}

/** Changes what comes back. */
export function answered(which: Which, change: (received: Received, sent: Sent, memory: Map<string, Json>) => void): Change {
  return { answer: (received, request, memory) => isOf(which, request) && change(received, request, memory) };
}

/** A parameter of the query that the server never gets. */
export function ignored(which: Which, name: string, when: (value: string) => boolean = () => true): Change {
  return sent(which, ({ query }) => query.has(name) && when(query.get(name)!) && query.delete(name));
}

/** A header that the server never gets. */
export function unheard(which: Which, name: string): Change {
  return sent(which, ({ headers }) => delete headers[name]);
}

/** A field of the body that the server never gets. */
export function dropped(which: Which, name: string, when: (json: Json) => boolean = () => true): Change {
  return sent(which, ({ json }) => json && name in json && when(json) && delete json[name]);
}

function isOf(which: Which, { id }: Sent): boolean {
  return typeof which === 'string' ? id === which : which.test(id ?? '');
}

/** A server that does as the one at `url` does, but for a defect. */
export async function startBrokenServer(url: string, owner: string) {
  let changes: readonly Change[] = [];
  let memory = new Map<string, Json>();
  const server = createServer(async (incoming, outgoing) => {
    const [path = '', search = ''] = incoming.url!.split('?');
    const body = await buffer(incoming);
    const { 'content-length': _, ...headers } = incoming.headers as Record<string, string>;
    const { method = 'GET' } = incoming;
    const json = parsed(body);
    const request: Sent = {
      id: operationOf({ method, path })?.id as OperationId,
      method,
      path,
      query: new URLSearchParams(search),
      headers,
      owner,
      json,
    };
    const [asItWas, query] = [JSON.stringify(json), request.query.toString()];
    for (const change of changes) change.request?.(request, memory);
    const content = JSON.stringify(request.json) === asItWas ? body : Buffer.from(JSON.stringify(request.json));
    const asked = request.query.toString() === query ? search : request.query.toString();
    const right = await exchange(url, {
      method,
      path: asked ? `${request.path}?${asked}` : request.path,
      headers: { ...request.headers, ...(content.length > 0 && { 'content-length': String(content.length) }) },
      ...(content.length > 0 && { body: content }),
    });
    const { status, headers: answeredHeaders, trailers, text } = wrong(right, request);
    outgoing.writeHead(status, answeredHeaders).addTrailers(trailers);
    outgoing.end(text);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });

  function wrong(right: Answer, request: Sent): Received {
    const { 'content-length': _, 'transfer-encoding': __, ...headers } = right.headers as Record<string, string>;
    const trailers = { ...right.trailers } as Record<string, string>;
    const received: Received = { status: right.status, headers, trailers, body: right.body, text: right.text };
    const asItWas = JSON.stringify(right.body);
    for (const change of changes) change.answer?.(received, request, memory);
    if (JSON.stringify(received.body) !== asItWas) received.text = JSON.stringify(received.body);
    return received;
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Has this defect from now on, and no other. */
    become(next: Defect | undefined): void {
      changes = next?.changes ?? [];
      memory = new Map();
    },
    close(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}

function parsed(body: Buffer): Json {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
