import type { ErrorCode } from '../api.generated.ts';
import { LeadsApiError, LeadsError } from '../errors.ts';
import { sleep } from '../timers.ts';
import type { ApiPromise, CallOptions, RateLimit } from '../types.ts';

/** The leads of an operation on many, in the order in which they are taken; read as they are needed. */
export type LeadIds = readonly string[] | AsyncIterable<string>;

/** Why a lead was left as it is. */
export interface FailedLead {
  readonly leadId: string;
  /** A text for people. */
  readonly error: string;
  readonly code: ErrorCode;
}

/** What came of each lead. */
export interface ManyResult {
  readonly success: string[];
  readonly failed: FailedLead[];
}

/** How far an operation on many leads is. */
export interface Progress {
  readonly done: number;
  /** How many there are; null where the ids are still being read. */
  readonly total: number | null;
  readonly failed: number;
}

/** How an operation on many leads goes about it. */
export interface ManyOptions extends CallOptions {
  /** How many requests are on their way at once: 4 when left out. */
  readonly concurrency?: number;
  readonly onProgress?: (progress: Progress) => void;
  /** Called where nothing is left of the rate limit, with the moment until which it waits. */
  readonly onWait?: (until: Date) => void;
}

/**
 * An operation on many leads came to its end early, because a request failed for a reason that is not one lead's: `cause` says which.
 * `result` has the outcome of each lead that is known; the others are as they were, but for those of requests that were under way.
 */
export class LeadsInterruptedError extends LeadsError {
  override readonly name = 'LeadsInterruptedError';
  readonly result: ManyResult;

  constructor(result: ManyResult, cause: unknown) {
    super(`Interrupted after ${result.success.length + result.failed.length} leads: ${(cause as Error).message}`, { cause });
    this.result = result;
  }
}

const CONCURRENCY = 4;

/** Does `work` for groups of `size` ids, some at once, and collects what it says came of each. */
export async function eachGroup(
  ids: LeadIds,
  size: number,
  options: ManyOptions,
  work: (group: string[]) => Promise<ManyResult>,
): Promise<ManyResult> {
  if (!((options.concurrency ?? CONCURRENCY) >= 1)) throw new TypeError('concurrency must be at least 1');
  const result: ManyResult = { success: [], failed: [] };
  const listed = Array.isArray(ids) ? [...new Set<string>(ids)] : null;
  listed?.forEach(requireId);
  const total = listed && listed.length;
  try {
    await forEachGroup(listed ?? ids, size, options, async (group) => {
      const { success, failed } = await work(group);
      result.success.push(...success);
      result.failed.push(...failed);
      options.onProgress?.({ done: result.success.length + result.failed.length, total, failed: result.failed.length });
    });
  } catch (error) {
    throw new LeadsInterruptedError(result, error);
  }
  return result;
}

/** Does `work` for groups of `size` ids, some at once, and holds no more of them than that. The first failure ends it, once what is under way is done. */
export async function forEachGroup(
  ids: LeadIds,
  size: number,
  { concurrency = CONCURRENCY }: ManyOptions,
  work: (group: string[]) => Promise<void>,
): Promise<void> {
  const groups = groupsOf(ids, size);
  let failure: { readonly cause: unknown } | undefined;
  const run = async () => {
    while (!failure) {
      try {
        const { value, done } = await groups.next();
        if (done) return;
        await work(value);
      } catch (cause) {
        failure ??= { cause };
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, run));
  if (failure) throw failure.cause;
}

async function* groupsOf(ids: LeadIds, size: number): AsyncGenerator<string[], undefined> {
  const group = new Set<string>();
  for await (const id of ids) {
    requireId(id);
    group.add(id);
    if (group.size < size) continue;
    yield [...group];
    group.clear();
  }
  if (group.size > 0) yield [...group];
}

function requireId(id: unknown): void {
  if (typeof id !== 'string' || id === '') throw new TypeError(`A lead id must be a text, and is ${JSON.stringify(id)}`);
}

/** The outcome of one lead: a refusal that is about it is its own, any other failure is everybody's. */
export async function outcomeOf(leadId: string, work: Promise<unknown>): Promise<ManyResult> {
  try {
    await work;
    return { success: [leadId], failed: [] };
  } catch (error) {
    if (!(error instanceof LeadsApiError) || ![400, 404, 409, 412].includes(error.status)) throw error;
    return { success: [], failed: [{ leadId, error: error.message, code: error.code }] };
  }
}

/** Many requests in a row outlast what a single one should not wait for. */
const PATIENCE: CallOptions = { maxRetries: 8, maxRetryAfterMs: Infinity };

/** Sends a request of many. */
export type PacedSend = ReturnType<typeof paced>;

/** Sends request after request at the pace that the API allows: where nothing is left of the rate limit, the next waits until it is reset. */
export function paced({ signal, timeoutMs, maxRetries, maxRetryAfterMs, headers, onWait }: ManyOptions) {
  const given = Object.entries({ signal, timeoutMs, maxRetries, maxRetryAfterMs, headers }).filter(([, value]) => value !== undefined);
  const call: CallOptions = { ...PATIENCE, ...Object.fromEntries(given) };
  let rateLimit: RateLimit | null = null;
  return async <Data>(request: (call: CallOptions) => ApiPromise<Data>): Promise<Data> => {
    if (rateLimit && rateLimit.remaining <= 0 && rateLimit.resetsAt.getTime() > Date.now()) {
      onWait?.(rateLimit.resetsAt);
      await sleep(rateLimit.resetsAt.getTime() - Date.now(), signal);
    }
    const response = await request(call).withResponse();
    rateLimit = response.rateLimit;
    return response.data;
  };
}
