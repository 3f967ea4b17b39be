import type { contract } from '@leads/contract';
import type { Deps } from '../deps.ts';
import { runShort } from '../db/database.ts';
import { deleteLeadOnce, deleteLeads } from '../db/functions.ts';
import { retrying } from '../db/transaction.ts';
import { keptText } from '../http/idempotency.ts';
import type { OperationHandler, OperationRequest } from '../http/implement.ts';
import { searchable } from '../http/ids.ts';
import { requireForce } from './force.ts';
import { etagOf, leadNotFound, versionSeen } from './lead-row.ts';
import { redactable } from './reason.ts';

/** Stand in a kept answer where the id of the backup and the time of the deletion belong. */
const BACKUP_PLACE = '$backup';
const TIME_PLACE = '$time';

/** `leads.delete`: removes a lead for good. Every guard is checked in the transaction that deletes. */
export function deleteLead({ now, tokens, backupLifetime }: Deps): OperationHandler<typeof contract.leads.delete> {
  const handler: OperationHandler<typeof contract.leads.delete> = async (request) => {
    const { params, query, headers, caller, requestId, refuse, db, claim } = request;
    const { leadId } = params;
    const { force, backup, erase, reason } = query;
    if (force) requireForce(caller);
    const state = confirmedState(request, tokens);
    const at = now();
    const answer = (deletedAt: string, backupId: string | null) => ({
      status: 200 as const,
      body: {
        success: true as const,
        message: 'Lead deleted successfully' as const,
        data: { id: leadId, deletedAt, ...(backupId !== null && { backupId }) },
      },
    });
    const id = searchable(leadId);
    const version = await versionSeen(db, caller.workspaceId, leadId, headers['if-match']);
    const deletion = {
      workspace: caller.workspaceId,
      state,
      force,
      backup,
      erase,
      backups_expire_at: backupLifetime(at),
      at,
      key: caller.keyId,
      request: requestId,
      reason: redactable(reason),
    };
    const [outcome] = await retrying(db, () => {
      if (!claim) return deleteLeads.call(db, { ...deletion, ids: [id], versions: [version], atomic: false, job: null }, runShort);
      const kept = {
        answer: keptText(answer(TIME_PLACE, backup ? BACKUP_PLACE : null)),
        backup_place: BACKUP_PLACE,
        time_place: TIME_PLACE,
      };
      const { name, keyHash, keptSince, requestHash } = claim;
      const claimed = { name, key_hash: keyHash, kept_since: keptSince, request_hash: requestHash };
      return deleteLeadOnce.call(db, { ...deletion, ...kept, ...claimed, id, version }, runShort);
    });
    const { code, backup_id: backupId, deleted_at: deletedAt, version: present } = outcome!;
    if (code === 'LEAD_NOT_FOUND') throw refuse(code, leadNotFound(leadId));
    if (code === 'PRECONDITION_FAILED') throw refuse(code, { leadId, etag: etagOf({ version: present }) });
    if (code === 'CONFIRMATION_STALE') throw refuse(code, { leadId });
    if (code === 'LEAD_IN_USE') throw refuse(code, { leadId, campaigns: outcome!.blockers as { id: string; name: string }[] });
    return answer(deletedAt!, backupId);
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
