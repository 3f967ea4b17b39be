import { createServer, IncomingMessage, type RequestListener, type Server, type ServerOptions, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ErrorCode, ERRORS, errorBody } from '@leads/contract';
import type { Express } from 'express';
import type { NewId } from '../ids.ts';
import { bind } from './bind.ts';
import { leaveStalled } from './leave-stalled.ts';

/** How long the headers of a request may take to arrive, in milliseconds. */
const HEADERS_TIMEOUT_MS = 10_000;
/** How long a whole request may take to arrive, in milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How long a connection without a request stays open, in milliseconds: longer than a load balancer's usual minute. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** How often slow connections are looked for, in milliseconds; Node's 30 seconds would be added to the timeouts. */
const TIMEOUT_CHECK_EVERY_MS = 2_000;
/** How often a server that stops looks for connections that became idle, in milliseconds. */
const SWEEP_EVERY_MS = 50;

/** A server that listens. */
export interface ListeningServer {
  /** Where it listens, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /**
   * Takes no more connections, and waits until those that are open have been given an answer that closes them, but no longer than
   * `limitMs`.
   */
  drain(limitMs: number): Promise<void>;
  /** Takes no more requests, waits for those under way but no longer than `graceMs`, then closes what is left. */
  stop(graceMs: number): Promise<void>;
}

/** Is told of what Node refused, before the application saw a request. */
type OnRefused = (status: number, code: ErrorCode) => void;

/** An HTTP server that answers in the envelope what Node itself refuses before `handle` sees it: not HTTP, headers too large, too slow. */
export function createHttpServer(options: ServerOptions, handle: RequestListener, newId: NewId, onRefused: OnRefused = () => {}): Server {
  const refuse = (error: { readonly code?: string | undefined }, socket: Duplex) => refuseConnection(error, socket, newId, onRefused);
  // Node would refuse a request without `Host` with an empty body.
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS, ...options, requireHostHeader: false }, (req, res) => {
    if (req.headers.host === undefined && req.httpVersion === '1.1') refuse({}, req.socket);
    else handle(req, res);
  });
  // Node would answer an expectation other than `100-continue` with an empty 417, and a tunnel not at all.
  server.on('checkExpectation', handle);
  server.on('connect', (_req, socket) => refuse({}, socket));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => refuse(error, socket));
  return server;
}

/**
 * Serves an application over HTTP.
 * @throws {CannotListenError} where it cannot have the address or the port.
 */
export async function listen(app: Express, host: string, port: number, newId: NewId, onRefused?: OnRefused): Promise<ListeningServer> {
  const server = createHttpServer(
    {
      IncomingMessage: bornWith(IncomingMessage, app.request),
      ServerResponse: bornWith(ServerResponse, app.response),
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_EVERY_MS,
    },
    app,
    newId,
    onRefused,
  );
  leaveStalled(server);
  const url = await bind(server, host, port, 'PORT');
  return { url, drain: (limitMs) => drain(server, limitMs), stop: (graceMs) => stop(server, graceMs) };
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

function refuseConnection(error: { readonly code?: string | undefined }, socket: Duplex, newId: NewId, onRefused: OnRefused): void {
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
  onRefused(status, code);
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

async function drain(server: Server, limitMs: number): Promise<void> {
  closeAfterAnswer(server);
  // Past the server's own `close`, which cuts idle connections: the next request may be on its way on one.
  const drained = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([drained, overdue]);
  clearTimeout(timer);
}

/** A connection that is kept alive would take further requests; after the next answer it is closed. */
function closeAfterAnswer(server: Server): void {
  // Ahead of the application, which may answer at once.
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
}

async function stop(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  closeAfterAnswer(server);
  // What was under way is answered without that header: its connections are closed once they are idle.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_EVERY_MS);
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(timer);
}
