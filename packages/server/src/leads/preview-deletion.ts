import type { contract } from '@leads/contract';
import type { Deps } from '../deps.ts';
import { run } from '../db/database.ts';
import type { OperationHandler } from '../http/implement.ts';
import { searchable } from '../http/ids.ts';
import { LEAD_COLUMNS, type LeadRow, toLead } from './lead-fields.ts';
import { etagOf, leadNotFound } from './lead-row.ts';

const PREVIEW = `
  select ${LEAD_COLUMNS}, encode(deletion_state($1, $2), 'hex') as state, 
    coalesce((select active from active_campaigns($1, array[$2::text])), '[]') as blockers,
    (select count(*)::integer from activities where workspace_id = $1 and lead_id = $2) as activities,
    (select count(*)::integer from campaign_leads where workspace_id = $1 and lead_id = $2) as campaigns,
    (select count(*)::integer from backups where workspace_id = $1 and lead_id = $2 and expires_at > $3) as backups
  from leads where workspace_id = $1 and id = $2`;

interface Preview extends LeadRow {
  readonly state: string;
  readonly blockers: { id: string; name: string }[];
  readonly activities: number;
  readonly campaigns: number;
  readonly backups: number;
}

/** `leads.deletionPreview`: what a deletion would take, in one statement, so that everything in it is of the same moment. */
export function previewDeletion({ now, tokens }: Deps): OperationHandler<typeof contract.leads.deletionPreview> {
  return async ({ params: { leadId }, caller, refuse, response, db }) => {
    const [row] = await run<Preview>(db, PREVIEW, [caller.workspaceId, searchable(leadId), now()]);
    if (!row) throw refuse('LEAD_NOT_FOUND', leadNotFound(leadId));
    const { token, expiresAt } = tokens.sign(['deletion', caller.workspaceId, leadId, row.state]);
    response.setHeader('ETag', etagOf(row));
    return {
      status: 200,
      body: {
        success: true,
        data: {
          lead: toLead(row),
          etag: etagOf(row),
          attached: { activities: row.activities, campaigns: row.campaigns },
          backups: row.backups,
          deletable: row.blockers.length === 0,
          blockers: row.blockers,
          confirmationToken: token,
          confirmationExpiresAt: expiresAt,
        },
      },
    };
  };
}
