import type { contract } from '@leads/contract';
import type { Deps } from '../deps.ts';
import { run } from '../db/database.ts';
import { anonymizeLeads } from '../db/functions.ts';
import { inTransaction } from '../db/transaction.ts';
import type { OperationHandler } from '../http/implement.ts';
import { searchable } from '../http/ids.ts';
import { SELECT_LEAD } from './get-lead.ts';
import { type LeadRow, toLead } from './lead-fields.ts';
import { etagOf, leadNotFound, versionSeen } from './lead-row.ts';
import { redactable } from './reason.ts';

/** `leads.anonymize`: removes the person for good, and keeps what is counted. */
export function anonymizeLead({ now }: Deps): OperationHandler<typeof contract.leads.anonymize> {
  return ({ params: { leadId }, headers, body, caller, requestId, refuse, response, db }) =>
    inTransaction(db, async (transaction) => {
      const [outcome] = await anonymizeLeads.call(transaction, {
        workspace: caller.workspaceId,
        ids: [searchable(leadId)],
        versions: [await versionSeen(transaction, caller.workspaceId, leadId, headers['if-match'])],
        atomic: false,
        keep: body.keepMetadata ?? [],
        at: now(),
        key: caller.keyId,
        request: requestId,
        job: null,
        reason: redactable(body.reason),
      });
      const { code, version, activities, backups } = outcome!;
      if (code === 'LEAD_NOT_FOUND') throw refuse(code, leadNotFound(leadId));
      if (code === 'PRECONDITION_FAILED') throw refuse(code, { leadId, etag: etagOf({ version }) });
      const [row] = await run<LeadRow>(transaction, SELECT_LEAD, [caller.workspaceId, leadId]);
      response.setHeader('ETag', etagOf(row!));
      return {
        status: 200,
        body: {
          success: true,
          message: 'Lead anonymized successfully',
          data: { lead: toLead(row!), removed: { activityTexts: activities!, backups: backups! } },
        },
      };
    });
}
