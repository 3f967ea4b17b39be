import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { errorBody, IMPLEMENTED_OPERATIONS, REQUEST_ID_PATTERN } from '@leads/contract';
import { createHttpServer, EXPOSED_HEADERS } from '@leads/server/http';
import { type Answer, answerRequest, documentedCodes, errorAnswer, refusalAnswer } from './answer-request.ts';
import { control, CONTROL_PATH } from './control.ts';
import { type Fault, Faults } from './faults.ts';
import type { LoggedRequest, Mock, MockOptions } from './mock.ts';
import { asksForExample } from './preference.ts';
import type { DocumentedOperation } from './documented-operation.ts';
import { Refusal } from './refusal.ts';
import { Routes } from './routes.ts';
import { SCENARIOS } from './scenarios.ts';
import { contentOf, SEED_DEFAULT_LEADS, type Seed } from './seed.ts';
import { sourceOf } from './source-of.ts';
import type { Stateful } from './stateful.ts';

const LOGGED_REQUESTS = 1_000;
/** What the core can answer; the rest of a document has its examples. */
const IMPLEMENTED = new Set<string>(IMPLEMENTED_OPERATIONS.map(({ id }) => id));

/**
 * Starts a server that answers every operation of the document, and refuses what the API refuses, in the envelope: as the
 * server would, on a database in memory, or with examples or generated data. It listens once it is ready. Rejects when it cannot
 * listen, with the error of `node:net`, and with `Refusal` for a seed that is none.
 */
export async function startMock({
  port = 0,
  host = '127.0.0.1',
  document,
  mode = 'stateful',
  seed: firstSeed = SEED_DEFAULT_LEADS,
  faults: firstFaults = [],
}: MockOptions = {}): Promise<Mock> {
  const read = async (wanted: object | undefined) => {
    const source = await sourceOf(wanted, mode, () => String(seed));
    return { source, routes: new Routes(source.operations) };
  };
  let seed: Seed = firstSeed;
  const firstContent = contentOf(seed);
  let { source, routes } = await read(document);
  const faults = new Faults(() => source.operations.map(idOf));
  const setFaults = (wanted: readonly Fault[]) => {
    faults.clear();
    for (const fault of wanted) faults.add(fault);
  };
  setFaults(firstFaults);
  let clockOffsetMs = 0;
  const now = () => new Date(Date.now() + clockOffsetMs);
  const log: LoggedRequest[] = [];

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url!.split('?', 1)[0]!;
    try {
      if (request.method === 'OPTIONS') preflight(request, response);
      else if (path === CONTROL_PATH || path.startsWith(`${CONTROL_PATH}/`)) await answerControl(request, response, path);
      else await answer(request, response, path);
    } catch (error) {
      // Nobody is left to answer when the request broke off; anything else is a fault to be seen.
      if (response.destroyed) return;
      console.error(error);
      const requestId = ownHeaders(request, response);
      write(response, { status: 500, headers: {}, body: errorBody('INTERNAL_ERROR', { requestId }) });
    }
  };
  const server = createHttpServer({}, (request, response) => void handle(request, response), newRequestId);
  // Ready before it listens: what comes first must find the state, too.
  let state = mode === 'stateful' ? await startState(firstContent, now) : undefined;
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    await state?.stop();
    throw error;
  }

  async function answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const start = performance.now();
    const operation = routes.lookUp(request.method!, path);
    const strike = operation ? faults.next(idOf(operation), documentedCodes(operation)) : { waitMs: 0 };
    const fromState = state && !asksForExample(request.headers.prefer?.toString()) && (!operation || IMPLEMENTED.has(idOf(operation)));
    const broken = strike.error !== undefined || strike.connection !== undefined;
    response.once('close', () => {
      log.push({
        at: now().toISOString(),
        method: request.method!,
        path,
        operation: operation ? idOf(operation) : null,
        status: response.writableFinished ? response.statusCode : null,
        answeredBy: broken ? 'fault' : fromState ? 'state' : 'document',
        milliseconds: Math.round(performance.now() - start),
      });
      if (log.length > LOGGED_REQUESTS) log.shift();
    });
    if (strike.waitMs > 0) await waitFor(response, strike.waitMs);
    if (strike.connection) return breakOff(request, response, strike.connection);
    if (!broken && fromState) return state!.answer(request, response);
    ownHeaders(request, response);
    write(
      response,
      strike.error === undefined
        ? await answerRequest(source, routes, request, mode === 'generated')
        : errorAnswer(strike.error, operation, now()),
    );
  }

  async function answerControl(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    ownHeaders(request, response);
    try {
      const data = await control(mock, request, path);
      write(response, { status: 200, headers: {}, body: { success: true, data } });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      write(response, refusalAnswer(error, undefined));
    }
  }

  const mock: Mock = {
    url: urlOf(server.address() as AddressInfo),
    async reset(wanted = seed) {
      const content = contentOf(wanted);
      await state?.reset(content);
      seed = wanted;
      setFaults(firstFaults);
      clockOffsetMs = 0;
      log.length = 0;
    },
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    async scenario(name) {
      const { faults: wanted, seed: content = firstSeed } = SCENARIOS[name] as { faults: readonly Fault[]; seed?: Seed };
      await mock.reset(content);
      setFaults(wanted);
    },
    async snapshot(name) {
      await stateful(state).save(name);
    },
    async restore(name) {
      if (!(await stateful(state).load(name))) throw noSnapshot(name);
    },
    async reload(wanted) {
      ({ source, routes } = await read(wanted));
    },
    setClock(time) {
      clockOffsetMs = time ? time.getTime() - Date.now() : 0;
    },
    state: async () => ({ mode, now: now().toISOString(), faults: faults.all, rows: (await state?.counts()) ?? {} }),
    requests: () => [...log],
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await state?.stop();
      state = undefined;
    },
  };
  return mock;
}

