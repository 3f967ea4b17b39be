import type { LeadRecord } from '@leads/contract';
import { type Database, run } from '../db/database.ts';
import * as functions from '../db/functions.ts';
import { columnsOf } from './lead-fields.ts';

const EXISTING_CAMPAIGNS = 'select id from campaigns where workspace_id = $1 and id = any($2)';

/** What came of records that were to be brought in. */
export interface InsertedRecords {
  /** The ids of the leads that were not there, and are now. */
  readonly inserted: ReadonlySet<string>;
  /** The campaigns of a record that the workspace does not have. */
  readonly missingCampaigns: (record: LeadRecord) => string[];
}

/**
 * Brings records into a workspace, with the ids and times that they have; a lead that is there stays as it is. Of the campaigns
 * those that exist. On a transaction.
 */
export async function insertRecords(db: Database, workspaceId: string, records: readonly LeadRecord[]): Promise<InsertedRecords> {
  const rows = await functions.insertRecords.call(db, {
    workspace: workspaceId,
    leads: records.map((record) => rowOf(record, workspaceId)),
    attached: records.map(({ lead, activities, campaigns }) => JSON.stringify({ leadId: lead.id, activities, campaigns })),
  });
  const named = [...new Set(records.flatMap(({ campaigns }) => campaigns.map(({ id }) => id)))];
  const existing = named.length === 0 ? [] : await run<{ id: string }>(db, EXISTING_CAMPAIGNS, [workspaceId, named]);
  const there = new Set(existing.map(({ id }) => id));
  return {
    inserted: new Set(rows.map((row) => row.lead_id!)),
    missingCampaigns: ({ campaigns }) => campaigns.map(({ id }) => id).filter((id) => !there.has(id)),
  };
}

function rowOf({ lead, statusBeforeArchive }: LeadRecord, workspaceId: string): string {
  const { metadata, ...fields } = lead;
  const columns = columnsOf({ ...fields, workspaceId }).map(({ column, value }) => [column, value]);
  return JSON.stringify({ ...Object.fromEntries(columns), metadata, status_before_archive: statusBeforeArchive });
}
