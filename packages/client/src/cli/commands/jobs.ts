import type { Job } from '../../api.generated.ts';
import type { CallOptions } from '../../types.ts';
import { jobDone } from '../../leads/by-filter.ts';
import type { Progress } from '../../leads/many.ts';
import { reportJob } from '../by-filter.ts';
import { INPUTS } from '../../constants.generated.ts';
import { JOBS, OUTCOMES } from '../columns.ts';
import type { Command, Context } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { toOutcome } from '../outcomes.ts';
import { requireArgument } from '../required.ts';
import { optionsFor, readInputs, type Words } from '../inputs.ts';
import { LIMIT_OPTIONS } from '../limit.ts';
import { listing } from '../listing.ts';

const { limit: _, cursor: __, ...CONDITIONS } = INPUTS['jobs.listOutcomes'];

const WORDS = { outcome: ['OUTCOME', 'only leads of which this came'] } satisfies Record<keyof typeof CONDITIONS, Words>;

/** What became of the leads of a job. */
const PAST = { bulk_delete: 'deleted', bulk_archive: 'archived', bulk_anonymize: 'anonymized' } as const satisfies Record<
  Job['kind'],
  string
>;

/** `leads jobs …` */
export const jobs: readonly Command[] = [
  {
    name: 'jobs list',
    summary: 'list bulk operations, newest first',
    columns: JOBS,
    options: LIMIT_OPTIONS,
    examples: [['leads jobs list', 'the newest 20']],
    run: (context) => listing(context, JOBS, (page, call) => context.client().jobs.list(page, call), 'There are no jobs.'),
  },
  {
    name: 'jobs get',
    summary: 'show how far a job is',
    usage: 'JOB_ID',
    maxArguments: 1,
    columns: JOBS,
    examples: [['leads jobs get job_1234567890abcdef', 'field by field']],
    async run(context) {
      const { client, output, io } = context;
      const job = await client().jobs.get(jobId(context), { signal: io.interruption.signal });
      await output.item(JOBS, job);
      return EXIT.ok;
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
      const { client, progress, io } = context;
      const send = context.send();
      const id = jobId(context);
      const job = await send((call) => client().jobs.get(id, call));
      progress.start('Waiting', job.done);
      const show = ({ done, total, failed }: Progress) => progress.update(done, total, failed);
      const ended = await jobDone(client(), job, show, send, io.interruption.signal);
      progress.clear();
      return reportJob(context, ended, PAST[ended.kind]);
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

function jobId(context: Context): string {
  return requireArgument(context, 0, 'Which job?');
}
