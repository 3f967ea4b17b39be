import type * as z from 'zod';
import type { DeletionReceiptResponseSchema } from './schemas.ts';

export const foundDeletion = {
  receipt: {
    summary: 'The receipt',
    value: {
      success: true,
      data: {
        leadId: 'lead_1234567890abcdef',
        deletedAt: '2024-01-16T15:45:00.000Z',
        keyId: 'key_1234567890abcdef',
        requestId: 'req_01jq8z3v9k4n7w2x5y6b8c0d1e',
        jobId: null,
        reason: 'Asked to be forgotten',
        force: false,
        erase: false,
        removed: { activities: 3, campaigns: 1, backups: 0 },
        backupId: 'backup_1234567890abcdef',
        restoredAt: null,
        erasedAt: null,
        auditEntryId: 'audit_3x42',
        auditHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      },
    },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof DeletionReceiptResponseSchema> }>;
