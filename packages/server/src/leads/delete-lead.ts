import type { contract } from '@leads/contract';
import type { Deps } from '../app.ts';
import { run } from '../db/database.ts';
import { retrying } from '../db/transaction.ts';
import { keptText } from '../http/idempotency.ts';
import type { OperationHandler, OperationRequest } from '../http/implement.ts';
import { searchable } from '../http/ids.ts';
import { requireForce } from './force.ts';
import { etagOf, leadNotFound, versionSeen } from './lead-row.ts';

const DELETE = `
  select code, backup_id, version, blockers from delete_leads(
    $1, array[$2::text], array[$3::text], $4, $5, $6, $7, false, $8, $9, $10, $11, null, $12)`;

const DELETE_ONCE = `
  select code, backup_id, version, blockers from delete_lead_once($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`;
/** Stands in a kept answer where the id of the backup belongs. */
const BACKUP_PLACE = '$backup';

interface Outcome {
  readonly code: 'LEAD_NOT_FOUND' | 'PRECONDITION_FAILED' | 'CONFIRMATION_STALE' | 'LEAD_IN_USE' | null;
  readonly backup_id: string | null;
  readonly version: string;
  readonly blockers: { id: string; name: string }[];
}

/** `leads.delete`: removes a lead for good. Every guard is checked in the transaction that deletes. */
export function deleteLead({ now, tokens, backupLifetime }: Deps): OperationHandler<typeof contract.leads.delete> {
  const handler: OperationHandler<typeof contract.leads.delete> = async (request) => {
    const { params, query, headers, caller, requestId, refuse, db, claim } = request;
    const { leadId } = params;
    const { force, backup, erase, reason = null } = query;
    if (force) requireForce(caller);
    const state = confirmedState(request, tokens);
    const at = now();
    const answer = (backupId: string | null) => ({
      status: 200 as const,
      body: {
        success: true as const,
        message: 'Lead deleted successfully' as const,
        data: { id: leadId, deletedAt: at.toISOString(), ...(backupId !== null && { backupId }) },
      },
    });
    const [version, until] = [await versionSeen(db, caller.workspaceId, leadId, headers['if-match']), backupLifetime(at)];
    const guarded = [searchable(leadId), version, state, force, backup, erase, at, until, caller.keyId, requestId, reason];
    const [outcome] = await retrying(db, () => {
      if (!claim) return run<Outcome>(db, DELETE, [caller.workspaceId, ...guarded]);
      const kept = keptText(answer(backup ? BACKUP_PLACE : null));
      return run<Outcome>(db, DELETE_ONCE, [
        claim.name,
        claim.keyHash,
        claim.keptSince,
        claim.requestHash,
        kept,
        BACKUP_PLACE,
        caller.workspaceId,
        ...guarded,
      ]);
    });
    const { code, backup_id: backupId, version: present, blockers } = outcome!;
    if (code === 'LEAD_NOT_FOUND') throw refuse(code, leadNotFound(leadId));
    if (code === 'PRECONDITION_FAILED') throw refuse(code, { leadId, etag: etagOf({ version: present }) });
    if (code === 'CONFIRMATION_STALE') throw refuse(code, { leadId });
    if (code === 'LEAD_IN_USE') throw refuse(code, { leadId, campaigns: blockers });
    return answer(backupId);
  };
  return Object.assign(handler, { claims: true as const });
}

/** The state of the lead that the caller has confirmed; null without a token. */
function confirmedState(
  { params: { leadId }, headers, caller, refuse }: OperationRequest<typeof contract.leads.delete>,
  tokens: Deps['tokens'],
): Buffer | null {
  const token = headers['x-confirmation-token'];
  if (token === undefined) return null;
  const read = tokens.read(token);
  if ('problem' in read) throw refuse('CONFIRMATION_TOKEN_INVALID', { reason: read.problem });
  const [kind, workspaceId, confirmedId, state] = read.content;
  if (kind !== 'deletion') throw refuse('CONFIRMATION_TOKEN_INVALID', { reason: 'unreadable' });
  if (workspaceId !== caller.workspaceId || confirmedId !== leadId) throw refuse('CONFIRMATION_TOKEN_INVALID', { reason: 'other_lead' });
  return Buffer.from(state!, 'hex');
}
