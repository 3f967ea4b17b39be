import { setImmediate } from 'node:timers/promises';

/** How long work may go on before others get their turn, in milliseconds. */
const TURN_MS = 20;

/** What long work calls again and again: it lets others have their turn as often as is needed. */
export type Breathe = () => Promise<void> | void;

/** Makes one. */
export function breather(): Breathe {
  let since = performance.now();
  return () => {
    if (performance.now() - since < TURN_MS) return;
    return setImmediate().then(() => {
      since = performance.now();
    });
  };
}
