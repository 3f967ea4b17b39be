import type { contract } from '@leads/contract';
import type { Deps } from '../app.ts';
import { run } from '../db/database.ts';
import { inTransaction } from '../db/transaction.ts';
import type { OperationHandler } from '../http/implement.ts';
import { searchable } from '../http/ids.ts';
import { SELECT_LEAD } from './get-lead.ts';
import { etagOf, leadNotFound, type LeadRow, toLead, versionSeen } from './lead-row.ts';

const ANONYMIZE = `
  select code, version, activities::integer, backups::integer
  from anonymize_leads($1, array[$2::text], array[$3::text], false, $4, $5, $6, $7, null, $8)`;

interface Outcome {
  readonly code: 'LEAD_NOT_FOUND' | 'PRECONDITION_FAILED' | null;
  readonly version: string;
  readonly activities: number;
  readonly backups: number;
}

/** `leads.anonymize`: removes the person for good, and keeps what is counted. */
export function anonymizeLead({ now }: Deps): OperationHandler<typeof contract.leads.anonymize> {
  return ({ params: { leadId }, headers, body, caller, requestId, refuse, response, db }) =>
    inTransaction(db, async (transaction) => {
      const [outcome] = await run<Outcome>(transaction, ANONYMIZE, [
        caller.workspaceId,
        searchable(leadId),
        await versionSeen(transaction, caller.workspaceId, leadId, headers['if-match']),
        body.keepMetadata ?? [],
        now(),
        caller.keyId,
        requestId,
        body.reason ?? null,
      ]);
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
          data: { lead: toLead(row!), removed: { activityTexts: activities, backups } },
        },
      };
    });
}
