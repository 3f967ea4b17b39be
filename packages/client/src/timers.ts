import { LeadsAbortedError } from './errors.ts';

/** The longest that a timer of the platform waits: a longer one goes off at once. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Calls back after a time of any length, also after none that ends; returns what stops it. */
export function after(ms: number, callback: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const wait = (left: number) => {
    timer = setTimeout(() => (left > TIMER_MAX_MS ? wait(left - TIMER_MAX_MS) : callback()), Math.min(left, TIMER_MAX_MS));
  };
  wait(ms);
  return () => clearTimeout(timer);
}

/** Waits; @throws {LeadsAbortedError} as soon as `signal` says so. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      stop();
      reject(aborted(signal!));
    };
    const stop = after(ms, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

/** What a call throws that its caller ended. */
export function aborted(signal: AbortSignal): LeadsAbortedError {
  return new LeadsAbortedError('The call was aborted', { cause: signal.reason });
}
