/**
 * Runs `work` again and again, `everyMs` after it last ended; a failure is told and does not end it.
 * @returns stops it, and waits for a run under way.
 */
export function repeat(work: () => Promise<void>, everyMs: number, onFailure: (error: unknown) => void): () => Promise<void> {
  let running = Promise.resolve();
  let stopped = false;
  let timer: NodeJS.Timeout;
  const schedule = () => {
    timer = setTimeout(() => {
      running = work()
        .catch(onFailure)
        .then(() => {
          if (!stopped) schedule();
        });
    }, everyMs);
    // The work alone must not keep the process alive.
    timer.unref();
  };
  schedule();
  return () => {
    stopped = true;
    clearTimeout(timer);
    return running;
  };
}
