import { LeadsApiError, LeadsConnectionError } from './errors.ts';
import { ROUTES } from './routes.generated.ts';
import type { LeadsClient } from './types.ts';

/** Where the API is, and who calls it. */
export interface LeadsClientOptions {
  /** The address of the server or the mock, such as `https://leads.example.com`. */
  readonly baseUrl: string;
  /** The API key, `sk-workspace_…`. It is a secret: keep it out of web pages. */
  readonly apiKey: string;
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
  if (!apiKey) throw new TypeError('apiKey must not be empty');
  const base = baseUrl.replace(/\/+$/, '');
  const client: Record<string, Record<string, unknown>> = {};
  for (const [id, [method, path]] of Object.entries(ROUTES)) {
    const [resource, name] = id.split('.') as [string, string];
    (client[resource] ??= {})[name] = (...args: unknown[]) => send(method, base + fillPath(path, args), apiKey, args[0]);
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

async function send(method: string, url: string, apiKey: string, payload: unknown): Promise<unknown> {
  const hasBody = method === 'POST' || method === 'PUT';
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(hasBody ? url : url + queryString(payload), {
      method,
      headers: { Authorization: `Bearer ${apiKey}`, ...(hasBody && { 'Content-Type': 'application/json' }) },
      ...(hasBody && { body: JSON.stringify(payload) }),
    });
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
