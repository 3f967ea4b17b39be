import type { contract } from '@leads/contract';
import type { Deps } from '../app.ts';
import { run } from '../db/database.ts';
import type { OperationHandler } from '../http/implement.ts';
import { isImpossibleId, leadNotFound } from './lead-row.ts';

const DELETE = 'delete from leads where workspace_id = $1 and id = $2 returning id';

/** `leads.delete`: removes a lead for good. */
export function deleteLead({ db, now }: Deps): OperationHandler<typeof contract.leads.delete> {
  return async ({ params: { leadId }, caller, refuse }) => {
    const [row] = isImpossibleId(leadId) ? [] : await run<{ id: string }>(db, DELETE, [caller.workspaceId, leadId]);
    if (!row) throw refuse('LEAD_NOT_FOUND', leadNotFound(leadId));
    return {
      status: 200,
      body: { success: true, message: 'Lead deleted successfully', data: { id: row.id, deletedAt: now().toISOString() } },
    };
  };
}
