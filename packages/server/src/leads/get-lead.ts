import type { contract } from '@leads/contract';
import type { Deps } from '../app.ts';
import { run } from '../db/database.ts';
import type { OperationHandler } from '../http/implement.ts';
import { isImpossibleId, LEAD_COLUMNS, leadNotFound, type LeadRow, toLead } from './lead-row.ts';

const SELECT = `select ${LEAD_COLUMNS} from leads where workspace_id = $1 and id = $2`;

/** `leads.get`: reads a lead. */
export function getLead({ db }: Deps): OperationHandler<typeof contract.leads.get> {
  return async ({ params: { leadId }, caller, refuse }) => {
    const [row] = isImpossibleId(leadId) ? [] : await run<LeadRow>(db, SELECT, [caller.workspaceId, leadId]);
    if (!row) throw refuse('LEAD_NOT_FOUND', leadNotFound(leadId));
    return { status: 200, body: { success: true, data: toLead(row) } };
  };
}
