import * as z from 'zod';
import { timestamp } from '../http/ids.ts';
import { success } from '../http/success.ts';
import { LeadIdsSchema } from '../campaigns/schemas.ts';
import { JobSchema } from '../jobs/schemas.ts';
import { BulkFilterSchema } from './bulk-filter.ts';
import { BulkOutcomeSchema } from './bulk-outcome.ts';
import { bulkRules } from './bulk-rules.ts';
import { BlockingCampaignSchema, KeepMetadataSchema, LeadSchema, REASON_MAX_LENGTH, ReasonSchema } from './schemas.ts';
import { text } from '../http/text.ts';

/** How many leads one bulk operation by filter can select. */
export const BULK_MAX_LEADS = 500_000;
/** The largest body of a bulk operation, in bytes: a thousand of the longest ids. */
export const BULK_BODY_MAX_BYTES = 131_072;
/** How many leads the sample of a plan holds at most. */
export const BULK_SAMPLE_MAX_LEADS = 10;

const selection = {
  ids: LeadIdsSchema.optional(),
  atomic: z
    .boolean()
    .optional()
    .meta({
      description: 'With `ids`: all or none. If one cannot be done, none is: 409 `BULK_REFUSED`. False when left out.',
      examples: [false],
    }),
  filter: BulkFilterSchema.optional(),
  dryRun: z
    .boolean()
    .optional()
    .meta({
      description: 'With `filter`: change nothing, and answer with what would be done and the token for doing it.',
      examples: [true],
    }),
  planToken: z
    .string()
    .min(1)
    .max(2000)
    .optional()
    .meta({
      description: 'With `filter`: the token of the dry run. Where the set is not what it was then, nothing is done: 409 `PLAN_DRIFTED`.',
      examples: ['eyJ2IjoxfQ.c2lnbmF0dXJl'],
    }),
};

interface Selection {
  readonly ids?: unknown;
  readonly atomic?: unknown;
  readonly filter?: unknown;
  readonly dryRun?: boolean | undefined;
  readonly planToken?: unknown;
}

const bulkBody = <Shape extends z.ZodRawShape>(id: string, description: string, options: Shape) =>
  z
    .strictObject({ ...selection, ...options })
    .superRefine((body, ctx) => {
      const { ids, atomic, filter, dryRun, planToken } = body as Selection;
      const refuse = (field: string, message: string) => ctx.addIssue({ code: 'custom', path: [field], message });
      if ((ids === undefined) === (filter === undefined)) refuse('ids', 'Exactly one of ids and filter must be sent');
      if (ids !== undefined && dryRun !== undefined) refuse('dryRun', 'Must be sent with filter only');
      if (ids !== undefined && planToken !== undefined) refuse('planToken', 'Must be sent with filter only');
      if (filter !== undefined && atomic !== undefined) refuse('atomic', 'Must be sent with ids only');
      if (filter !== undefined && (dryRun === true) === (planToken !== undefined))
        refuse('planToken', 'With filter, send dryRun: true first, and then the planToken that it answered');
    })
    .meta({ id, title: id, description, ...bulkRules(options) });

/** The body of `leads.bulkDelete`. */
export const BulkDeleteSchema = bulkBody('BulkDeleteRequest', 'Which leads to delete, and how.', {
  force: z
    .boolean()
    .optional()
    .meta({ description: 'Delete leads that are in an active campaign too. Needs the scope `leads:force`.', examples: [false] }),
  backup: z
    .boolean()
    .optional()
    .meta({ description: 'Keep a backup of each lead: made together with its deletion, or neither is.', examples: [false] }),
  erase: z
    .boolean()
    .optional()
    .meta({ description: 'Delete the backups of the leads too. Not together with `backup`.', examples: [false] }),
  reason: ReasonSchema.optional(),
}).refine((body) => !(body.backup && body.erase), { path: ['erase'], message: 'Must not be sent together with backup' });

/** The body of `leads.bulkArchive`. */
export const BulkArchiveSchema = bulkBody('BulkArchiveRequest', 'Which leads to archive, and why.', {
  reason: text(1, REASON_MAX_LENGTH)
    .optional()
    .meta({ description: 'Why, as `metadata.archived_reason`; null there when left out.', examples: ['No longer interested'] }),
});

/** The body of `leads.bulkAnonymize`. */
export const BulkAnonymizeSchema = bulkBody('BulkAnonymizeRequest', 'Which leads to anonymize, and what stays of them.', {
  keepMetadata: KeepMetadataSchema.optional(),
  reason: ReasonSchema.optional(),
});

const count = (description: string, example = 1) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] });

/** What came of each lead of a bulk operation by ids. */
export const BulkOutcomesSchema = z
  .strictObject({
    dryRun: z.literal(false).meta({ description: 'It was done.' }),
    succeeded: count('How many leads were deleted, archived or anonymized.'),
    skipped: count('How many are not there.', 0),
    failed: count('How many were left as they are, for the reason in their outcome.', 0),
    outcomes: z.array(BulkOutcomeSchema).meta({ description: 'What came of each lead, in the order of the request.' }),
  })
  .meta({ id: 'BulkOutcomes', title: 'BulkOutcomes', description: 'What came of each lead.' });

/** What a bulk operation by filter would do. */
export const BulkPlanSchema = z
  .strictObject({
    dryRun: z.literal(true).meta({ description: 'Nothing was done.' }),
    count: count('How many leads the filter selects.', 1234),
    archived: count('How many of them are archived: archiving makes a lead `lost`.', 200),
    workspaceTotal: count('How many leads the workspace has, to see what share of them it is.', 5000),
    newestCreatedAt: timestamp('When the newest of them was created; null where there is none.', '2024-01-15T10:30:00.000Z').nullable(),
    sample: z.array(LeadSchema).max(BULK_SAMPLE_MAX_LEADS).meta({ description: 'Some of them, oldest first.' }),
    blocked: count('How many of them are in an active campaign. A delete leaves them as they are without `force`.', 0),
    blockers: z.array(BlockingCampaignSchema).meta({ description: 'The active campaigns that they are in.' }),
    planToken: z.string().meta({ description: 'Proof of what was selected, for doing it.', examples: ['eyJ2IjoxfQ.c2lnbmF0dXJl'] }),
    planExpiresAt: timestamp('Until when the token is valid: 10 minutes.', '2024-01-16T15:55:00.000Z'),
  })
  .meta({ id: 'BulkPlan', title: 'BulkPlan', description: 'What would be done.' });

/** The answer of a bulk operation that is done at once, or of a dry run. */
export const BulkResponseSchema = success('BulkResponse', z.union([BulkOutcomesSchema, BulkPlanSchema]));

/** The answer of a bulk operation by filter: the job that does it. */
export const BulkJobResponseSchema = success('BulkJobResponse', JobSchema);
