import { type OperationId, type PlannedOperationId, REQUEST_ID_PATTERN } from '@leads/contract';
import { http, type HttpHandler, HttpResponse } from 'msw';
import { answerRequest, type IncomingRequest } from './answer-request.ts';
import { contractSource } from './contract-source.ts';
import { Routes } from './routes.ts';

/** Which requests are answered, and with what. */
export interface LeadsHandlersOptions {
  /** The address that the application calls, such as `https://leads.example.com`; any by default. */
  readonly baseUrl?: string;
  /** The example that an operation answers, by its name; those of errors have the name of their code. The first success by default. */
  readonly answers?: Readonly<Partial<Record<OperationId | PlannedOperationId, string>>>;
}

/**
 * Handlers for MSW, in a browser or in Node: every operation of the contract, with its examples and without a server. They
 * keep no state. A request that the API would refuse gets its error, with what `startMock()` without state answers;
 * `Prefer: code=…` and `Prefer: example=…` ask for any documented answer.
 */
export function leadsHandlers({ baseUrl = '*', answers = {} }: LeadsHandlersOptions = {}): HttpHandler[] {
  const source = contractSource();
  const routes = new Routes(source.operations);
  return [
    http.all(`${baseUrl.replace(/\/+$/, '')}/api/v1/*`, async ({ request }) => {
      const { pathname, search } = new URL(request.url);
      const wanted = answers[operationOf(request.method, pathname)];
      const { status, headers, body } = await answerRequest(source, routes, await incoming(request, pathname + search, wanted), false);
      const sent = request.headers.get('X-Request-Id');
      const requestId = sent !== null && REQUEST_ID_PATTERN.test(sent) ? sent : `req_${crypto.randomUUID().replaceAll('-', '')}`;
      const mediaType = headers['Content-Type'] ?? 'application/json';
      return new HttpResponse(mediaType === 'application/json' ? JSON.stringify(body) : String(body), {
        status,
        headers: { ...(headers as Record<string, string>), 'Content-Type': `${mediaType}; charset=utf-8`, 'X-Request-Id': requestId },
      });
    }),
  ];

  function operationOf(method: string, path: string): OperationId {
    return routes.lookUp(method, path)?.iid as OperationId;
  }
}

/** A request of `fetch` in the shape of one of `node:http`. */
async function incoming(request: Request, url: string, example: string | undefined): Promise<IncomingRequest> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  return {
    method: request.method,
    url,
    headers: {
      ...(example !== undefined && { prefer: `example=${example}` }),
      ...Object.fromEntries(request.headers),
      'content-length': String(bytes.length),
    },
    async *[Symbol.asyncIterator]() {
      yield bytes;
    },
  };
}
