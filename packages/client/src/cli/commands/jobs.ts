import type { Job } from '../../api.generated.ts';
import type { CallOptions } from '../../types.ts';
import { jobDone } from '../../leads/by-filter.ts';
import type { Progress } from '../../leads/many.ts';
import { reportJob } from '../by-filter.ts';
import { INPUTS } from '../../constants.generated.ts';
import { JOBS, OUTCOMES } from '../columns.ts';
import type { Command, Context } from '../command.ts';
import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { toOutcome } from '../outcomes.ts';
import { requireArgument } from '../required.ts';
import { optionsFor, readInputs, type Words } from '../inputs.ts';
import { sleep } from '../../timers.ts';
import { LIMIT_OPTIONS, limitOf } from '../limit.ts';
import { listing } from '../listing.ts';

const { limit: _, cursor: __, ...CONDITIONS } = INPUTS['jobs.listOutcomes'];

const WORDS = { outcome: ['OUTCOME', 'only leads of which this came'] } satisfies Record<keyof typeof CONDITIONS, Words>;

/** What became of the leads of a job. */
const PAST = { bulk_delete: 'deleted', bulk_archive: 'archived', bulk_anonymize: 'anonymized' } as const satisfies Record<
  Job['kind'],
  string
>;

const WATCH_EVERY_MS = 1_000;
const CLEAR_SCREEN = '\u001b[H\u001b[J';

/** `leads jobs …` */
export const jobs: readonly Command[] = [
  {
    name: 'jobs list',
    summary: 'list bulk operations, newest first',
    columns: JOBS,
    options: { ...LIMIT_OPTIONS, watch: { type: 'boolean', help: 'show them anew each second, until none runs' } },
    examples: [
      ['leads jobs list', 'the newest 20'],
      ['leads jobs list --watch', 'how far they are, until all are done'],
    ],
    run: (context) =>
      context.options.flag('watch')
        ? watchList(context)
        : listing(context, JOBS, (page, call) => context.client().jobs.list(page, call), 'There are no jobs.'),
  },
  {
    name: 'jobs get',
    summary: 'show how far a job is',
    usage: 'JOB_ID',
    maxArguments: 1,
    columns: JOBS,
    options: { watch: { type: 'boolean', help: 'wait for its end' } },
    examples: [
      ['leads jobs get job_1234567890abcdef', 'field by field'],
      ['leads jobs get job_1234567890abcdef --watch', 'once it has ended; fails where that was before its end'],
    ],
    async run(context) {
      const { client, options, output, io } = context;
      const id = jobId(context);
      const isWatched = options.flag('watch');
      const job = isWatched ? await ended(context, id) : await client().jobs.get(id, { signal: io.interruption.signal });
      await output.item(JOBS, job);
      return isWatched && job.status !== 'completed' ? EXIT.failure : EXIT.ok;
    },
  },
  {
    name: 'jobs outcomes',
    summary: 'list what came of the leads of a job',
    usage: 'JOB_ID',
    maxArguments: 1,
    columns: OUTCOMES,
    options: { ...optionsFor(CONDITIONS, WORDS), ...LIMIT_OPTIONS },
    examples: [['leads jobs outcomes job_1234567890abcdef --outcome failed --all', 'those that failed, and why']],
    run(context) {
      const id = jobId(context);
      const conditions = readInputs(context.options, CONDITIONS);
      async function* outcomes(page: { limit: number }, call: CallOptions) {
        for await (const outcome of context.client().jobs.listOutcomes(id, { ...conditions, ...page }, call)) yield toOutcome(outcome);
      }
      return listing(context, OUTCOMES, outcomes, 'There are no such outcomes.');
    },
  },
  {
    name: 'jobs watch',
    summary: 'wait for the end of a job, and show what came of each lead',
    usage: 'JOB_ID',
    maxArguments: 1,
    columns: OUTCOMES,
    details: 'Ctrl-C ends the watching, not the job.',
    examples: [
      ['leads jobs watch job_1234567890abcdef', 'with a progress bar'],
      ['leads jobs watch job_1234567890abcdef > outcomes.ndjson', 'every outcome into a file'],
    ],
    async run(context) {
      const job = await ended(context, jobId(context));
      return reportJob(context, job, PAST[job.kind]);
    },
  },
  {
    name: 'jobs cancel',
    summary: 'stop a job; what was done stays done',
    usage: 'JOB_ID',
    maxArguments: 1,
    columns: JOBS,
    changes: true,
    examples: [['leads jobs cancel job_1234567890abcdef', 'no other lead is touched any more']],
    async run(context) {
      const { client, output, io } = context;
      const job = await client().jobs.cancel(jobId(context), { signal: io.interruption.signal });
      await output.item(JOBS, job);
      return EXIT.ok;
    },
  },
];

/** A job after its end; until then a bar says how far it is. */
async function ended(context: Context, id: string): Promise<Job> {
  const { client, progress, io } = context;
  const send = context.send();
  const job = await send((call) => client().jobs.get(id, call));
  progress.start('Waiting', job.done);
  const show = ({ done, total, failed }: Progress) => progress.update(done, total, failed);
  const last = await jobDone(client(), job, show, send, io.interruption.signal);
  progress.clear();
  return last;
}

/** @throws {CliError} where there is no terminal to show it in. */
async function watchList(context: Context): Promise<ExitCode> {
  const { client, options, output, io } = context;
  const { signal } = io.interruption;
  if (output.format !== 'human') throw usageError('--watch shows a table anew, in a terminal.', 'In a pipe: leads jobs watch JOB_ID');
  for (;;) {
    const jobs = await client()
      .jobs.list({}, { signal })
      .toArray({ max: limitOf(options) });
    await output.write(CLEAR_SCREEN);
    await output.items(JOBS, jobs);
    if (jobs.every(({ finishedAt }) => finishedAt !== null)) return EXIT.ok;
    await sleep(WATCH_EVERY_MS, signal);
  }
}

function jobId(context: Context): string {
  return requireArgument(context, 0, 'Which job?');
}
