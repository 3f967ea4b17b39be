import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorBody, generateOpenApi, RESPONSE_HEADERS } from '@leads/contract';
import { type Answer, answerRequest } from './answer-request.ts';
import { createPrism } from './prism.ts';
import { Routes } from './routes.ts';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** Where a mock listens, and what it answers from. */
export interface MockOptions {
  /** The port; 0, the default, takes any that is free. */
  readonly port?: number;
  /** The address to listen on; 127.0.0.1 by default, so that only this machine reaches it. */
  readonly host?: string;
  /** The OpenAPI document; that of the contract by default. */
  readonly document?: object;
}

/** A mock that listens. */
export interface Mock {
  /** Its address, without a slash at the end. */
  readonly url: string;
  /** Ends every connection and frees the port. Calling it again does nothing. */
  close(): Promise<void>;
}

/**
 * Starts a server that answers every operation of the document with its examples, and refuses what the API refuses,
 * in the envelope. It keeps no state. Rejects when it cannot listen, with the error of `node:net`.
 */
export async function startMock({ port = 0, host = '127.0.0.1', document = generateOpenApi() }: MockOptions = {}): Promise<Mock> {
  const prism = await createPrism(document);
  const routes = new Routes(prism.operations);

  const server = createServer(async (request, response) => {
    const requestId = requestIdOf(request);
    response.setHeader('X-Request-Id', requestId);
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', Object.keys(RESPONSE_HEADERS).join(', '));
    if (request.method === 'OPTIONS') return preflight(request, response);
    try {
      write(response, await answerRequest(prism, routes, request));
    } catch (error) {
      // Nobody is left to answer when the request broke off; anything else is a fault to be seen.
      if (response.destroyed) return;
      console.error(error);
      write(response, { status: 500, headers: {}, body: errorBody('INTERNAL_ERROR', { requestId }) });
    }
  });
  server.listen(port, host);
  await once(server, 'listening');

  return {
    url: urlOf(server.address() as AddressInfo),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function requestIdOf(request: IncomingMessage): string {
  const sent = request.headers['x-request-id'];
  return typeof sent === 'string' && REQUEST_ID.test(sent) ? sent : `req_${randomUUID().replaceAll('-', '')}`;
}

function preflight(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, PATCH, DELETE');
  response.setHeader('Access-Control-Allow-Headers', request.headers['access-control-request-headers'] ?? '*');
  response.statusCode = 204;
  response.end();
}

function write(response: ServerResponse, { status, headers, body }: Answer): void {
  for (const [name, value] of Object.entries(headers)) {
    // The document's example of it is not the id of this request.
    if (name !== 'X-Request-Id') response.setHeader(name, value);
  }
  const mediaType = String(response.getHeader('Content-Type') ?? 'application/json');
  response.setHeader('Content-Type', `${mediaType}; charset=utf-8`);
  response.statusCode = status;
  response.end(mediaType === 'application/json' ? JSON.stringify(body) : body);
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
