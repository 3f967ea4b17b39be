import * as z from 'zod';
import { idField, idParameter, timestamp } from '../http/ids.ts';
import { CursorPaginationSchema, CursorSchema, LimitSchema } from '../http/pagination.ts';
import { success, successWithMessage } from '../http/success.ts';
import { LeadRecordSchema } from '../leads/record.ts';
import { allowDuplicateEmail, AttachedCountsSchema, LeadSchema } from '../leads/schemas.ts';

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

/** The query of `backups.restore`. */
export const RestoreBackupQuerySchema = z.strictObject({ allowDuplicateEmail });

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

/** The answer of `backups.delete`. */
export const DeleteBackupResponseSchema = successWithMessage(
  'DeleteBackupResponse',
  'Backup deleted successfully',
  z.strictObject({ id: idField('backup', 'backup'), deletedAt: timestamp('When the backup was deleted.', '2024-01-17T09:00:00.000Z') }),
);

/** A backup as the API answers it. */
export type Backup = z.infer<typeof BackupSchema>;
