import { jobDone } from '../../leads/by-filter.ts';
import type { Progress } from '../../leads/many.ts';
import { reportJob } from '../by-filter.ts';
import { JOBS, jobFields } from '../columns.ts';
import type { Command, Context } from '../command.ts';
import { usageError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { LIMIT_OPTIONS, limitOf, upTo } from '../limit.ts';

const PAST = { bulk_delete: 'deleted', bulk_archive: 'archived', bulk_anonymize: 'anonymized' } as const;

/** `leads jobs …` */
export const jobs: readonly Command[] = [
  {
    name: 'jobs list',
    summary: 'list bulk operations, newest first',
    options: LIMIT_OPTIONS,
    examples: [['leads jobs list', 'the newest 20']],
    async run({ client, options, output, say, io }) {
      const limit = limitOf(options);
      const query = { limit: Math.min(limit, 100) };
      const shown = await output.items(JOBS, upTo(client().jobs.list(query, { signal: io.interruption.signal }), limit));
      if (shown === 0) say('There are no jobs.');
      return EXIT.ok;
    },
  },
  {
    name: 'jobs get',
    summary: 'show how far a job is',
    usage: 'JOB_ID',
    maxArguments: 1,
    examples: [['leads jobs get job_1234567890abcdef', 'field by field']],
    async run(context) {
      const { client, output, io } = context;
      const job = await client().jobs.get(jobId(context), { signal: io.interruption.signal });
      await output.item(JOBS, job, jobFields(job));
      return EXIT.ok;
    },
  },
  {
    name: 'jobs watch',
    summary: 'wait for the end of a job, and show what came of each lead',
    usage: 'JOB_ID',
    maxArguments: 1,
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
    changes: true,
    examples: [['leads jobs cancel job_1234567890abcdef', 'no other lead is touched any more']],
    async run(context) {
      const { client, output, io } = context;
      const job = await client().jobs.cancel(jobId(context), { signal: io.interruption.signal });
      await output.item(JOBS, job, jobFields(job));
      return EXIT.ok;
    },
  },
];

function jobId({ args, command }: Context): string {
  if (args[0] === undefined) throw usageError('Which job?', `Give its id: leads jobs list shows them. See: leads ${command.name} --help`);
  return args[0];
}
