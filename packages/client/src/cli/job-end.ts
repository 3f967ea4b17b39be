import type { Job } from '../api.generated.ts';
import { LeadsApiError } from '../errors.ts';
import type { Context } from './command.ts';
import { tallyOf } from './outcomes.ts';
import { counted } from './text.ts';
import { sayUndo } from './undo.ts';

/**
 * Ends a job after Ctrl-C, and says what it did, how that is undone and how to go on; also where it was done before. Where the
 * connection is gone, the job goes on by itself; where the key is, the server stops it.
 */
export async function stopJob(context: Context, { id }: Job, error: unknown, past: string, file: string | undefined): Promise<void> {
  const { io, say, client, command } = context;
  if (!io.interruption.signal.aborted) {
    if (error instanceof LeadsApiError && error.status === 401)
      say(`The job ${id} stops, as its key may do nothing any more. With another key, see what it did: leads jobs watch ${id}`);
    else say(`The job ${id} goes on by itself on the server (${(error as Error).message}). See how far it is: leads jobs watch ${id}`);
    return;
  }
  say(`Stopping the job ${id} …`);
  try {
    const cancelled = await client().jobs.cancel(id).catch(wasDone);
    const job = cancelled ?? (await client().jobs.get(id));
    if (cancelled) {
      const untouched = counted(job.total - job.done, 'lead');
      say(`Stopped: ${counted(job.succeeded, 'lead')} done, ${job.skipped + job.failed} skipped or failed, ${untouched} untouched.`);
      say(`To go on, run the same leads ${command.name} again: it takes the leads that are left. What was done: leads jobs get ${id}`);
    } else {
      say('It was done before:');
      tallyOf(job).report(context, past);
    }
    await sayUndo(context, job, file);
  } catch (failure) {
    say(`The job ${id} could not be stopped (${(failure as Error).message}), and goes on. Try: leads jobs cancel ${id}`);
  }
}

function wasDone(error: unknown): null {
  if (error instanceof LeadsApiError && error.code === 'JOB_FINISHED') return null;
  throw error;
}
