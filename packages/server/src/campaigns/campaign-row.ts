import type { Campaign } from '@leads/contract';
import type { Database } from '../db/database.ts';
import { run } from '../db/database.ts';
import { searchable } from '../http/ids.ts';

/** The columns of a campaign. */
export const CAMPAIGN_COLUMNS = 'workspace_id, id, name, status, created_at, updated_at';

/** A campaign as `CAMPAIGN_COLUMNS` reads it. */
export interface CampaignRow {
  readonly workspace_id: string;
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Which lock a campaign is read with: `key share` keeps it from being deleted, `update` from any change too. */
export type CampaignLock = 'key share' | 'update';

/** The campaign of a workspace; undefined where there is none. */
export async function findCampaign(db: Database, workspaceId: string, id: string, lock?: CampaignLock): Promise<CampaignRow | undefined> {
  const sql = `select ${CAMPAIGN_COLUMNS} from campaigns where workspace_id = $1 and id = $2${lock ? ` for ${lock}` : ''}`;
  return (await run<CampaignRow>(db, sql, [workspaceId, searchable(id)]))[0];
}

/** The campaign of a row. */
export function toCampaign(row: CampaignRow): Campaign {
  return {
    id: row.id,
    name: row.name,
    status: row.status as Campaign['status'],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    workspaceId: row.workspace_id,
  };
}

/** The `details` of `CAMPAIGN_NOT_FOUND`. */
export function campaignNotFound(campaignId: string) {
  return { campaignId, message: 'No campaign found with this ID in your workspace' } as const;
}
