import type { contract } from '@leads/contract';
import { runShort } from '../db/database.ts';
import type { OperationHandler } from '../http/implement.ts';
import { isImpossibleId } from '../http/ids.ts';
import { LEAD_COLUMNS, type LeadRow, toLead } from './lead-fields.ts';
import { etagOf, leadNotFound } from './lead-row.ts';

/** Reads a lead by workspace and id. */
export const SELECT_LEAD = `select ${LEAD_COLUMNS} from leads where workspace_id = $1 and id = $2`;

/** `leads.get`: reads a lead. */
export function getLead(): OperationHandler<typeof contract.leads.get> {
  return async ({ params: { leadId }, caller, refuse, db, response }) => {
    const [row] = isImpossibleId(leadId) ? [] : await runShort<LeadRow>(db, SELECT_LEAD, [caller.workspaceId, leadId]);
    if (!row) throw refuse('LEAD_NOT_FOUND', leadNotFound(leadId));
    response.setHeader('ETag', etagOf(row));
    return { status: 200, body: { success: true, data: toLead(row) } };
  };
}
