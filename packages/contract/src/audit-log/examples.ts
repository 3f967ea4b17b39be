import type * as z from 'zod';
import type { AuditEntry, ListAuditLogResponseSchema } from './schemas.ts';

const entry: AuditEntry = {
  id: 'audit_3x42',
  at: '2024-01-16T15:45:00.000Z',
  action: 'lead.deleted',
  keyId: 'key_1234567890abcdef',
  leadId: 'lead_1234567890abcdef',
  requestId: 'req_01jq8z3v9k4n7w2x5y6b8c0d1e',
  jobId: null,
  reason: 'Asked to be forgotten',
  details: { activities: 3, campaigns: 1, backups: 0, force: false, erase: false, backupId: 'backup_1234567890abcdef' },
  previousHash: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752',
  hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
};

export const listedAuditLog = {
  page: {
    summary: 'The only page',
    value: { success: true, data: { entries: [entry], pagination: { limit: 20, hasNext: false, nextCursor: null } } },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof ListAuditLogResponseSchema> }>;
