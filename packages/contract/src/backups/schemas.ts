import * as z from 'zod';
import { ENROLLMENT_MAX_LEADS } from '../campaigns/schemas.ts';
import { ID_MAX_LENGTH, idField, idParameter, timestamp } from '../http/ids.ts';
import { CursorPaginationSchema, CursorSchema, LimitSchema } from '../http/pagination.ts';
import { success, successWithMessage } from '../http/success.ts';
import { LeadRecordSchema } from '../leads/record.ts';
import { allowDuplicateEmail, AttachedCountsSchema, LeadSchema } from '../leads/schemas.ts';
import { keptAwayBy } from '../leads/kept-away.ts';

/** A backup of a lead, without its content: no personal data. */
export const BackupSchema = z
  .strictObject({
    id: idField('backup', 'backup'),
    leadId: idField('lead', 'lead'),
    attached: AttachedCountsSchema,
    createdAt: timestamp('When the backup was made.', '2024-01-16T15:45:00.000Z'),
    expiresAt: timestamp('When the backup is deleted by itself.', '2024-02-15T15:45:00.000Z'),
  })
  .meta({ id: 'Backup', title: 'Backup', description: 'A backup of a lead, without its content.' });

/** The path of an operation on one backup. */
export const BackupPathSchema = z.strictObject({ backupId: idParameter('backup', 'backup_1234567890abcdef') });

/** The path of the backups of a lead. */
export const LeadBackupsPathSchema = z.strictObject({ leadId: idParameter('lead', 'lead_1234567890abcdef') });

/** The query of `backups.restore` and `backups.bulkRestore`. */
export const RestoreBackupQuerySchema = z.strictObject({ allowDuplicateEmail });

/** The body of `backups.bulkRestore`: as many ids as any request can name, each once. */
export const BulkRestoreSchema = z
  .strictObject({
    backupIds: z
      .array(z.string().min(1).max(ID_MAX_LENGTH))
      .min(1)
      .max(ENROLLMENT_MAX_LEADS)
      .refine((ids) => new Set(ids).size === ids.length, 'Must not name a backup twice')
      .meta({ description: 'The ids of the backups, each once.', examples: [['backup_1234567890abcdef']], uniqueItems: true }),
  })
  .meta({ id: 'BulkRestoreRequest', title: 'BulkRestoreRequest', description: 'The backups to restore.' });

/** The query of `backups.list`. */
export const ListBackupsQuerySchema = z.strictObject({
  leadId: idParameter('lead', 'lead_1234567890abcdef').optional().meta({ description: 'Only backups of this lead.' }),
  limit: LimitSchema,
  cursor: CursorSchema.optional(),
});

/** The answer of `backups.create`. */
export const BackupResponseSchema = success('BackupResponse', BackupSchema);

/** The answer of `backups.get`. */
export const BackupWithContentResponseSchema = success(
  'BackupWithContentResponse',
  z.strictObject({ backup: BackupSchema, content: LeadRecordSchema }),
);

/** The answer of `backups.list`. */
export const ListBackupsResponseSchema = success(
  'ListBackupsResponse',
  z.strictObject({ backups: z.array(BackupSchema).meta({ description: 'The backups of this page.' }), pagination: CursorPaginationSchema }),
);

/** The answer of `backups.restore`. */
export const RestoreBackupResponseSchema = success(
  'RestoreBackupResponse',
  z.strictObject({
    lead: LeadSchema,
    restored: AttachedCountsSchema,
    missingCampaigns: z.array(z.string()).meta({
      description: 'Campaigns that the lead was in and that are gone: it is restored without them.',
      examples: [['camp_1234567890abcdef']],
    }),
  }),
);

/** What came of one backup that was to be restored. */
export const RestoreOutcomeSchema = z
  .strictObject({
    backupId: z.string().meta({ description: 'The id, as it was sent.', examples: ['backup_1234567890abcdef'] }),
    leadId: z
      .string()
      .nullable()
      .meta({ description: 'The id of the lead; null where there is no such backup.', examples: ['lead_1234567890abcdef'] }),
    outcome: z.enum(['restored', 'skipped', 'failed']).meta({
      description: 'Restored, skipped because the lead is there, or failed.',
    }),
    code: z.enum(['BACKUP_NOT_FOUND', 'LEAD_EXISTS', 'EMAIL_EXISTS', 'LEAD_ERASED', 'SUPPRESSED']).optional().meta({
      description:
        'Why it was not restored: there is no such backup; a lead with this id is there, or one with this e-mail address; the lead was erased, and its id is never given again; or the person was erased, and is kept away.',
    }),
    ...keptAwayBy,
    missingCampaigns: z
      .array(z.string())
      .optional()
      .meta({
        description: 'Campaigns that the lead was in and that are gone: it is restored without them.',
        examples: [['camp_1234567890abcdef']],
      }),
  })
  .meta({ id: 'RestoreOutcome', title: 'RestoreOutcome', description: 'What came of one backup.' });

const count = (description: string, example: number) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] });

/** The answer of `backups.bulkRestore`. */
export const BulkRestoreResponseSchema = success(
  'BulkRestoreResponse',
  z.strictObject({
    restored: count('How many leads were restored.', 1),
    skipped: count('How many are there already, and were left as they are.', 0),
    failed: count('How many were refused, for the reason in their outcome.', 0),
    outcomes: z.array(RestoreOutcomeSchema).meta({ description: 'What came of each backup, in the order of the request.' }),
  }),
);

/** The answer of `backups.delete`. */
export const DeleteBackupResponseSchema = successWithMessage(
  'DeleteBackupResponse',
  'Backup deleted successfully',
  z.strictObject({ id: idField('backup', 'backup'), deletedAt: timestamp('When the backup was deleted.', '2024-01-17T09:00:00.000Z') }),
);

/** What came of one backup that was to be restored. */
export type RestoreOutcome = z.infer<typeof RestoreOutcomeSchema>;

/** A backup as the API answers it. */
export type Backup = z.infer<typeof BackupSchema>;
