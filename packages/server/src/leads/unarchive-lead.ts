import type { contract } from '@leads/contract';
import type { Deps } from '../deps.ts';
import { run } from '../db/database.ts';
import * as functions from '../db/functions.ts';
import { inTransaction } from '../db/transaction.ts';
import type { OperationHandler } from '../http/implement.ts';
import { searchable } from '../http/ids.ts';
import { SELECT_LEAD } from './get-lead.ts';
import { type LeadRow, toLead } from './lead-fields.ts';
import { etagOf, leadNotFound, versionSeen } from './lead-row.ts';

/** `leads.unarchive`: takes the archive's fields out again, and brings back the former status. */
export function unarchiveLead({ now }: Deps): OperationHandler<typeof contract.leads.unarchive> {
  return ({ params: { leadId }, headers, caller, requestId, refuse, response, db }) =>
    inTransaction(db, async (transaction) => {
      const [outcome] = await functions.unarchiveLead.call(transaction, {
        workspace: caller.workspaceId,
        id: searchable(leadId),
        version: await versionSeen(transaction, caller.workspaceId, leadId, headers['if-match']),
        at: now(),
        key: caller.keyId,
        request: requestId,
      });
      const code = outcome!.unarchive_lead;
      if (code === 'LEAD_NOT_FOUND') throw refuse(code, leadNotFound(leadId));
      const [row] = await run<LeadRow>(transaction, SELECT_LEAD, [caller.workspaceId, leadId]);
      if (code === 'PRECONDITION_FAILED') throw refuse(code, { leadId, etag: etagOf(row!) });
      response.setHeader('ETag', etagOf(row!));
      return { status: 200, body: { success: true, data: toLead(row!) } };
    });
}
