import type { contract } from '@leads/contract';
import type { Deps } from '../deps.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { type Database, run } from '../db/database.ts';
import { inTransaction } from '../db/transaction.ts';
import { cursorPage, decodeCursor, isPosition } from '../http/cursor.ts';
import { searchable } from '../http/ids.ts';
import type { OperationHandler } from '../http/implement.ts';
import { leadNotFound } from '../leads/lead-row.ts';
import { campaignNotFound, findCampaign } from './campaign-row.ts';

type Campaigns = typeof contract.campaigns;

const isLeadPosition = isPosition('text');

/** `campaigns.listLeads`: which leads are in a campaign. */
export function listCampaignLeads(): OperationHandler<Campaigns['listLeads']> {
  return async ({ params: { campaignId }, query: { limit, cursor }, caller, refuse, db }) => {
    if (!(await findCampaign(db, caller.workspaceId, campaignId))) throw refuse('CAMPAIGN_NOT_FOUND', campaignNotFound(campaignId));
    const after = cursor === undefined ? '' : decodeCursor(cursor, isLeadPosition)[0];
    const rows = await run<{ lead_id: string; enrolled_at: string }>(
      db,
      'select lead_id, enrolled_at from campaign_leads where workspace_id = $1 and campaign_id = $2 and lead_id > $3 order by lead_id limit $4',
      [caller.workspaceId, campaignId, after, limit + 1],
    );
    const { items, pagination } = cursorPage(rows, limit, ({ lead_id: id }) => [id]);
    const enrollments = items.map((row) => ({ campaignId, leadId: row.lead_id, enrolledAt: row.enrolled_at }));
    return { status: 200, body: { success: true, data: { enrollments, pagination } } };
  };
}

// The lock on the lead is what a deletion waits for: a lead is either enrolled before it, and then in its way, or not there any more.
const LOCK_LEADS = 'select id from leads where workspace_id = $1 and id = any($2) order by id for key share';
const ENROLL = `
  insert into campaign_leads (workspace_id, campaign_id, lead_id, enrolled_at)
  select $1, $2, lead_id, $4 from unnest($3::text[]) as asked (lead_id)
  on conflict do nothing returning lead_id`;

async function enroll(db: Database, workspaceId: string, campaignId: string, leadIds: readonly string[], at: Date) {
  const locked = await run<{ id: string }>(db, LOCK_LEADS, [workspaceId, leadIds.map(searchable)]);
  const there = new Set(locked.map(({ id }) => id));
  const enrolled = await run<{ lead_id: string }>(db, ENROLL, [workspaceId, campaignId, [...there], at]);
  return { there, enrolled: new Set(enrolled.map((row) => row.lead_id)) };
}

/** `campaigns.enroll`: puts many leads into a campaign. */
export function enrollLeads({ now }: Deps): OperationHandler<Campaigns['enroll']> {
  return ({ params: { campaignId }, body: { leadIds }, caller, refuse, db }) =>
    inTransaction(db, async (transaction) => {
      const campaign = await findCampaign(transaction, caller.workspaceId, campaignId, 'key share');
      if (!campaign) throw refuse('CAMPAIGN_NOT_FOUND', campaignNotFound(campaignId));
      const { there, enrolled } = await enroll(transaction, caller.workspaceId, campaignId, leadIds, now());
      const outcomeOf = (id: string) => (enrolled.has(id) ? 'enrolled' : there.has(id) ? 'already_enrolled' : 'not_found');
      const outcomes = leadIds.map((leadId) => ({ leadId, outcome: outcomeOf(leadId) }) as const);
      return { status: 200, body: { success: true, data: { outcomes } } };
    });
}

/** `campaigns.enrollLead`: puts one lead into a campaign. */
export function enrollLead({ now }: Deps): OperationHandler<Campaigns['enrollLead']> {
  return ({ params: { campaignId, leadId }, caller, refuse, db }) =>
    inTransaction(db, async (transaction) => {
      const campaign = await findCampaign(transaction, caller.workspaceId, campaignId, 'key share');
      if (!campaign) throw refuse('CAMPAIGN_NOT_FOUND', campaignNotFound(campaignId));
      const { there } = await enroll(transaction, caller.workspaceId, campaignId, [leadId], now());
      if (!there.has(leadId)) throw refuse('LEAD_NOT_FOUND', leadNotFound(leadId));
      const [row] = await run<{ enrolled_at: string }>(
        transaction,
        'select enrolled_at from campaign_leads where workspace_id = $1 and campaign_id = $2 and lead_id = $3',
        [caller.workspaceId, campaignId, leadId],
      );
      return { status: 200, body: { success: true, data: { campaignId, leadId, enrolledAt: row!.enrolled_at } } };
    });
}

const REMOVE = 'delete from campaign_leads where workspace_id = $1 and campaign_id = $2 and lead_id = any($3) returning lead_id';

/** `campaigns.remove`: takes many leads out of a campaign. */
export function removeLeads({ now }: Deps): OperationHandler<Campaigns['remove']> {
  return ({ params: { campaignId }, body: { leadIds }, caller, requestId, refuse, db }) =>
    inTransaction(db, async (transaction) => {
      const campaign = await findCampaign(transaction, caller.workspaceId, campaignId, 'key share');
      if (!campaign) throw refuse('CAMPAIGN_NOT_FOUND', campaignNotFound(campaignId));
      const rows = await run<{ lead_id: string }>(transaction, REMOVE, [caller.workspaceId, campaignId, leadIds.map(searchable)]);
      const removed = new Set(rows.map((row) => row.lead_id));
      if (removed.size > 0) {
        const details = { campaignId, leads: removed.size };
        await appendAudit(transaction, now(), { caller, requestId }, { action: 'campaign.leads_removed', details });
      }
      const outcomes = leadIds.map((leadId) => ({ leadId, outcome: removed.has(leadId) ? 'removed' : 'not_enrolled' }) as const);
      return { status: 200, body: { success: true, data: { outcomes } } };
    });
}

/** `campaigns.removeLead`: takes one lead out of a campaign. */
export function removeLead({ now }: Deps): OperationHandler<Campaigns['removeLead']> {
  return ({ params: { campaignId, leadId }, caller, requestId, refuse, db }) =>
    inTransaction(db, async (transaction) => {
      const campaign = await findCampaign(transaction, caller.workspaceId, campaignId, 'key share');
      if (!campaign) throw refuse('CAMPAIGN_NOT_FOUND', campaignNotFound(campaignId));
      const [row] = await run(transaction, REMOVE, [caller.workspaceId, campaignId, [searchable(leadId)]]);
      const removed = row !== undefined;
      if (removed) {
        const details = { campaignId, leads: 1 };
        await appendAudit(transaction, now(), { caller, requestId }, { action: 'campaign.leads_removed', leadId, details });
      }
      return { status: 200, body: { success: true, data: { campaignId, leadId, removed } } };
    });
}
