import * as z from 'zod';
import { idField, idParameter, timestamp } from '../http/ids.ts';
import { CursorPaginationSchema, CursorSchema, LimitSchema, limitUpTo } from '../http/pagination.ts';
import { success } from '../http/success.ts';
import { personalDataFields } from '../http/personal-data.ts';
import { BulkOutcomeSchema } from '../leads/bulk-outcome.ts';
import { BulkFilterSchema } from '../leads/bulk-filter.ts';

/** For how many days a finished job can be read. */
export const JOB_RETENTION_DAYS = 30;

/** How many jobs that have not ended a workspace may have. */
export const JOBS_MAX_OPEN = 20;

/** The largest page of outcomes: those of a large job are many, and small. */
export const OUTCOMES_LIMIT_MAX = 1_000;

/** What a job does. */
export const JobKindSchema = z.enum(['bulk_delete', 'bulk_archive', 'bulk_anonymize']).meta({
  id: 'JobKind',
  title: 'JobKind',
  description: 'What the job does with each lead.',
  examples: ['bulk_delete'],
});

/** Where a job stands. */
export const JobStatusSchema = z.enum(['queued', 'running', 'completed', 'cancelled', 'stopped', 'failed']).meta({
  id: 'JobStatus',
  title: 'JobStatus',
  description:
    '`queued` and `running` jobs go on by themselves, also after a restart of the server. `completed`: each lead has an outcome. ' +
    '`cancelled`, by a request, and `stopped`, because the key that asked for it may do nothing any more (`stopReason`): what was done stays done, ' +
    'the rest is untouched. `failed`: a fault of the server ended it, and the rest is untouched.',
  examples: ['completed'],
});

/** Why a job was stopped. */
export const JobStopReasonSchema = z.enum(['key_revoked', 'key_expired']).meta({
  id: 'JobStopReason',
  title: 'JobStopReason',
  description: 'The key that asked for the job was revoked, or expired.',
  examples: ['key_revoked'],
});

const count = (description: string, example: number) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] });

const personal = personalDataFields(BulkFilterSchema);

/** The filter of a job as it can be shown for as long as the job is kept: without personal data. */
export const JobFilterSchema = z
  .strictObject(
    Object.fromEntries(
      Object.entries(BulkFilterSchema.shape).filter(([name]) => !personal.includes(name)),
    ) as typeof BulkFilterSchema.shape,
  )
  .meta({
    id: 'JobFilter',
    title: 'JobFilter',
    description: 'Which leads the job is for, as it was asked for. Conditions on personal data are left out.',
    examples: [{ status: 'lost' }],
  });

/** A bulk operation that runs in the background. */
export const JobSchema = z
  .strictObject({
    id: idField('job', 'job'),
    kind: JobKindSchema,
    status: JobStatusSchema,
    stopReason: JobStopReasonSchema.nullable().meta({ description: 'Why the job was `stopped`; null for any other.', examples: [null] }),
    filter: JobFilterSchema.nullable().meta({
      description: 'Which leads it is for; null for a job of before this was kept.',
      examples: [{ status: 'lost' }],
    }),
    total: count('How many leads it is for.', 1234),
    done: count('How many of them have an outcome.', 1234),
    succeeded: count('How many were deleted, archived or anonymized.', 1230),
    skipped: count('How many were not there any more.', 1),
    failed: count('How many were left as they are, for the reason in their outcome.', 3),
    keyId: z.string().meta({ description: 'Who asked for it: the id of the API key.', examples: ['key_1234567890abcdef'] }),
    createdAt: timestamp('When the job was asked for.', '2024-01-16T15:46:00.000Z'),
    startedAt: timestamp('When its first leads were done; null: not yet.', '2024-01-16T15:46:00.100Z').nullable(),
    finishedAt: timestamp('When it ended; null: not yet.', '2024-01-16T15:46:02.500Z').nullable(),
  })
  .meta({ id: 'Job', title: 'Job', description: 'A bulk operation that runs in the background.' });

/** The path of an operation on one job. */
export const JobPathSchema = z.strictObject({ jobId: idParameter('job', 'job_1234567890abcdef') });

/** The query of `jobs.list`. */
export const ListJobsQuerySchema = z.strictObject({ limit: LimitSchema, cursor: CursorSchema.optional() });

/** The query of `jobs.listOutcomes`. */
export const ListOutcomesQuerySchema = z.strictObject({
  outcome: z
    .enum(['deleted', 'archived', 'anonymized', 'skipped', 'failed'])
    .optional()
    .meta({ description: 'Only leads with this outcome.' }),
  limit: limitUpTo(OUTCOMES_LIMIT_MAX),
  cursor: CursorSchema.optional(),
});

/** The answer of `jobs.get` and `jobs.cancel`. */
export const JobResponseSchema = success('JobResponse', JobSchema);

/** The answer of `jobs.list`. */
export const ListJobsResponseSchema = success(
  'ListJobsResponse',
  z.strictObject({ jobs: z.array(JobSchema).meta({ description: 'The jobs of this page.' }), pagination: CursorPaginationSchema }),
);

/** The answer of `jobs.listOutcomes`. */
export const ListOutcomesResponseSchema = success(
  'ListOutcomesResponse',
  z.strictObject({
    outcomes: z.array(BulkOutcomeSchema).meta({ description: 'What came of each lead of this page.' }),
    pagination: CursorPaginationSchema,
  }),
);

/** A job as the API answers it. */
export type Job = z.infer<typeof JobSchema>;
