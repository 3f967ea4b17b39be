import type { LeadRecord } from '@leads/contract';
import { type Database, run } from '../db/database.ts';
import * as functions from '../db/functions.ts';
import { rowOf } from './lead-fields.ts';

const EXISTING_CAMPAIGNS = 'select id from campaigns where workspace_id = $1 and id = any($2)';

/** Why a record was not brought in: with the lead that has its e-mail address, or the erasure that keeps the person away. */
type Refusal =
  | { readonly code: 'LEAD_EXISTS' | 'LEAD_ERASED' }
  | { readonly code: 'EMAIL_EXISTS'; readonly existingLeadId: string }
  | { readonly code: 'SUPPRESSED'; readonly erasureId: string };

/** What came of records that were to be brought in. */
export interface InsertedRecords {
  /** Why the lead with this id was not brought in; undefined where it was. */
  readonly refusal: (leadId: string) => Refusal | undefined;
  /** The campaigns of a record that the workspace does not have. */
  readonly missingCampaigns: (record: LeadRecord) => string[];
}

/**
 * Brings records into a workspace, with the ids and times that they have; a lead that is there stays as it is. Where
 * `duplicateEmails` is false, none comes whose e-mail address a lead had before the transaction. Of the campaigns those that
 * exist. On a transaction.
 */
export async function insertRecords(
  db: Database,
  workspaceId: string,
  records: readonly LeadRecord[],
  duplicateEmails: boolean,
): Promise<InsertedRecords> {
  const rows = await functions.insertRecords.call(db, {
    workspace: workspaceId,
    leads: records.map(({ lead, statusBeforeArchive }) => rowOf({ ...lead, workspaceId }, { status_before_archive: statusBeforeArchive })),
    attached: records.map(({ lead, activities, campaigns }) => JSON.stringify({ leadId: lead.id, activities, campaigns })),
    duplicate_emails: duplicateEmails,
  });
  const named = [...new Set(records.flatMap(({ campaigns }) => campaigns.map(({ id }) => id)))];
  const existing = named.length === 0 ? [] : await run<{ id: string }>(db, EXISTING_CAMPAIGNS, [workspaceId, named]);
  const there = new Set(existing.map(({ id }) => id));
  const refusals = new Map(rows.flatMap((row) => (row.code === null ? [] : [[row.lead_id!, refusalOf(row)]])));
  return {
    refusal: (leadId) => refusals.get(leadId),
    missingCampaigns: ({ campaigns }) => campaigns.map(({ id }) => id).filter((id) => !there.has(id)),
  };
}

function refusalOf(row: { code: string | null; existing_lead_id: string | null; erasure_id: string | null }): Refusal {
  const { code, existing_lead_id: existingLeadId, erasure_id: erasureId } = row;
  return { code, ...(existingLeadId !== null && { existingLeadId }), ...(erasureId !== null && { erasureId }) } as Refusal;
}
