import type { Job } from '../api.generated.ts';
import { LeadsApiError } from '../errors.ts';
import type { Context } from './command.ts';
import { counted } from './text.ts';

/** Ends a job after Ctrl-C, and says what it did and how to go on; where the connection is gone, the job goes on by itself. */
export async function stopJob({ io, say, client, command }: Context, { id }: Job, error: unknown): Promise<void> {
  const watch = `See how far it is: leads jobs watch ${id}`;
  if (!io.interruption.signal.aborted) {
    say(`The job ${id} goes on by itself on the server (${(error as Error).message}). ${watch}`);
    return;
  }
  say(`Stopping the job ${id} …`);
  try {
    const job = await client().jobs.cancel(id);
    const untouched = counted(job.total - job.done, 'lead');
    say(`Stopped: ${counted(job.succeeded, 'lead')} done, ${job.skipped + job.failed} skipped or failed, ${untouched} untouched.`);
    say(`To go on, run the same leads ${command.name} again: it takes the leads that are left. What was done: leads jobs get ${id}`);
  } catch (failure) {
    if (failure instanceof LeadsApiError && failure.code === 'JOB_FINISHED') say(`The job ${id} was done before. ${watch}`);
    else say(`The job ${id} could not be stopped (${(failure as Error).message}), and goes on. Try: leads jobs cancel ${id}`);
  }
}
