import * as z from 'zod';
import { idField, idParameter, timestamp } from '../http/ids.ts';
import { success } from '../http/success.ts';

const count = (description: string, example: number) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] });

/** What proves that a lead was deleted. */
export const DeletionReceiptSchema = z
  .strictObject({
    leadId: idField('lead', 'lead'),
    deletedAt: timestamp('When the lead was deleted; the last time, where it was restored in between.', '2024-01-16T15:45:00.000Z'),
    keyId: z.string().meta({ description: 'Who deleted it: the id of the API key.', examples: ['key_1234567890abcdef'] }),
    requestId: z
      .string()
      .meta({ description: 'The request that asked for it, as in `X-Request-Id`.', examples: ['req_01jq8z3v9k4n7w2x5y6b8c0d1e'] }),
    jobId: z
      .string()
      .nullable()
      .meta({ description: 'The job that did it; null where no job did.', examples: [null] }),
    reason: z
      .string()
      .nullable()
      .meta({ description: 'Why, as it was given.', examples: ['Asked to be forgotten'] }),
    force: z.boolean().meta({ description: 'Whether it was deleted although it was in an active campaign.', examples: [false] }),
    erase: z.boolean().meta({ description: 'Whether its backups were deleted with it.', examples: [false] }),
    removed: z
      .strictObject({
        activities: count('How many activities went with it.', 3),
        campaigns: count('From how many campaigns it was taken.', 1),
        backups: count('How many backups went with it.', 0),
      })
      .meta({ description: 'What was removed together with the lead.', examples: [{ activities: 3, campaigns: 1, backups: 0 }] }),
    backupId: z
      .string()
      .nullable()
      .meta({ description: 'The backup that was made with the deletion; null: none was.', examples: ['backup_1234567890abcdef'] }),
    restoredAt: timestamp('When the lead was brought back since; null: it was not.', '2024-01-17T09:00:00.000Z').nullable(),
    erasedAt: timestamp(
      'When what was left of it was erased: with the deletion, or later; null: it was not.',
      '2024-01-16T15:45:00.000Z',
    ).nullable(),
    auditEntryId: z.string().meta({ description: 'The entry of the audit log that this is read from.', examples: ['audit_3x42'] }),
    auditHash: z
      .string()
      .meta({ description: 'The hash of that entry.', examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'] }),
  })
  .meta({ id: 'DeletionReceipt', title: 'DeletionReceipt', description: 'What proves that a lead was deleted.' });

/** The path of a deletion: the id of the lead that is gone. */
export const DeletionPathSchema = z.strictObject({ leadId: idParameter('deleted lead', 'lead_1234567890abcdef') });

/** The answer of `deletions.get`. */
export const DeletionReceiptResponseSchema = success('DeletionReceiptResponse', DeletionReceiptSchema);
