import { CAMPAIGNS_MAX, type contract } from '@leads/contract';
import type { Deps } from '../deps.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { run } from '../db/database.ts';
import { inTransaction } from '../db/transaction.ts';
import { cursorPage, decodeCursor, isTimePosition } from '../http/cursor.ts';
import { searchable } from '../http/ids.ts';
import type { Implementation, OperationHandler } from '../http/implement.ts';
import { lockWorkspace } from '../workspaces/workspaces.ts';
import { CAMPAIGN_COLUMNS, campaignNotFound, type CampaignRow, findCampaign, toCampaign } from './campaign-row.ts';
import { enrollLead, enrollLeads, listCampaignLeads, removeLead, removeLeads } from './enrollments.ts';

type Campaigns = typeof contract.campaigns;

/** The operations on campaigns, implemented. */
export function campaigns(deps: Deps): Implementation<Campaigns> {
  return {
    create: createCampaign(deps),
    list: listCampaigns(),
    get: getCampaign(),
    update: updateCampaign(deps),
    delete: deleteCampaign(deps),
    listLeads: listCampaignLeads(),
    enroll: enrollLeads(deps),
    remove: removeLeads(deps),
    enrollLead: enrollLead(deps),
    removeLead: removeLead(deps),
  };
}

const COUNT = 'select count(*)::integer as count from campaigns where workspace_id = $1';
const OF_LEAD = 'select campaign_id from campaign_leads where workspace_id = $1';
const INSERT = `insert into campaigns (${CAMPAIGN_COLUMNS}) values ($1, $2, $3, $4, $5, $5) returning ${CAMPAIGN_COLUMNS}`;

function createCampaign({ now, newId }: Deps): OperationHandler<Campaigns['create']> {
  return ({ body, caller, refuse, response, db }) =>
    inTransaction(db, async (transaction) => {
      await lockWorkspace(transaction, caller.workspaceId);
      const [counted] = await run<{ count: number }>(transaction, COUNT, [caller.workspaceId]);
      if (counted!.count >= CAMPAIGNS_MAX) throw refuse('CAMPAIGN_LIMIT_REACHED', { limit: CAMPAIGNS_MAX });
      const values = [caller.workspaceId, newId('camp'), body.name, body.status ?? 'draft', now()];
      const [row] = await run<CampaignRow>(transaction, INSERT, values);
      response.setHeader('Location', `/api/v1/campaigns/${row!.id}`);
      return { status: 201, body: { success: true, data: toCampaign(row!) } };
    });
}

function listCampaigns(): OperationHandler<Campaigns['list']> {
  return async ({ query: { status, leadId, limit, cursor }, caller, db }) => {
    const values: unknown[] = [caller.workspaceId];
    const parameter = (value: unknown) => `$${values.push(value)}`;
    const conditions = ['workspace_id = $1'];
    if (status !== undefined) conditions.push(`status = ${parameter(status)}`);
    if (leadId !== undefined) conditions.push(`id in (${OF_LEAD} and lead_id = ${parameter(searchable(leadId))})`);
    if (cursor !== undefined) conditions.push(`(created_at, id) < (${decodeCursor(cursor, isTimePosition).map(parameter).join(', ')})`);
    const sql = `select ${CAMPAIGN_COLUMNS} from campaigns where ${conditions.join(' and ')} order by created_at desc, id desc limit ${parameter(limit + 1)}`;
    const rows = await run<CampaignRow>(db, sql, values);
    const { items, pagination } = cursorPage(rows, limit, (row) => [row.created_at, row.id]);
    return { status: 200, body: { success: true, data: { campaigns: items.map(toCampaign), pagination } } };
  };
}

function getCampaign(): OperationHandler<Campaigns['get']> {
  return async ({ params: { campaignId }, caller, refuse, db }) => {
    const row = await findCampaign(db, caller.workspaceId, campaignId);
    if (!row) throw refuse('CAMPAIGN_NOT_FOUND', campaignNotFound(campaignId));
    return { status: 200, body: { success: true, data: toCampaign(row) } };
  };
}

const UPDATE = `
  update campaigns set name = coalesce($3, name), status = coalesce($4, status), updated_at = greatest(updated_at, $5)
  where workspace_id = $1 and id = $2 returning ${CAMPAIGN_COLUMNS}`;

function updateCampaign({ now }: Deps): OperationHandler<Campaigns['update']> {
  return async ({ params: { campaignId }, body, caller, refuse, db }) => {
    const values = [caller.workspaceId, searchable(campaignId), body.name ?? null, body.status ?? null, now()];
    const [row] = await run<CampaignRow>(db, UPDATE, values);
    if (!row) throw refuse('CAMPAIGN_NOT_FOUND', campaignNotFound(campaignId));
    return { status: 200, body: { success: true, data: toCampaign(row) } };
  };
}

const DELETE = 'delete from campaigns where workspace_id = $1 and id = $2';

function deleteCampaign({ now }: Deps): OperationHandler<Campaigns['delete']> {
  return ({ params: { campaignId }, caller, requestId, refuse, db }) =>
    inTransaction(db, async (transaction) => {
      const row = await findCampaign(transaction, caller.workspaceId, campaignId, 'update');
      if (!row) throw refuse('CAMPAIGN_NOT_FOUND', campaignNotFound(campaignId));
      if (row.status === 'active') throw refuse('CAMPAIGN_ACTIVE', { campaignId });
      await run(transaction, DELETE, [caller.workspaceId, campaignId]);
      const at = now();
      await appendAudit(transaction, at, { caller, requestId }, { action: 'campaign.deleted', details: { campaignId } });
      return {
        status: 200,
        body: { success: true, message: 'Campaign deleted successfully', data: { id: campaignId, deletedAt: at.toISOString() } },
      };
    });
}
