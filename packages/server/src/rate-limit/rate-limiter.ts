import { SlidingWindow } from './sliding-window.ts';

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

/** Counts the requests of each key in a sliding hour, in memory; `share-counts.ts` exchanges the counts between instances. */
export class RateLimiter {
  /** How many requests a key may make in an hour; Infinity: as many as it likes, which are counted all the same. */
  readonly limit: number;
  readonly #now: () => Date;
  readonly #windows = new Map<string, SlidingWindow>();
  /** What was counted here since it was last taken. */
  #fresh = new Map<string, Map<number, number>>();

  constructor(limit: number, now: () => Date) {
    this.limit = limit;
    this.#now = now;
  }

  /** Counts a request, unless the key has used up its hour: refused requests are not counted. */
  take(keyId: string): RateLimitState {
    const now = Math.floor(this.#now().getTime() / 1000);
    const window = this.#window(keyId);
    const allowed = window.used(now) < this.limit;
    if (allowed) {
      window.add(now, 1);
      let seconds = this.#fresh.get(keyId);
      if (!seconds) this.#fresh.set(keyId, (seconds = new Map()));
      seconds.set(now, (seconds.get(now) ?? 0) + 1);
    }
    return { allowed, limit: this.limit, used: window.used(now), resetAt: window.resetAt(now) };
  }

  /** Adds what other instances counted. */
  add(counts: Iterable<RequestCount>): void {
    for (const { keyId, second, count } of counts) this.#window(keyId).add(second, count);
  }

  /** Hands out what was counted here since the last call, and forgets the windows of keys that are no longer used. */
  takeFresh(): RequestCount[] {
    const fresh = this.#fresh;
    this.#fresh = new Map();
    const now = Math.floor(this.#now().getTime() / 1000);
    for (const [keyId, window] of this.#windows) if (window.used(now) === 0) this.#windows.delete(keyId);
    return [...fresh].flatMap(([keyId, seconds]) => [...seconds].map(([second, count]) => ({ keyId, second, count })));
  }

  /** Takes counts back that could not be handed on. */
  returnFresh(counts: readonly RequestCount[]): void {
    for (const { keyId, second, count } of counts) {
      let seconds = this.#fresh.get(keyId);
      if (!seconds) this.#fresh.set(keyId, (seconds = new Map()));
      seconds.set(second, (seconds.get(second) ?? 0) + count);
    }
  }

  #window(keyId: string): SlidingWindow {
    let window = this.#windows.get(keyId);
    if (!window) this.#windows.set(keyId, (window = new SlidingWindow()));
    return window;
  }
}
