import type { contract, Lead } from '@leads/contract';
import { runShort } from '../db/database.ts';
import * as functions from '../db/functions.ts';
import type { Deps } from '../deps.ts';
import type { OperationHandler } from '../http/implement.ts';
import { rowOf } from './lead-fields.ts';
import { etagOf } from './lead-row.ts';

/** `leads.create`: adds a lead. */
export function createLead({ now, newId }: Deps): OperationHandler<typeof contract.leads.create> {
  return async ({ body, caller, refuse, response, db }) => {
    const createdAt = now().toISOString();
    const lead: Lead = { id: newId('lead'), ...body, createdAt, updatedAt: createdAt, workspaceId: caller.workspaceId };
    const [row] = await functions.createLead.call(db, { workspace: caller.workspaceId, lead: rowOf(lead) }, runShort);
    if (row!.erasure_id !== null) throw refuse('SUPPRESSED', { erasureId: row!.erasure_id });
    response.setHeader('Location', `/api/v1/leads/${lead.id}`);
    response.setHeader('ETag', etagOf({ version: row!.version }));
    return { status: 201, body: { success: true, data: lead } };
  };
}
