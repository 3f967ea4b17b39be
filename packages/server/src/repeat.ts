/**
 * Runs `work` again and again, `everyMs` after it last ended; a failure is told and does not end it.
 * @returns stops it: gives the signal to a run under way, and waits for it.
 */
export function repeat(
  work: (signal: AbortSignal) => Promise<void>,
  everyMs: number,
  onFailure: (error: unknown) => void,
): () => Promise<void> {
  let running = Promise.resolve();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout;
  const schedule = () => {
    timer = setTimeout(() => {
      running = work(stopping.signal)
        .catch(onFailure)
        .then(() => {
          if (!stopping.signal.aborted) schedule();
        });
    }, everyMs);
    // The work alone must not keep the process alive.
    timer.unref();
  };
  schedule();
  return () => {
    stopping.abort();
    clearTimeout(timer);
    return running;
  };
}