/** The server's core is loaded for the mode that needs it: it takes half of the memory of a mock without state. */
async function startState(...[content, now]: Parameters<typeof Stateful.start>): Promise<Stateful> {
  const module = await import('./stateful.ts');
  return module.Stateful.start(content, now);
}

/** `leads.delete` and so on; the method and the path where a document gives it no name. */
function idOf({ iid, method, path }: DocumentedOperation): string {
  return iid ?? `${method} ${path}`;
}

function stateful(state: Stateful | undefined): Stateful {
  if (state) return state;
  throw new Refusal('VALIDATION_ERROR', {
    issues: [{ location: 'path', message: 'Only a mock in the mode stateful has anything to keep', code: 'no_state' }],
  });
}

function noSnapshot(name: string): Refusal {
  return new Refusal('VALIDATION_ERROR', {
    issues: [{ location: 'path', message: `There is no snapshot ${JSON.stringify(name)}`, code: 'invalid_value' }],
  });
}

/** Waits, but no longer than there is somebody to answer: a mock that is closed must not keep its process running. */
async function waitFor(response: ServerResponse, milliseconds: number): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  await wait(milliseconds, undefined, { signal: gone.signal });
}

/** Ends the connection: without a word, or in the middle of an answer. */
function breakOff(request: IncomingMessage, response: ServerResponse, how: 'drop' | 'cut'): void {
  if (how === 'drop') return void request.socket.destroy();
  ownHeaders(request, response);
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': 1_000 });
  response.write('{"success":true,"data":{', () => request.socket.destroy());
}

function newRequestId(): string {
  return `req_${randomUUID().replaceAll('-', '')}`;
}

/** Sets the headers that the core would set; answers the id of the request. */
function ownHeaders(request: IncomingMessage, response: ServerResponse): string {
  const sent = request.headers['x-request-id'];
  const requestId = typeof sent === 'string' && REQUEST_ID_PATTERN.test(sent) ? sent : newRequestId();
  response.setHeader('X-Request-Id', requestId);
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Expose-Headers', EXPOSED_HEADERS.join(','));
  return requestId;
}

function preflight(request: IncomingMessage, response: ServerResponse): void {
  ownHeaders(request, response);
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
