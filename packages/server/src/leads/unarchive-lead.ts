import type { contract } from '@leads/contract';
import type { Deps } from '../app.ts';
import { run } from '../db/database.ts';
import { inTransaction } from '../db/transaction.ts';
import type { OperationHandler } from '../http/implement.ts';
import { searchable } from '../http/ids.ts';
import { SELECT_LEAD } from './get-lead.ts';
import { etagOf, leadNotFound, type LeadRow, toLead, versionSeen } from './lead-row.ts';

const UNARCHIVE = 'select unarchive_lead($1, $2, $3, $4, $5, $6) as code';

/** `leads.unarchive`: takes the archive's fields out again, and brings back the former status. */
export function unarchiveLead({ now }: Deps): OperationHandler<typeof contract.leads.unarchive> {
  return ({ params: { leadId }, headers, caller, requestId, refuse, response, db }) =>
    inTransaction(db, async (transaction) => {
      const [outcome] = await run<{ code: 'LEAD_NOT_FOUND' | 'PRECONDITION_FAILED' | null }>(transaction, UNARCHIVE, [
        caller.workspaceId,
        searchable(leadId),
        await versionSeen(transaction, caller.workspaceId, leadId, headers['if-match']),
        now(),
        caller.keyId,
        requestId,
      ]);
      const { code } = outcome!;
      if (code === 'LEAD_NOT_FOUND') throw refuse(code, leadNotFound(leadId));
      const [row] = await run<LeadRow>(transaction, SELECT_LEAD, [caller.workspaceId, leadId]);
      if (code === 'PRECONDITION_FAILED') throw refuse(code, { leadId, etag: etagOf(row!) });
      response.setHeader('ETag', etagOf(row!));
      return { status: 200, body: { success: true, data: toLead(row!) } };
    });
}
