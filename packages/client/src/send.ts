import { API_PATH } from './constants.generated.ts';
import { LeadsApiError, LeadsConnectionError, LeadsTimeoutError } from './errors.ts';
import { wholeExport } from './export-end.ts';
import { redact } from './redact.ts';
import { aborted, after, sleep } from './timers.ts';
import type { ApiResponse, CallOptions, HeaderFields, LeadsClientOptions, RateLimit, RequestOptions, TryInfo } from './types.ts';

const RETRIES = 2;
const TIMEOUT_MS = 60_000;
const RETRY_AFTER_MAX_MS = 60_000;
const BACKOFF_FIRST_MS = 500;
const BACKOFF_MAX_MS = 8_000;

/** The media types of an export, which is handed on as it comes. */
const STREAMED = /^(application\/x-ndjson|text\/csv)/;

/** One call. */
interface Call {
  readonly operation: string;
  readonly method: string;
  /** The path with the names of its parameters. */
  readonly path: string;
  /** The path with their values. */
  readonly target: string;
  readonly options: RequestOptions & { readonly ifMatch?: string; readonly confirmationToken?: string; readonly mediaType?: string };
}

/** An answer, with headers that are read only where somebody asks for what they say: most calls want the data alone. */
export type Answer<Data = unknown> = Pick<ApiResponse<Data>, 'data' | 'status' | 'headers'>;

/** Sends a call, and again where it failed for a passing reason and is safe to repeat. */
export type Send = (call: Call) => Promise<Answer>;

/** Makes the function that sends the calls of a client. @throws {TypeError} where a number of its options or a header cannot be. */
export function sender(client: LeadsClientOptions): Send {
  const base = client.baseUrl.replace(/\/+$/, '').replace(new RegExp(`${API_PATH}$`), '');
  const { origin } = new URL(base);
  const { logger, hooks } = client;
  requireNumbers(client);
  headersOf(client.headers);

  return async ({ operation, method, path, target, options }) => {
    const { query, body, signal, maxRetries = client.maxRetries ?? RETRIES, timeoutMs = client.timeoutMs ?? TIMEOUT_MS } = options;
    const { maxRetryAfterMs = client.maxRetryAfterMs ?? RETRY_AFTER_MAX_MS } = options;
    requireNumbers(options);
    const url = base + target + queryString(query);
    const headers = headersOf(
      {
        ...(client.apiKey !== null && { Authorization: `Bearer ${client.apiKey}` }),
        ...(body !== undefined && { 'Content-Type': options.mediaType ?? 'application/json' }),
        // Made once for all tries: it is what makes a change safe to repeat.
        ...(method !== 'GET' && { 'Idempotency-Key': options.idempotencyKey ?? randomKey() }),
        ...(options.ifMatch !== undefined && { 'If-Match': options.ifMatch }),
        ...(options.confirmationToken !== undefined && { 'X-Confirmation-Token': options.confirmationToken }),
      },
      client.headers,
      options.headers,
    );
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);

    // Waiting as long as the rate limit asks is no failure, for a caller who has the time.
    let retriesLeft = maxRetries;
    for (let attempt = 0; ; attempt++) {
      const info = { operation, method, path, attempt };
      logger?.debug('request', { ...info, query: redact(query), body: redact(body) });
      try {
        const own = hooks?.beforeRequest?.(info);
        const init = { method, headers: own ? headersOf(headers, own) : headers, body: text ?? null };
        return await tryOnce(info, url, init, timeoutMs, signal);
      } catch (error) {
        const delayMs = delayBefore(error, attempt, maxRetryAfterMs);
        const { code, status } = error as { code?: string; status?: number };
        if (delayMs === undefined || (!(status === 429 && maxRetryAfterMs === Infinity) && retriesLeft-- <= 0)) throw error;
        logger?.warn('retry', { ...info, delayMs, reason: code ?? status ?? (error as Error).name });
        hooks?.onRetry?.({ ...info, delayMs, error: error as Error });
        await sleep(delayMs, signal);
      }
    }
  };

  async function tryOnce(info: TryInfo, url: string, init: RequestInit, timeoutMs: number, signal?: AbortSignal): Promise<Answer> {
    const start = performance.now();
    const timeout = new AbortController();
    const stop = after(timeoutMs, () => timeout.abort());
    let response: Response | undefined;
    let answer: unknown;
    try {
      const send = client.fetch ?? fetch;
      init.signal = signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal;
      response = await send(url, init);
      const type = response.headers.get('Content-Type') ?? '';
      answer = response.ok && STREAMED.test(type) ? handedOn(response.body!, type) : await response.json();
    } catch (cause) {
      if (signal?.aborted) throw aborted(signal);
      if (timeout.signal.aborted) throw new LeadsTimeoutError(`No answer from ${origin} within ${timeoutMs} ms`, { cause });
      // What cannot be parsed did come, but is no answer of the API.
      if (!(cause instanceof SyntaxError)) throw new LeadsConnectionError(`No answer of the Leads API from ${origin}`, { cause });
    } finally {
      stop();
      if (logger ?? hooks?.afterResponse) tell(info, start, response);
    }
    const { status, headers } = response!;
    if (answer instanceof ReadableStream) return { data: answer, status, headers };
    if (!isEnvelope(answer))
      throw new LeadsConnectionError(`The answer from ${origin} (status ${status}) is not one of the Leads API`, { status, headers });
    if (answer.success) return { data: answer.data, status, headers };
    const { error, code, details } = answer;
    throw new LeadsApiError(error + issuesIn(details), { status, code, details, requestId: requestIdOf(headers), headers });
  }

  function tell(info: TryInfo, start: number, response: Response | undefined): void {
    const [status, requestId] = response ? [response.status, requestIdOf(response.headers)] : [null, null];
    const result = { ...info, status, durationMs: performance.now() - start, requestId };
    logger?.debug('response', result);
    hooks?.afterResponse?.(result);
  }
}

