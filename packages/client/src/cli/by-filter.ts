import type { BulkFilter, BulkPlan, Job, JobStopReason } from '../api.generated.ts';
import { type BulkRequest, jobDone, outcomesOf, startByFilter } from '../leads/by-filter.ts';
import { LeadsConnectionError } from '../errors.ts';
import type { BackupFile } from './backup-file.ts';
import { TOKEN_LIFETIME_SECONDS } from '../constants.generated.ts';
import { columnsOf, LEADS, OUTCOMES } from './columns.ts';
import type { Context } from './command.ts';
import { CliError } from './errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { exportToFile } from './export.ts';
import { describeFilter } from './filters.ts';
import { stopJob } from './job-end.ts';
import { tallyOf, toOutcome } from './outcomes.ts';
import { confirm } from './prompt.ts';
import { backupsText, sayArchived, showPlan } from './show.ts';
import { count, counted } from './text.ts';
import { sayUndo } from './undo.ts';

/** What is done with the leads that a filter selects. */
export interface FilterAction {
  /** `delete`. */
  readonly verb: string;
  /** `Deleting`. */
  readonly doing: string;
  /** `deleted`. */
  readonly past: string;
  /** What it means for the leads, in the question. */
  readonly promise: string;
  readonly request: BulkRequest;
}

/** From as many leads on, a yes is not enough. */
const TYPE_NAME_ABOVE = 100;

/** Looks, asks, saves, and does it as a job of the API; where the set changed in between, nothing is done, and it begins again. */
export async function byFilter(context: Context, filter: BulkFilter, action: FilterAction): Promise<ExitCode> {
  const { options, output, say, progress } = context;
  const client = context.client();
  const send = context.send();
  const { signal } = context.io.interruption;
  if (options.flag('dry-run')) {
    const plan = (await send((call) => action.request({ filter, dryRun: true }, call))) as BulkPlan;
    if (output.format === 'human') showPlan(context, plan, action.verb, options.flag('force'));
    else if (output.format === 'csv') await output.items(LEADS, plan.sample);
    else {
      const { planToken: _, planExpiresAt: __, ...shown } = plan;
      await output.item(columnsOf(shown), shown);
    }
    sayArchived(context, plan, filter);
    say('Nothing was changed: this is a dry run.');
    return EXIT.ok;
  }
  let file: BackupFile | null = null;
  const decide = async (plan: BulkPlan, previous: BulkPlan | null) => {
    file?.remove();
    file = null;
    if (previous) say(`${changed(previous, plan)} Nothing was done yet.`);
    if (!options.flag('yes')) showPlan(context, plan, action.verb, options.flag('force'));
    sayArchived(context, plan, filter);
    try {
      if (!(await askFor(context, plan, filter, action))) return false;
      const folder = options.text('backup-dir');
      if (folder === undefined) return true;
      file = await exportToFile(context, client, filter, folder, plan.count);
      return file.lines === plan.count || 'again';
    } catch (error) {
      say('Nothing was changed.');
      throw error;
    }
  };
  let plan: BulkPlan;
  let started: Job | null;
  try {
    ({ plan, job: started } = await startByFilter(action.request, filter, decide, send, signal));
  } catch (error) {
    (file as BackupFile | null)?.remove();
    if (error instanceof LeadsConnectionError) say('If the job began all the same, leads jobs list shows it.');
    throw error;
  }
  if (plan.count === 0) {
    say(`There is no lead with ${describeFilter(filter)}.`);
    await output.items(OUTCOMES, []);
    return EXIT.ok;
  }
  if (!started) {
    say('Nothing was changed.');
    return EXIT.failure;
  }
  const saved = file as BackupFile | null;
  if (saved) say(`Saved ${counted(saved.lines, 'lead')} in ${saved.path}`);
  progress.start(action.doing, started.done);
  let job: Job;
  try {
    job = await jobDone(client, started, ({ done, total, failed }) => progress.update(done, total, failed), send, signal);
  } catch (error) {
    progress.clear();
    await stopJob(context, started, error, action.past, saved?.path);
    throw error;
  }
  progress.clear();
  return reportJob(context, job, action.past, saved?.path);
}

const STOPPED: Readonly<Record<JobStopReason, string>> = { key_revoked: 'its key was revoked', key_expired: 'its key expired' };

/** Writes what came of each lead of a job, in a terminal only what failed, and how it is undone; `file` has what was deleted. */
export async function reportJob(context: Context, job: Job, past: string, file?: string): Promise<ExitCode> {
  const { output, say } = context;
  const writer = output.writer(OUTCOMES);
  const wanted = output.format !== 'human' ? [{}] : ([{ outcome: 'failed' }, { outcome: 'skipped' }] as const);
  for (const query of wanted)
    for await (const page of outcomesOf(context.client(), job, query, context.send()))
      for (const outcome of page) await writer.item(toOutcome(outcome));
  await writer.end();
  await output.end();
  tallyOf(job).report(context, past);
  await sayUndo(context, job, file);
  if (job.status === 'completed') return job.failed + job.skipped > 0 ? EXIT.someFailed : EXIT.ok;
  say(`The job ${job.id} ended before its end (${job.status}): ${counted(job.total - job.done, 'lead')} untouched.`);
  const why = job.stopReason === null ? '' : `: ${STOPPED[job.stopReason]}`;
  throw new CliError(
    `The job ${job.id} ${job.status === 'failed' ? 'failed' : `was ${job.status}`}${why}.`,
    'Run the same command again for the rest.',
  );
}

async function askFor(context: Context, plan: BulkPlan, filter: BulkFilter, { verb, promise }: FilterAction): Promise<boolean> {
  const { options, say } = context;
  const backup = verb === 'delete' || options.text('backup-dir') !== undefined ? ` Backup: ${backupsText(options)}.` : '';
  if (!options.flag('yes')) say(promise + backup);
  const phrase = plan.count > TYPE_NAME_ABOVE ? phraseFor(filter) : null;
  return confirm(context, `${verb[0]!.toUpperCase()}${verb.slice(1)} ${counted(plan.count, 'lead')}?`, phrase);
}

function changed(previous: BulkPlan, plan: BulkPlan): string {
  if (previous.count === plan.count)
    return `Some of the leads changed since, or the plan is over ${TOKEN_LIFETIME_SECONDS / 60} minutes old.`;
  return `The leads changed since: ${count(previous.count)} were planned, and there are ${count(plan.count)} now.`;
}

/** What is typed for many leads: the status, else the source, else the name of a condition. */
function phraseFor(filter: BulkFilter): string {
  return filter.status ?? filter.source ?? Object.keys(filter)[0]!;
}
