import type { AuditAction } from '@leads/contract';
import { type Database, run } from '../db/database.ts';

/** Who does something that is audited, and with which request. */
export interface Actor {
  readonly caller: { readonly workspaceId: string; readonly keyId: string };
  /** Null for the command line of the server. */
  readonly requestId: string | null;
}

/** What an entry of the audit log says; never personal data. */
export interface NewAuditEntry {
  readonly action: AuditAction;
  readonly leadId?: string | null;
  readonly jobId?: string;
  readonly reason?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>>;
}

const APPEND = 'select append_audit($1, $2, $3, $4, $5, array[$6::text], array[$7::text], array[$8::text], array[$9::jsonb])';
const APPEND_FOR_EACH = `
  select append_audit($1, $2, $3, $4, null, $5::text[], array_fill($6::text, array[cardinality($5)]), array_fill(null::text, array[cardinality($5)]),
    array_fill('{}'::jsonb, array[cardinality($5)]))`;

/** The `key_id` of what was done on the command line of the server. */
export const SYSTEM_KEY_ID = 'system';

/** Adds an entry to the audit log. The last thing that a transaction does, because it locks the end of a chain. */
export async function appendAudit(db: Database, at: Date, { caller, requestId }: Actor, entry: NewAuditEntry): Promise<void> {
  const { action, leadId = null, jobId = null, reason = null, details = {} } = entry;
  await run(db, APPEND, [caller.workspaceId, at, action, caller.keyId, jobId, leadId, requestId, reason, JSON.stringify(details)]);
}

/** Adds an entry for each of these leads. */
export async function appendAudits(db: Database, at: Date, { caller, requestId }: Actor, action: AuditAction, leadIds: readonly string[]) {
  if (leadIds.length === 0) return;
  await run(db, APPEND_FOR_EACH, [caller.workspaceId, at, action, caller.keyId, leadIds, requestId]);
}
