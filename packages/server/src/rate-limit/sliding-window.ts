/** How long a request counts, in seconds: an hour. */
export const WINDOW_SECONDS = 3_600;

/** The requests of one key in the last hour, counted by the second, from this instance and from others. */
export class SlidingWindow {
  /** Second → how many requests expire with it, in ascending order. */
  #seconds = new Map<number, number>();
  #latest = 0;
  #total = 0;

  /** How many requests count at `now` (Unix seconds). */
  used(now: number): number {
    this.#expire(now);
    return this.#total;
  }

  /** Counts `count` more requests in `second`. */
  add(second: number, count: number): void {
    const isLate = second < this.#latest && !this.#seconds.has(second);
    this.#seconds.set(second, (this.#seconds.get(second) ?? 0) + count);
    this.#total += count;
    // Late news of another instance is put in its place, for the oldest must come first.
    if (isLate) this.#seconds = new Map([...this.#seconds].toSorted(([a], [b]) => a - b));
    this.#latest = Math.max(this.#latest, second);
  }

  /** When the oldest counted request expires, in Unix seconds; an hour from now where none counts. */
  resetAt(now: number): number {
    this.#expire(now);
    const oldest = this.#seconds.keys().next().value ?? now;
    return oldest + WINDOW_SECONDS;
  }

  #expire(now: number): void {
    if (this.#latest > now) this.#bringBack(now);
    for (const [second, count] of this.#seconds) {
      if (second + WINDOW_SECONDS > now) break;
      this.#seconds.delete(second);
      this.#total -= count;
    }
  }

  /** No request was made in the future: the clock was set back since, or that of another instance is ahead. */
  #bringBack(now: number): void {
    const seconds = [...this.#seconds];
    const future = seconds.filter(([second]) => second >= now).reduce((sum, [, count]) => sum + count, 0);
    this.#seconds = new Map(seconds.filter(([second]) => second < now));
    if (future > 0) this.#seconds.set(now, future);
    this.#latest = now;
  }
}
