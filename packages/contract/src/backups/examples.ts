import type * as z from 'zod';
import { johnsRecord } from '../leads/examples.ts';
import type {
  Backup,
  BackupResponseSchema,
  BackupWithContentResponseSchema,
  BulkRestoreResponseSchema,
  BulkRestoreSchema,
  DeleteBackupResponseSchema,
  ListBackupsResponseSchema,
  RestoreBackupResponseSchema,
} from './schemas.ts';

const backup: Backup = {
  id: 'backup_1234567890abcdef',
  leadId: 'lead_1234567890abcdef',
  attached: { activities: 1, campaigns: 1 },
  createdAt: '2024-01-16T15:45:00.000Z',
  expiresAt: '2024-02-15T15:45:00.000Z',
};

export const createdBackup = {
  created: { summary: 'The new backup', value: { success: true, data: backup } },
} satisfies Record<string, { summary: string; value: z.input<typeof BackupResponseSchema> }>;

export const foundBackup = {
  backup: { summary: 'A backup with its content', value: { success: true, data: { backup, content: johnsRecord } } },
} satisfies Record<string, { summary: string; value: z.input<typeof BackupWithContentResponseSchema> }>;

export const listedBackups = {
  page: {
    summary: 'The only page',
    value: { success: true, data: { backups: [backup], pagination: { limit: 20, hasNext: false, nextCursor: null } } },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof ListBackupsResponseSchema> }>;

export const restoredBackup = {
  restored: {
    summary: 'The lead is back',
    value: { success: true, data: { lead: johnsRecord.lead, restored: backup.attached, missingCampaigns: [] } },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof RestoreBackupResponseSchema> }>;

export const bulkRestoreBodies = {
  two: { summary: 'Two backups', value: { backupIds: [backup.id, 'backup_nonexistent123'] } },
} satisfies Record<string, { summary: string; value: z.input<typeof BulkRestoreSchema> }>;

export const restoredBackups = {
  outcomes: {
    summary: 'What came of each backup',
    value: {
      success: true,
      data: {
        restored: 1,
        skipped: 0,
        failed: 1,
        outcomes: [
          { backupId: backup.id, leadId: backup.leadId, outcome: 'restored' },
          { backupId: 'backup_nonexistent123', leadId: null, outcome: 'failed', code: 'BACKUP_NOT_FOUND' },
        ],
      },
    },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof BulkRestoreResponseSchema> }>;

export const deletedBackup = {
  deleted: {
    summary: 'The backup is gone',
    value: { success: true, message: 'Backup deleted successfully', data: { id: backup.id, deletedAt: '2024-01-17T09:00:00.000Z' } },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof DeleteBackupResponseSchema> }>;
