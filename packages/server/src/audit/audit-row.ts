import type { AuditAction, AuditEntry } from '@leads/contract';

/** The columns of an entry. `details` as text, because the hash is made of that text. */
export const AUDIT_COLUMNS =
  'workspace_id, chain, seq, at, action, key_id, lead_id, request_id, job_id, reason, details::text as details, previous_hash, hash';

/** An entry as `AUDIT_COLUMNS` reads it. */
export interface AuditRow {
  readonly workspace_id: string;
  readonly chain: number;
  /** A bigint, which comes as text. */
  readonly seq: string;
  readonly at: string;
  readonly action: string;
  readonly key_id: string;
  readonly lead_id: string | null;
  readonly request_id: string | null;
  readonly job_id: string | null;
  readonly reason: string | null;
  readonly details: string;
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
}

/** The entry of a row. */
export function toAuditEntry(row: AuditRow): AuditEntry {
  return {
    id: auditEntryId(row),
    at: row.at,
    action: row.action as AuditAction,
    keyId: row.key_id,
    leadId: row.lead_id,
    requestId: row.request_id,
    jobId: row.job_id,
    reason: row.reason,
    details: JSON.parse(row.details) as Record<string, unknown>,
    previousHash: row.previous_hash.toString('hex'),
    hash: row.hash.toString('hex'),
  };
}

/** The id of an entry: its chain, and its place in it. */
export function auditEntryId({ chain, seq }: Pick<AuditRow, 'chain' | 'seq'>): string {
  return `audit_${chain}x${seq}`;
}
