import type { AuditAction } from '@leads/contract';
import type { Database } from '../db/database.ts';
import * as functions from '../db/functions.ts';

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

/** The `key_id` of what was done on the command line of the server. */
export const SYSTEM_KEY_ID = 'system';

/** Adds an entry to the audit log. The last thing that a transaction does, because it locks the end of a chain. */
export async function appendAudit(
  db: Database,
  at: Date,
  actor: Actor,
  { leadId = null, details = {}, ...entry }: NewAuditEntry,
): Promise<void> {
  await append(db, at, actor, entry, [leadId], [JSON.stringify(details)]);
}

/** Adds an entry for each of these leads. */
export async function appendAudits(
  db: Database,
  at: Date,
  actor: Actor,
  action: AuditAction,
  leads: readonly { readonly leadId: string; readonly details?: NewAuditEntry['details'] }[],
): Promise<void> {
  if (leads.length === 0) return;
  const ids = leads.map(({ leadId }) => leadId);
  const details = leads.map((lead) => JSON.stringify(lead.details ?? {}));
  await append(db, at, actor, { action }, ids, details);
}

async function append(
  db: Database,
  at: Date,
  { caller, requestId }: Actor,
  { action, jobId, reason }: NewAuditEntry,
  leads: readonly (string | null)[],
  details: readonly string[],
): Promise<void> {
  await functions.appendAudit.call(db, {
    workspace: caller.workspaceId,
    at,
    action,
    key: caller.keyId,
    request: requestId,
    job: jobId ?? null,
    reason: reason ?? null,
    leads,
    details,
  });
}
