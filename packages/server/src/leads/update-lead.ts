import { type contract, isWithinSize, LEAD_METADATA_MAX_BYTES, tooLarge } from '@leads/contract';
import type { ServerInferRequest } from '@ts-rest/core';
import type { Deps } from '../deps.ts';
import { type Database, run, runShort } from '../db/database.ts';
import { suppressingErasure } from '../db/functions.ts';
import { inTransaction, retrying } from '../db/transaction.ts';
import type { OperationHandler } from '../http/implement.ts';
import { isImpossibleId } from '../http/ids.ts';
import { fold, foldPhone } from './fold.ts';
import { columnsOf, LEAD_COLUMNS, type LeadRow, toLead } from './lead-fields.ts';
import { etagOf, leadNotFound, versionSeen } from './lead-row.ts';

type Changes = ServerInferRequest<typeof contract.leads.update>['body'];

/** `leads.update`: changes the fields that are sent. */
export function updateLead({ now }: Deps): OperationHandler<typeof contract.leads.update> {
  return async ({ params: { leadId }, headers, body, caller, refuse, response, db }) => {
    if (isImpossibleId(leadId)) throw refuse('LEAD_NOT_FOUND', leadNotFound(leadId));
    const version = await versionSeen(db, caller.workspaceId, leadId, headers['if-match']);
    const update = (on: Database, guards: Guards) => {
      const { sql, values } = updateStatement(caller.workspaceId, leadId, body, now(), guards);
      return retrying(on, () => runShort<LeadRow>(on, sql, values));
    };
    let [row] = await update(db, { version, size: body.metadata !== undefined, admission: namesPerson(body) });
    // The guard measures PostgreSQL's text of the metadata, which is longer than its JSON by some spaces: what it holds
    // back is changed in a transaction, measured exactly, and taken back if it really is too large.
    row ??= await inTransaction(db, async (transaction) => {
      const [current] = await run<{ version: string }>(transaction, LOCK, [caller.workspaceId, leadId]);
      if (!current) throw refuse('LEAD_NOT_FOUND', leadNotFound(leadId));
      if (version !== null && version !== current.version) throw refuse('PRECONDITION_FAILED', { leadId, etag: etagOf(current) });
      if (namesPerson(body)) {
        const [judged] = await suppressingErasure.call(transaction, { workspace: caller.workspaceId, ...foldedPerson(body) });
        const erasureId = judged!.suppressing_erasure;
        if (erasureId !== null) throw refuse('SUPPRESSED', { erasureId });
      }
      const [changed] = await update(transaction, { version: null, size: false, admission: false });
      if (body.metadata !== undefined && !isWithinSize(changed!.metadata, LEAD_METADATA_MAX_BYTES)) {
        const message = `${tooLarge(LEAD_METADATA_MAX_BYTES)} after the merge`;
        throw refuse('VALIDATION_ERROR', { issues: [{ location: 'body.metadata', message, code: 'too_big' }] });
      }
      return changed!;
    });
    response.setHeader('ETag', etagOf(row));
    return { status: 200, body: { success: true, data: toLead(row) } };
  };
}

const LOCK = 'select version from leads where workspace_id = $1 and id = $2 for update';

/** The person that a change names, as it is compared. */
function foldedPerson({ email, phone }: Changes): { email: string | null; phone: string | null } {
  return { email: email === undefined ? null : fold(email), phone: phone ? foldPhone(phone) : null };
}

/** Whether a change may give the lead to somebody who was erased. */
function namesPerson({ email, phone }: Changes): boolean {
  return email !== undefined || typeof phone === 'string';
}

/** What must hold for the statement to change the lead. */
interface Guards {
  readonly version: string | null;
  readonly size: boolean;
  readonly admission: boolean;
}

function updateStatement(workspaceId: string, leadId: string, changes: Changes, now: Date, guards: Guards) {
  const values: unknown[] = [workspaceId, leadId, now];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  // An instance with a slow clock must not set the time back.
  const assignments = ['updated_at = greatest(leads.updated_at, $3)'];
  const { metadata, ...fields } = changes;
  for (const { column, value } of columnsOf(fields)) assignments.push(`${column} = ${parameter(value)}`);
  const versionGuard = guards.version === null ? '' : ` and version::text = ${parameter(guards.version)}`;
  // Beside the statement and not in its condition: the distributed database takes no function there that waits for a lock.
  const parts: string[] = [];
  const from: string[] = [];
  let admissionGuard = '';
  if (guards.admission) {
    const erasure = suppressingErasure.expression({ workspace: workspaceId, ...foldedPerson(changes) }, parameter);
    parts.push(`judged as materialized (select ${erasure} as erasure_id)`);
    from.push('judged');
    admissionGuard = ' and erasure_id is null';
  }
  let mergeGuard = '';
  if (metadata !== undefined) {
    parts.push(`merged as (
      select workspace_id as merged_workspace_id, id as merged_id, jsonb_merge_patch(metadata, ${parameter(JSON.stringify(metadata))}::jsonb) as new_metadata
      from leads where workspace_id = $1 and id = $2 for update
    )`);
    from.push('merged');
    assignments.push('metadata = merged.new_metadata');
    mergeGuard = ' and merged_workspace_id = workspace_id and merged_id = id';
    if (guards.size) mergeGuard += ` and octet_length(merged.new_metadata::text) <= ${LEAD_METADATA_MAX_BYTES}`;
  }
  const sql = `
    ${parts.length > 0 ? `with ${parts.join(', ')}` : ''}
    update leads set ${assignments.join(', ')} ${from.length > 0 ? `from ${from.join(', ')}` : ''}
    where workspace_id = $1 and id = $2${versionGuard}${mergeGuard}${admissionGuard} returning ${LEAD_COLUMNS}`;
  return { sql, values };
}
