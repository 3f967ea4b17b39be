import type { Operations } from './api.generated.ts';
import type { LeadsHelpers } from './leads/helpers.ts';

/** Headers by name; upper and lower case are the same. */
export type HeaderFields = Headers | Readonly<Record<string, string>>;

/** What every call takes. */
export interface CallOptions {
  /** Ends the call, also while it waits for its next try: it throws a `LeadsAbortedError`. */
  readonly signal?: AbortSignal;
  /** How long one try may take, in milliseconds; of an export, until it begins. `Infinity`: as long as it likes. The client's when left out. */
  readonly timeoutMs?: number;
  /** How often a call that failed for a passing reason is tried again; 0: never. The client's when left out. */
  readonly maxRetries?: number;
  /** The longest `Retry-After` that is waited for, in milliseconds: asked to wait longer, the call throws at once. The client's when left out. */
  readonly maxRetryAfterMs?: number;
  /** Headers of this call, besides those of the client, and instead of those of the same names. */
  readonly headers?: HeaderFields;
}

/** What a call that changes something takes. */
export interface WriteOptions extends CallOptions {
  /**
   * A value of your own for this one change: repeated with it within 24 hours, the call changes nothing again and returns the same.
   * The client makes one for every call and keeps it across its tries; give your own to make it last longer, such as over a restart.
   */
  readonly idempotencyKey?: string;
}

/** What a call that changes one lead takes. */
export interface GuardedWriteOptions extends WriteOptions {
  /** The `etag` that you have seen: refused with `PRECONDITION_FAILED` where the lead is another version by now. */
  readonly ifMatch?: string;
}

/** What a deletion takes. */
export interface ConfirmedWriteOptions extends GuardedWriteOptions {
  /** The token of a deletion preview: refused with `CONFIRMATION_STALE` where anything that it showed has changed. */
  readonly confirmationToken?: string;
}

/** Where the API key stands in the rate limit. */
export interface RateLimit {
  /** How many requests the key may make in any 60 minutes. */
  readonly limit: number;
  readonly remaining: number;
  readonly used: number;
  /** When the oldest counted request expires. */
  readonly resetsAt: Date;
}

/** The answer to a call, with its `data`. */
export interface ApiResponse<Data> {
  readonly data: Data;
  readonly status: number;
  readonly headers: Headers;
  /** The id of the request; quote it when you report a problem. */
  readonly requestId: string | null;
  /** Null where the server counts no requests. */
  readonly rateLimit: RateLimit | null;
}

/** The `data` of an answer, or the whole of it. */
export interface ApiPromise<Data> extends Promise<Data> {
  /** The data with the status, the headers, the request id and where the key stands in the rate limit. */
  withResponse(): Promise<ApiResponse<Data>>;
}

/**
 * A list. Awaited, it is one page. Walked with `for await`, it is every item, page after page, each once, also while items come
 * and go. Nothing is sent before one of the two.
 */
export interface PagePromise<Page, Item> extends ApiPromise<Page>, AsyncIterable<Item> {
  /** Page after page. */
  pages(): AsyncIterable<Page>;
  /** Every item, but not more than `max`. */
  toArray(options: { readonly max: number }): Promise<Item[]>;
}

/** What a raw call takes. */
export interface RequestOptions extends WriteOptions {
  readonly query?: Readonly<Record<string, unknown>>;
  /** Sent as JSON; text is sent as it is, with the `Content-Type` of `headers`. */
  readonly body?: unknown;
}

/** The Leads API. Each operation returns the `data` of the envelope. */
export interface LeadsClient extends Omit<Operations, 'leads'> {
  readonly leads: Operations['leads'] & LeadsHelpers;
  /**
   * Calls any path of the API, such as one of a later version, with everything that a call has: key, retries, timeout, errors.
   * @param path such as `/api/v1/leads`.
   */
  request<Data = unknown>(method: string, path: string, options?: RequestOptions): ApiPromise<Data>;
}

/** One try of a call, without anything secret or personal. */
export interface TryInfo {
  /** The operation, such as `leads.delete`; of a raw call, `request`. */
  readonly operation: string;
  readonly method: string;
  /** The path with the names of its parameters, such as `/api/v1/leads/:leadId`. */
  readonly path: string;
  /** 0 for the first try. */
  readonly attempt: number;
}

/** How a try ended. */
export interface TryResult extends TryInfo {
  readonly durationMs: number;
  /** Null where no answer came. */
  readonly status: number | null;
  readonly requestId: string | null;
}

/** Why and when a call is tried again. */
export interface RetryInfo extends TryInfo {
  readonly delayMs: number;
  readonly error: Error;
}

/** Called on the way of every call. What they throw, the call throws. */
export interface Hooks {
  /** Before each try. What it returns is sent as headers, such as those of a trace. */
  readonly beforeRequest?: (info: TryInfo) => HeaderFields | void;
  readonly afterResponse?: (result: TryResult) => void;
  readonly onRetry?: (info: RetryInfo) => void;
}

/**
 * Takes what the client has to say, such as `console`. What is sent is told at the level `debug`, but for fields that the contract
 * marks as personal, for text, and for keys and tokens: those are `[redacted]`.
 */
export interface Logger {
  debug(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** Where the API is, who calls it, and how. */
export interface LeadsClientOptions {
  /** The address of the server or the mock, such as `https://leads.example.com`, with or without `/api/v1`. */
  readonly baseUrl: string;
  /** The API key, `sk-workspace_…`. It is a secret: in a web page it is null, and the page's own server adds it. */
  readonly apiKey: string | null;
  /** How often a call that failed for a passing reason is tried again: 2 when left out. */
  readonly maxRetries?: number;
  /** How long one try may take, in milliseconds: 60,000 when left out; `Infinity`: as long as it likes. */
  readonly timeoutMs?: number;
  /** The longest `Retry-After` that is waited for, in milliseconds: 60,000 when left out. */
  readonly maxRetryAfterMs?: number;
  /** Headers of every call. */
  readonly headers?: HeaderFields;
  /** Sends the requests; the global `fetch` when left out. */
  readonly fetch?: typeof fetch;
  readonly logger?: Logger;
  readonly hooks?: Hooks;
  /** Takes a secret key in a browser, where everyone who opens the page can read it. */
  readonly dangerouslyAllowBrowser?: boolean;
}
