import { SlidingWindow, WINDOW_SECONDS } from './sliding-window.ts';

/** What the rate limit says of one request. */
export interface RateLimitState {
  readonly allowed: boolean;
  readonly limit: number;
  readonly used: number;
  /** When the oldest counted request expires, in Unix seconds. */
  readonly resetAt: number;
}

/** Requests of a key in one second. */
export interface RequestCount {
  readonly keyId: string;
  /** Unix seconds. */
  readonly second: number;
  readonly count: number;
}

/** Reads what other instances counted of a key in the last hour, in the order of its seconds. */
export type ReadHistory = (keyId: string) => Promise<readonly RequestCount[]>;

/**
 * Counts the requests of each key in a sliding hour, in memory; `share-counts.ts` exchanges the counts between instances.
 * It holds the keys that were used here in the last hour, and no others.
 */
export class RateLimiter {
  /** How many requests a key may make in an hour; Infinity: as many as it likes, which are counted all the same. */
  readonly limit: number;
  readonly #now: () => Date;
  readonly #windows = new Map<string, SlidingWindow>();
  readonly #reads = new Map<string, Promise<void>>();
  #readHistory: ReadHistory | undefined;
  /** What was counted here since it was last taken. */
  #fresh = new Map<string, Map<number, number>>();

  constructor(limit: number, now: () => Date) {
    this.limit = limit;
    this.#now = now;
  }

  /** From now on a key that is not known here is asked for, at its first request. */
  learnFrom(readHistory: ReadHistory): void {
    this.#readHistory = readHistory;
  }

  /** Whether a key was used here in the last hour. */
  knows(keyId: string): boolean {
    return this.#windows.has(keyId);
  }

  /** The time, in Unix seconds. */
  now(): number {
    return Math.floor(this.#now().getTime() / 1000);
  }

  /** Counts a request, unless the key has used up its hour: refused requests are not counted. At once where the key is known. */
  take(keyId: string): RateLimitState | Promise<RateLimitState> {
    if (!this.#readHistory || this.limit === Infinity || this.knows(keyId)) return this.#take(keyId);
    return this.#learn(keyId, this.#readHistory).then(() => this.#take(keyId));
  }

  /** Adds what other instances counted. */
  add(counts: Iterable<RequestCount>): void {
    for (const { keyId, second, count } of counts) this.#window(keyId).add(second, count);
  }

  /** Hands out what was counted here since the last call, and forgets the windows of keys that are no longer used. */
  takeFresh(): RequestCount[] {
    const fresh = this.#fresh;
    this.#fresh = new Map();
    const now = this.now();
    for (const [keyId, window] of this.#windows) if (window.used(now) === 0) this.#windows.delete(keyId);
    return [...fresh].flatMap(([keyId, seconds]) => [...seconds].map(([second, count]) => ({ keyId, second, count })));
  }

  /** Takes counts back that could not be handed on, for as long as they count. */
  returnFresh(counts: readonly RequestCount[]): void {
    const start = this.now() - WINDOW_SECONDS;
    for (const { keyId, second, count } of counts) if (second > start) this.#countFresh(keyId, second, count);
  }

  #take(keyId: string): RateLimitState {
    const now = this.now();
    const window = this.#window(keyId);
    const allowed = window.used(now) < this.limit;
    if (allowed) {
      window.add(now, 1);
      this.#countFresh(keyId, now, 1);
    }
    return { allowed, limit: this.limit, used: window.used(now), resetAt: window.resetAt(now) };
  }

  #learn(keyId: string, readHistory: ReadHistory): Promise<void> {
    let reading = this.#reads.get(keyId);
    if (!reading) {
      reading = readHistory(keyId)
        .then((counts) => this.add(counts))
        .finally(() => this.#reads.delete(keyId));
      this.#reads.set(keyId, reading);
    }
    return reading;
  }

  #countFresh(keyId: string, second: number, count: number): void {
    let seconds = this.#fresh.get(keyId);
    if (!seconds) this.#fresh.set(keyId, (seconds = new Map()));
    seconds.set(second, (seconds.get(second) ?? 0) + count);
  }

  #window(keyId: string): SlidingWindow {
    let window = this.#windows.get(keyId);
    if (!window) this.#windows.set(keyId, (window = new SlidingWindow()));
    return window;
  }
}