/** An export as it comes; one of records says at its end whether it is whole. */
function handedOn(body: ReadableStream<Uint8Array>, type: string): ReadableStream<Uint8Array> {
  return type.startsWith('text/csv') ? body : body.pipeThrough(wholeExport());
}

/** An answer with what its headers say. */
export function responseOf<Data>({ data, status, headers }: Answer<Data>): ApiResponse<Data> {
  return { data, status, headers, requestId: requestIdOf(headers), rateLimit: rateLimitOf(headers) };
}

function requestIdOf(headers: Headers): string | null {
  return headers.get('X-Request-Id');
}

/** How long to wait before the next try, in milliseconds; undefined where another try would be of no use, or no use so soon. */
function delayBefore(error: unknown, attempt: number, maxRetryAfterMs: number): number | undefined {
  const { status, code, headers } = error as { status?: number | null; code?: string; headers?: Headers };
  const passing =
    error instanceof LeadsApiError || (error instanceof LeadsConnectionError && status)
      ? // The first try is still running: it will have its answer.
        status === 408 || status === 429 || status! >= 500 || code === 'IDEMPOTENCY_KEY_IN_USE'
      : error instanceof LeadsConnectionError;
  if (!passing) return undefined;
  const askedMs = retryAfterMs(headers?.get('Retry-After'));
  if (askedMs > maxRetryAfterMs) return undefined;
  // Anywhere up to the limit, so that many callers do not come back at once.
  return Math.max(askedMs, Math.random() * Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** attempt));
}

/** A number of seconds, or a date. */
function retryAfterMs(value: string | null | undefined): number {
  if (!value) return 0;
  return Math.max(0, /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now() || 0);
}

function rateLimitOf(headers: Headers): RateLimit | null {
  const [limit, remaining, used, reset] = ['Limit', 'Remaining', 'Used', 'Reset'].map((name) => headers.get(`X-RateLimit-${name}`));
  return limit ? { limit: +limit, remaining: +remaining!, used: +used!, resetsAt: new Date(+reset! * 1000) } : null;
}

/** What is wrong with a request, as a text for people. */
function issuesIn(details: unknown): string {
  const { issues } = (details ?? {}) as { issues?: { location: string; message: string }[] };
  return issues ? `: ${issues.map(({ location, message }) => `${location}: ${message}`).join('; ')}` : '';
}

/**
 * The headers of all of them; of one name the last counts, however it is written. The platform quotes a value that it cannot send, such
 * as a key with a line break: here nothing is told but the name.
 */
function headersOf(...all: readonly (HeaderFields | undefined)[]): Headers {
  const headers = new Headers();
  for (const fields of all)
    for (const [name, value] of fields instanceof Headers ? fields : Object.entries(fields ?? {}))
      try {
        headers.set(name, value);
      } catch {
        throw new TypeError(`The header ${name} has characters that cannot be sent`);
      }
  return headers;
}

const NUMBERS = ['maxRetries', 'timeoutMs', 'maxRetryAfterMs'] as const;

function requireNumbers(options: Pick<CallOptions, (typeof NUMBERS)[number]>): void {
  for (const name of NUMBERS) {
    const value = options[name];
    // Not true of NaN either.
    if (value !== undefined && !(value >= 0)) throw new TypeError(`${name} must be a number of at least 0, and is ${String(value)}`);
  }
}

function queryString(query: object = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return text && `?${text}`;
}

/** A page without TLS has no `randomUUID`. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
}

type Envelope = { success: true; data: unknown } | { success: false; error: string; code: string; details?: unknown };

function isEnvelope(answer: unknown): answer is Envelope {
  return typeof answer === 'object' && answer !== null && 'success' in answer;
}
