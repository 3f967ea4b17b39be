import type { contract, Lead } from '@leads/contract';
import { runShort } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import type { OperationHandler } from '../http/implement.ts';
import { admissionOf } from './admission.ts';
import { columnsOf } from './lead-fields.ts';
import { etagOf } from './lead-row.ts';

/** `leads.create`: adds a lead. */
export function createLead({ now, newId }: Deps): OperationHandler<typeof contract.leads.create> {
  return async ({ body, caller, refuse, response, db }) => {
    const createdAt = now().toISOString();
    const lead: Lead = { id: newId('lead'), ...body, createdAt, updatedAt: createdAt, workspaceId: caller.workspaceId };
    const columns = columnsOf(lead);
    const values: unknown[] = columns.map(({ value }) => value);
    const admission = admissionOf(caller.workspaceId, lead, (value) => `$${values.push(value)}`);
    const sql = `
      with judged as materialized (select ${admission} as erasure_id),
      made as (
        insert into leads (${columns.map(({ column }) => column).join(', ')})
        select ${columns.map(({ type }, i) => `$${i + 1}::${type}`).join(', ')} from judged where erasure_id is null returning version
      )
      select erasure_id, (select version from made) from judged`;
    const [row] = await runShort<{ erasure_id: string | null; version: string }>(db, sql, values);
    if (row!.erasure_id !== null) throw refuse('SUPPRESSED', { erasureId: row!.erasure_id });
    response.setHeader('Location', `/api/v1/leads/${lead.id}`);
    response.setHeader('ETag', etagOf(row!));
    return { status: 201, body: { success: true, data: lead } };
  };
}
