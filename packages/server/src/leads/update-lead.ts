import { type contract, isMetadataWithinSize, LEAD_METADATA_MAX_BYTES, METADATA_TOO_LARGE_MESSAGE } from '@leads/contract';
import type { ServerInferRequest } from '@ts-rest/core';
import type { Deps } from '../app.ts';
import { type Database, run } from '../db/database.ts';
import type { OperationHandler } from '../http/implement.ts';
import { isImpossibleId, LEAD_COLUMNS, leadNotFound, type LeadRow, toLead } from './lead-row.ts';

type Changes = ServerInferRequest<typeof contract.leads.update>['body'];

/** `leads.update`: changes the fields that are sent. */
export function updateLead({ db, now }: Deps): OperationHandler<typeof contract.leads.update> {
  return async ({ params: { leadId }, body, caller, refuse }) => {
    const update = (on: Database, sizeGuard: boolean) => {
      const { sql, values } = updateStatement(caller.workspaceId, leadId, body, now(), sizeGuard);
      return run<LeadRow>(on, sql, values);
    };
    let [row] = isImpossibleId(leadId) ? [] : await update(db, body.metadata !== undefined);
    // The guard measures PostgreSQL's text of the metadata, which is longer than its JSON by some spaces: what it holds
    // back is changed in a transaction, measured exactly, and taken back if it really is too large.
    if (!row && body.metadata !== undefined && !isImpossibleId(leadId)) {
      row = await db.transaction().execute(async (transaction) => {
        const [changed] = await update(transaction, false);
        if (changed && !isMetadataWithinSize(changed.metadata)) {
          const issue = { location: 'body.metadata', message: `${METADATA_TOO_LARGE_MESSAGE} after the merge`, code: 'too_big' };
          throw refuse('VALIDATION_ERROR', { issues: [issue] });
        }
        return changed;
      });
    }
    if (!row) throw refuse('LEAD_NOT_FOUND', leadNotFound(leadId));
    return { status: 200, body: { success: true, data: toLead(row) } };
  };
}

function updateStatement(workspaceId: string, leadId: string, changes: Changes, now: Date, sizeGuard: boolean) {
  const values: unknown[] = [workspaceId, leadId, now];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  // An instance with a slow clock must not set the time back.
  const assignments = ['updated_at = greatest(leads.updated_at, $3)'];
  if (changes.name !== undefined) {
    assignments.push(`name = ${parameter(changes.name)}`, `name_lower = ${parameter(changes.name.toLowerCase())}`);
  }
  if (changes.email !== undefined) {
    assignments.push(`email = ${parameter(changes.email)}`, `email_lower = ${parameter(changes.email.toLowerCase())}`);
  }
  if (changes.phone !== undefined) assignments.push(`phone = ${parameter(changes.phone)}`);
  if (changes.source !== undefined) assignments.push(`source = ${parameter(changes.source)}`);
  if (changes.status !== undefined) assignments.push(`status = ${parameter(changes.status)}`);
  if (changes.metadata === undefined) {
    return { sql: `update leads set ${assignments.join(', ')} where workspace_id = $1 and id = $2 returning ${LEAD_COLUMNS}`, values };
  }
  const patch = parameter(JSON.stringify(changes.metadata));
  const guard = sizeGuard ? ` and octet_length(merged.new_metadata::text) <= ${LEAD_METADATA_MAX_BYTES}` : '';
  const sql = `
    with merged as (
      select workspace_id as merged_workspace_id, id as merged_id, jsonb_merge_patch(metadata, ${patch}::jsonb) as new_metadata
      from leads where workspace_id = $1 and id = $2 for update
    )
    update leads set ${assignments.join(', ')}, metadata = merged.new_metadata
    from merged where workspace_id = merged_workspace_id and id = merged_id${guard}
    returning ${LEAD_COLUMNS}`;
  return { sql, values };
}
