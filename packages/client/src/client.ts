import { LeadsApiError, LeadsConnectionError } from './errors.ts';
import { ROUTES } from './routes.generated.ts';
import type { CallOptions, LeadsClient } from './types.ts';

/** Where the API is, and who calls it. */
export interface LeadsClientOptions {
  /** The address of the server or the mock, such as `https://leads.example.com`. */
  readonly baseUrl: string;
  /** The API key, `sk-workspace_…`. It is a secret: in a web page it is null, and the page's own server adds it. */
  readonly apiKey: string | null;
}

/**
 * Makes a client of the API.
 *
 * Each operation returns the envelope's `data`; it throws a {@link LeadsApiError} where the API refuses, and a
 * {@link LeadsConnectionError} where no answer of the API came.
 * @throws {TypeError} where `baseUrl` is not an http(s) address, `apiKey` is empty, or, on a call, an id is empty.
 */
export function createLeadsClient({ baseUrl, apiKey }: LeadsClientOptions): LeadsClient {
  if (!/^https?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl))
    throw new TypeError('baseUrl must be an address such as https://leads.example.com');
  if (!apiKey && apiKey !== null) throw new TypeError('apiKey must not be empty');
  const base = baseUrl.replace(/\/+$/, '');
  const client: Record<string, Record<string, unknown>> = {};
  for (const [id, [method, path, input]] of Object.entries(ROUTES)) {
    const [resource, name] = id.split('.') as [string, string];
    (client[resource] ??= {})[name] = (...args: unknown[]) => {
      const url = base + fillPath(path, args);
      const payload = input === null ? undefined : args.shift();
      return send({
        method,
        url,
        input,
        payload,
        headers: { ...(apiKey !== null && { Authorization: `Bearer ${apiKey}` }), ...headersOf(args[0] as CallOptions) },
      });
    };
  }
  return client as unknown as LeadsClient;
}

/** Puts the leading arguments into the path, and takes them off the list. */
function fillPath(path: string, args: unknown[]): string {
  return path.replace(/:(\w+)/g, (_, name: string) => {
    const id = args.shift();
    // URLs resolve "." and ".." even when they are encoded, and an empty segment is another path.
    if (typeof id !== 'string' || id === '' || id === '.' || id === '..')
      throw new TypeError(`${name} must be an id, and is ${JSON.stringify(id)}`);
    return encodeURIComponent(id);
  });
}

function headersOf({ ifMatch, confirmationToken, idempotencyKey }: CallOptions = {}): Record<string, string> {
  return {
    ...(ifMatch !== undefined && { 'If-Match': ifMatch }),
    ...(confirmationToken !== undefined && { 'X-Confirmation-Token': confirmationToken }),
    ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
  };
}

/** The media types of an export, which is handed on as it comes. */
const STREAMED = /^(application\/x-ndjson|text\/csv)/;

interface Call {
  readonly method: string;
  readonly url: string;
  /** What `payload` is: a body of this media type, a query, or nothing. */
  readonly input: string | null;
  readonly payload: unknown;
  readonly headers: Record<string, string>;
}

async function send({ method, url, input, payload, headers }: Call): Promise<unknown> {
  const isBody = input !== null && input !== 'query';
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(input === 'query' ? url + queryString(payload) : url, {
      method,
      headers: { ...headers, ...(isBody && { 'Content-Type': input }) },
      ...(isBody && { body: typeof payload === 'string' ? payload : JSON.stringify(payload ?? {}) }),
    });
    if (response.ok && STREAMED.test(response.headers.get('Content-Type') ?? '')) return response.body;
    body = await response.json();
  } catch (cause) {
    throw new LeadsConnectionError(`No answer of the Leads API from ${new URL(url).origin}`, { cause });
  }
  if (isEnvelope(body)) {
    if (body.success) return body.data;
    const { error, code, details } = body;
    throw new LeadsApiError(error, { status: response.status, code, details, requestId: response.headers.get('X-Request-Id') });
  }
  throw new LeadsConnectionError(`The answer from ${new URL(url).origin} (status ${response.status}) is not one of the Leads API`);
}

function queryString(query: unknown): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  return given.length > 0 ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : '';
}

type Envelope = { success: true; data: unknown } | { success: false; error: string; code: string; details?: unknown };

function isEnvelope(body: unknown): body is Envelope {
  return typeof body === 'object' && body !== null && 'success' in body;
}
