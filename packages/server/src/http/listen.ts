import { createServer, IncomingMessage, type RequestListener, type Server, type ServerOptions, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { ERRORS, errorBody } from '@leads/contract';
import type { Express } from 'express';
import type { NewId } from '../ids.ts';
import { StartError } from '../start-error.ts';

/** How long the headers of a request may take to arrive, in milliseconds. */
const HEADERS_TIMEOUT_MS = 10_000;
/** How long a whole request may take to arrive, in milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How long a connection without a request stays open, in milliseconds: longer than a load balancer's usual minute. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** How long a connection may stand still while a request is under way, in milliseconds: nothing comes, and nothing is taken. */
const STALLED_TIMEOUT_MS = 60_000;
/** How often slow connections are looked for, in milliseconds; Node's 30 seconds would be added to the timeouts. */
const TIMEOUT_CHECK_EVERY_MS = 2_000;
/** How often a server that stops looks for connections that became idle, in milliseconds. */
const SWEEP_EVERY_MS = 50;

/** The server cannot have its address or its port. */
class CannotListenError extends StartError {
  override readonly name = 'CannotListenError';

  constructor(host: string, port: number, cause: NodeJS.ErrnoException) {
    const addresses = 'Set HOST to an address of this machine, or to 0.0.0.0 for all of them.';
    const reasons: Readonly<Record<string, string>> = {
      EADDRINUSE: `Port ${port} is in use. Stop the other server, or set PORT to another port.`,
      EACCES: `This user may not listen on port ${port}. Set PORT to one above 1023.`,
      EADDRNOTAVAIL: `${host} is no address of this machine. ${addresses}`,
    };
    super(reasons[cause.code!] ?? `The server cannot listen on ${host}: ${cause.message}. ${addresses}`, { cause });
  }
}

/** A server that listens. */
export interface ListeningServer {
  /** Where it listens, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Takes no more requests, waits for those under way but no longer than `graceMs`, then closes what is left. */
  stop(graceMs: number): Promise<void>;
}

/** An HTTP server that answers in the envelope what Node itself refuses before `handle` sees it: not HTTP, headers too large, too slow. */
export function createHttpServer(options: ServerOptions, handle: RequestListener, newId: NewId): Server {
  // Node would refuse a request without `Host` with an empty body.
  const server = createServer({ ...options, requireHostHeader: false }, (req, res) => {
    if (req.headers.host === undefined && req.httpVersion === '1.1') refuseConnection({}, req.socket, newId);
    else handle(req, res);
  });
  // Node would answer an expectation other than `100-continue` with an empty 417, and a tunnel not at all.
  server.on('checkExpectation', handle);
  server.on('connect', (_req, socket) => refuseConnection({}, socket, newId));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => refuseConnection(error, socket, newId));
  return server;
}

/**
 * Serves an application over HTTP.
 * @throws {CannotListenError} where it cannot have the address or the port.
 */
export async function listen(app: Express, host: string, port: number, newId: NewId): Promise<ListeningServer> {
  const server = createHttpServer(
    {
      IncomingMessage: bornWith(IncomingMessage, app.request),
      ServerResponse: bornWith(ServerResponse, app.response),
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_EVERY_MS,
    },
    app,
    newId,
  );
  // Who asks and then takes nothing would keep the answer in memory for ever.
  server.setTimeout(STALLED_TIMEOUT_MS);
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: Error) => reject(new CannotListenError(host, port, error));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { url: `http://${name}:${address.port}`, stop: (graceMs) => stop(server, graceMs) };
}

/**
 * Express gives every request and response its own prototype. Where they are born with it, that costs nothing; changing
 * the prototype of a live object costs V8 its optimisations.
 */
function bornWith<Class>(base: Class, prototype: object): Class {
  function Born(...args: unknown[]) {
    return Reflect.construct(base as new () => object, args, Born);
  }
  Born.prototype = prototype;
  return Born as Class;
}

function refuseConnection(error: { readonly code?: string | undefined }, socket: Duplex, newId: NewId): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const code =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 'HEADERS_TOO_LARGE'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'REQUEST_TIMEOUT'
        : 'BAD_REQUEST';
  const { status, message } = ERRORS[code];
  const body = JSON.stringify(errorBody(code, undefined));
  socket.end(
    [
      `HTTP/1.1 ${status} ${message}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${newId('req')}`,
      'X-Content-Type-Options: nosniff',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

async function stop(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection that is kept alive would take further requests; after the one under way it is closed.
  // Ahead of the application, which may answer at once.
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  // What was under way is answered without that header: its connections are closed once they are idle.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_EVERY_MS);
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(timer);
}
