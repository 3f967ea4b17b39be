import type { contract } from '@leads/contract';
import type { Deps } from '../app.ts';
import { run } from '../db/database.ts';
import { retrying } from '../db/transaction.ts';
import type { OperationHandler } from '../http/implement.ts';
import { searchable } from '../http/ids.ts';
import { requireForce } from './force.ts';
import { etagOf, leadNotFound, versionSeen } from './lead-row.ts';

const DELETE = `
  select code, backup_id, version, blockers from delete_leads(
    $1, array[$2::text], array[$3::text], $4, $5, $6, $7, false, $8, $9, $10, $11, null, $12)`;

interface Outcome {
  readonly code: 'LEAD_NOT_FOUND' | 'PRECONDITION_FAILED' | 'CONFIRMATION_STALE' | 'LEAD_IN_USE' | null;
  readonly backup_id: string | null;
  readonly version: string;
  readonly blockers: { id: string; name: string }[];
}

/** `leads.delete`: removes a lead for good. Every guard is checked in the transaction that deletes. */
export function deleteLead({ now, tokens, backupLifetime }: Deps): OperationHandler<typeof contract.leads.delete> {
  return async ({ params: { leadId }, query, headers, caller, requestId, refuse, db }) => {
    const { force, backup, erase, reason = null } = query;
    if (force) requireForce(caller);
    let state: Buffer | null = null;
    const token = headers['x-confirmation-token'];
    if (token !== undefined) {
      const read = tokens.read(token);
      if ('problem' in read) throw refuse('CONFIRMATION_TOKEN_INVALID', { reason: read.problem });
      const [kind, workspaceId, confirmedId, confirmedState] = read.content;
      if (kind !== 'deletion') throw refuse('CONFIRMATION_TOKEN_INVALID', { reason: 'unreadable' });
      if (workspaceId !== caller.workspaceId || confirmedId !== leadId)
        throw refuse('CONFIRMATION_TOKEN_INVALID', { reason: 'other_lead' });
      state = Buffer.from(confirmedState!, 'hex');
    }
    const at = now();
    const [outcome] = await retrying(db, () =>
      run<Outcome>(db, DELETE, [
        caller.workspaceId,
        searchable(leadId),
        versionSeen(headers['if-match']),
        state,
        force,
        backup,
        erase,
        at,
        backupLifetime(at),
        caller.keyId,
        requestId,
        reason,
      ]),
    );
    const { code, backup_id: backupId, version, blockers } = outcome!;
    if (code === 'LEAD_NOT_FOUND') throw refuse(code, leadNotFound(leadId));
    if (code === 'PRECONDITION_FAILED') throw refuse(code, { leadId, etag: etagOf({ version }) });
    if (code === 'CONFIRMATION_STALE') throw refuse(code, { leadId });
    if (code === 'LEAD_IN_USE') throw refuse(code, { leadId, campaigns: blockers });
    return {
      status: 200,
      body: {
        success: true,
        message: 'Lead deleted successfully',
        data: { id: leadId, deletedAt: at.toISOString(), ...(backupId !== null && { backupId }) },
      },
    };
  };
}
