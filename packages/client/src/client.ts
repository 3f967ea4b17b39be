import { ROUTES } from './api.generated.ts';
import { keyProblem } from './key.ts';
import { leadsHelpers } from './leads/helpers.ts';
import { apiPromise, pagePromise } from './promises.ts';
import { type Answer, sender } from './send.ts';
import type { ApiPromise, LeadsClient, LeadsClientOptions, RequestOptions } from './types.ts';

/**
 * Makes a client of the API.
 *
 * Each operation returns the envelope's `data`; it throws a `LeadsApiError` where the API refuses, a `LeadsConnectionError` where no
 * answer of the API came, a `LeadsTimeoutError` where none came in time, and a `LeadsAbortedError` where the caller ended it.
 * A call that fails for a passing reason (the connection, 408, 429, 500 and above) is tried again: a change carries an
 * `Idempotency-Key`, so it is never made twice.
 * @throws {TypeError} where `baseUrl` is not an http(s) address alone, `apiKey` has not the form of a key or would be shown to everyone
 * who opens a web page, a number is negative, a header cannot be sent, or, on a call, an id is empty. It never quotes a secret.
 */
export function createLeadsClient(options: LeadsClientOptions): LeadsClient {
  const { baseUrl, apiKey, dangerouslyAllowBrowser } = options;
  requireAddress(baseUrl);
  const problem = apiKey === null ? null : keyProblem(apiKey);
  if (problem !== null) throw new TypeError(`apiKey is no API key: ${problem}`);
  if (apiKey !== null && !dangerouslyAllowBrowser && 'document' in globalThis)
    throw new TypeError(
      'In a web page everyone could read the apiKey: pass null and let a server of yours add it, or set dangerouslyAllowBrowser',
    );
  const send = sender(options);
  const client: Record<string, unknown> = {
    request: (method: string, path: string, request: RequestOptions = {}) =>
      apiPromise(send({ operation: 'request', method: method.toUpperCase(), path, target: path, options: request })),
  };
  for (const [operation, [method, path, input]] of Object.entries(ROUTES)) {
    const [resource, name] = operation.split('.') as [string, string];
    const operations = (client[resource] ??= {}) as Record<string, unknown>;
    // Every second part is the name of a parameter.
    const parts = path.split(/:(\w+)/);
    const isBody = input?.includes('/');
    operations[name] = (...args: unknown[]): ApiPromise<unknown> => {
      const target = fillPath(parts, args);
      const payload = input === null ? undefined : args.shift();
      const given = args[0] as RequestOptions | undefined;
      if (input === 'pages')
        return pagePromise(
          (query) => send({ operation, method, path, target, options: { ...given, query } }) as Promise<Answer<never>>,
          payload as Record<string, unknown> | undefined,
        );
      return apiPromise(
        send({
          operation,
          method,
          path,
          target,
          options: isBody ? { ...given, body: payload ?? {}, mediaType: input! } : { ...given, query: payload as Record<string, unknown> },
        }),
      );
    };
  }
  const made = client as unknown as LeadsClient;
  Object.assign(made.leads, leadsHelpers(made));
  return made;
}

function requireAddress(baseUrl: string): void {
  const url = /^https?:\/\//i.test(baseUrl) && URL.canParse(baseUrl) && new URL(baseUrl);
  if (url && !url.username && !url.password && !url.search && !url.hash) return;
  throw new TypeError('baseUrl must be an address such as https://leads.example.com, and no more');
}

/** Puts the leading arguments into the path, and takes them off the list. */
function fillPath(parts: readonly string[], args: unknown[]): string {
  let path = parts[0]!;
  for (let at = 1; at < parts.length; at += 2) {
    const id = args.shift();
    // URLs resolve "." and ".." even when they are encoded, and an empty segment is another path.
    if (typeof id !== 'string' || id === '' || id === '.' || id === '..')
      throw new TypeError(`${parts[at]} must be an id, and is ${JSON.stringify(id)}`);
    path += encodeURIComponent(id) + parts[at + 1];
  }
  return path;
}
