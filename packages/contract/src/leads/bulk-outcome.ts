import * as z from 'zod';

/** What came of one lead of a bulk operation. */
export const BulkOutcomeSchema = z
  .strictObject({
    leadId: z.string().meta({ description: 'The id of the lead.', examples: ['lead_1234567890abcdef'] }),
    outcome: z.enum(['deleted', 'archived', 'anonymized', 'skipped', 'failed']).meta({
      description: 'Done, skipped because it is not there, or failed and left as it is.',
    }),
    code: z.enum(['LEAD_NOT_FOUND', 'LEAD_IN_USE', 'PRECONDITION_FAILED', 'VALIDATION_ERROR']).optional().meta({
      description:
        'Why it was not done: it is not there, is in an active campaign, is not as it was in the dry run, or its metadata has no room for being archived.',
    }),
    backupId: z
      .string()
      .optional()
      .meta({ description: 'The backup of the lead; only where one was asked for.', examples: ['backup_1234567890abcdef'] }),
  })
  .meta({ id: 'BulkOutcome', title: 'BulkOutcome', description: 'What came of one lead.' });

/** What came of one lead of a bulk operation. */
export type BulkOutcome = z.infer<typeof BulkOutcomeSchema>;
