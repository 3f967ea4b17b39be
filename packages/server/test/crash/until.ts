import { setTimeout as pause } from 'node:timers/promises';

/** How often a condition is looked at, in milliseconds. */
const EVERY_MS = 10;

/**
 * Waits until `condition` gives something else than undefined or false, and returns that.
 * @throws when that takes longer than `limitMs`, with what was waited for, and with what `condition` throws.
 */
export async function until<Value>(
  what: string,
  condition: () => Promise<Value | undefined | false> | Value | undefined | false,
  limitMs = 300_000,
): Promise<Value> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`Not within ${limitMs} ms: ${what}`);
    await pause(EVERY_MS);
  }
}
