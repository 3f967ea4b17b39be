import * as z from 'zod';
import { ID_MAX_LENGTH, idField, idParameter, timestamp, timestampInput } from '../http/ids.ts';
import { CursorPaginationSchema, CursorSchema, LimitSchema } from '../http/pagination.ts';
import { success } from '../http/success.ts';

/** What the audit log records: everything but plain reading, creating and updating. */
export const AuditActionSchema = z
  .enum([
    'lead.deleted',
    'lead.archived',
    'lead.unarchived',
    'lead.anonymized',
    'lead.erased',
    'leads.exported',
    'leads.imported',
    'activity.deleted',
    'campaign.deleted',
    'campaign.leads_removed',
    'backup.created',
    'backup.restored',
    'backup.deleted',
    'erasure.created',
    'erasure.suppression_lifted',
    'job.created',
    'job.cancelled',
    'job.stopped',
    'api_key.created',
    'api_key.rotated',
    'api_key.revoked',
  ])
  .meta({ id: 'AuditAction', title: 'AuditAction', description: 'What was done.', examples: ['lead.deleted'] });

const hash = (description: string) =>
  z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({ description, examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'] });

const subject = (description: string, example: string) =>
  z
    .string()
    .max(ID_MAX_LENGTH)
    .nullable()
    .meta({ description, examples: [example] });

/** One entry of the audit log. */
export const AuditEntrySchema = z
  .strictObject({
    id: idField('entry', 'audit'),
    at: timestamp('When it was done.', '2024-01-16T15:45:00.000Z'),
    action: AuditActionSchema,
    keyId: z.string().meta({
      description: 'Who: the id of the API key; `system` for the command line of the server.',
      examples: ['key_1234567890abcdef'],
    }),
    leadId: subject('Which lead; null where it is about none, or about many.', 'lead_1234567890abcdef'),
    requestId: subject(
      'The request that did it, as in `X-Request-Id`; null for the command line of the server.',
      'req_01jq8z3v9k4n7w2x5y6b8c0d1e',
    ),
    jobId: subject('The job that did it; null where no job did.', 'job_1234567890abcdef'),
    reason: z
      .string()
      .nullable()
      .meta({ description: 'Why, as it was given, without personal data of the lead.', examples: ['Asked to be forgotten'] }),
    details: z.record(z.string(), z.unknown()).meta({
      description: 'More about it, by action: ids, counts and switches, never personal data.',
      examples: [{ activities: 3, campaigns: 1, backups: 0, force: false, erase: false, backupId: null }],
    }),
    previousHash: hash('The hash of the entry before it in its chain.'),
    hash: hash('The SHA-256 of this entry and of the hash before it.'),
  })
  .meta({ id: 'AuditEntry', title: 'AuditEntry', description: 'One entry of the audit log.' });

/** The query of `auditLog.list`. */
export const ListAuditLogQuerySchema = z.strictObject({
  action: AuditActionSchema.optional().meta({ description: 'Only entries with this action.' }),
  leadId: idParameter('lead', 'lead_1234567890abcdef').optional().meta({ description: 'Only entries about this lead.' }),
  keyId: idParameter('API key', 'key_1234567890abcdef').optional().meta({ description: 'Only entries of this API key.' }),
  from: timestampInput('Only entries of this moment or later.', '2024-01-01T00:00:00Z').optional(),
  to: timestampInput('Only entries before this moment.', '2024-02-01T00:00:00Z').optional(),
  limit: LimitSchema,
  cursor: CursorSchema.optional(),
});

/** The answer of `auditLog.list`. */
export const ListAuditLogResponseSchema = success(
  'ListAuditLogResponse',
  z.strictObject({
    entries: z.array(AuditEntrySchema).meta({ description: 'The entries of this page.' }),
    pagination: CursorPaginationSchema,
  }),
);

/** One entry of the audit log. */
export type AuditEntry = z.infer<typeof AuditEntrySchema>;
/** What the audit log records. */
export type AuditAction = z.infer<typeof AuditActionSchema>;
