import { IMPLEMENTED_OPERATIONS } from '@leads/contract';
import { expect, it } from 'vitest';
import { newId } from '../src/ids.ts';
import { onEachDatabase } from './support/databases.ts';
import { type Call, type Caller, type OperationId, useCaller, useServer } from './support/server.ts';

/** What is sent besides the ids. */
const BODIES: Partial<Record<OperationId, Call['body']>> = {
  'leads.update': { status: 'lost', metadata: { taken: true } },
  'activities.create': { type: 'note', text: 'Taken' },
  'campaigns.update': { name: 'Taken' },
  'apiKeys.rotate': { overlapSeconds: 0 },
};

/** Every operation that names something by its id, but for those that answer an outcome for each id. */
const BY_ID = IMPLEMENTED_OPERATIONS.filter(
  ({ id, route }) => route.path.includes(':') && !['campaigns.enroll', 'campaigns.remove'].includes(id),
).map(({ id }) => id as OperationId);

/** The ids of one thing of each kind that a workspace can have. */
async function idsOf(caller: Caller) {
  const { lead, campaign, activity, params } = await caller.enrolledLead();
  const backup = (await caller.call('backups.create', { params })).body.data;
  const source = newId('lead');
  const deleted = await caller.lead({ source });
  const job = await caller.job('leads.bulkDelete', { source });
  const ids = {
    leadId: lead.id,
    campaignId: campaign.id,
    activityId: activity.id,
    backupId: backup.id,
    jobId: job.id,
    keyId: caller.keyId,
  };
  return { ids, deletedId: deleted.id as string };
}

onEachDatabase('two workspaces', (database) => {
  const server = useServer(database);
  const acme = useCaller(server);
  const other = useCaller(server);

  it.each(BY_ID)(
    '%s: another workspace’s id is answered with 404 exactly like an unknown one, and nothing happens to it',
    async (operation) => {
      const { ids, deletedId } = await idsOf(other);
      const theirs = operation === 'deletions.get' ? { leadId: deletedId } : ids;
      const unknown = Object.fromEntries(Object.entries(theirs).map(([name, id]) => [name, `${id.slice(0, -4)}zzzz`]));
      const before = (await other.call('leads.exportOne', { params: ids })).text;
      const answers = await Promise.all([theirs, unknown].map((params) => acme.call(operation, { params, body: BODIES[operation] })));
      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
      expect(answers[0]!.text.replaceAll(/_\w{22}\w{4}"/g, '_id"')).toBe(answers[1]!.text.replaceAll(/_\w{22}\w{4}"/g, '_id"'));
      const names = answers.map(({ headers }) => Object.keys(headers));
      expect(names[0]).toEqual(names[1]);
      expect((await other.call('leads.exportOne', { params: ids })).text).toBe(before);
      expect((await other.call('backups.get', { params: ids })).status).toBe(200);
      expect((await other.call('campaigns.get', { params: ids })).body.data.name).toBe('Spring offer');
    },
  );

  it('200: what names many ids passes over those of another workspace, and leaves them as they are', async () => {
    const { ids } = await idsOf(other);
    const before = (await other.call('leads.exportOne', { params: ids })).text;
    const { id: campaignId } = await acme.campaign();
    const body = { leadIds: [ids.leadId] };
    const enrolled = await acme.call('campaigns.enroll', { params: { campaignId }, body });
    expect(enrolled.body.data.outcomes).toEqual([{ leadId: ids.leadId, outcome: 'not_found' }]);
    const removed = await acme.call('campaigns.remove', { params: { campaignId }, body });
    expect(removed.body.data.outcomes).toEqual([{ leadId: ids.leadId, outcome: 'not_enrolled' }]);
    for (const operation of ['leads.bulkDelete', 'leads.bulkArchive', 'leads.bulkAnonymize'] as const) {
      const { outcomes } = (await acme.call(operation, { body: { ids: [ids.leadId] } })).body.data;
      expect(outcomes).toEqual([{ leadId: ids.leadId, outcome: 'skipped', code: 'LEAD_NOT_FOUND' }]);
    }
    const { backupId } = ids;
    const { outcomes } = (await acme.call('backups.bulkRestore', { body: { backupIds: [backupId] } })).body.data;
    expect(outcomes).toEqual([{ backupId, leadId: null, outcome: 'failed', code: 'BACKUP_NOT_FOUND' }]);
    expect((await acme.call('campaigns.list', { query: { leadId: ids.leadId } })).body.data.campaigns).toEqual([]);
    expect((await other.call('leads.exportOne', { params: ids })).text).toBe(before);
  });

  it('404: their campaign takes none of one’s own leads', async () => {
    const [{ ids }, lead] = [await idsOf(other), await acme.lead()];
    for (const operation of ['campaigns.enroll', 'campaigns.remove'] as const) {
      const answer = await acme.call(operation, { params: ids, body: { leadIds: [lead.id] } });
      expect([answer.status, answer.body.code]).toEqual([404, 'CAMPAIGN_NOT_FOUND']);
    }
  });

  it('400: a token of another workspace confirms nothing', async () => {
    const { ids } = await idsOf(other);
    const { confirmationToken } = (await other.call('leads.deletionPreview', { params: ids })).body.data;
    const mine = await acme.lead();
    const answer = await acme.call('leads.delete', { params: { leadId: mine.id }, headers: { 'x-confirmation-token': confirmationToken } });
    expect([answer.status, answer.body.details]).toEqual([400, { reason: 'other_lead' }]);
    const filter = { status: 'new' };
    const { planToken } = (await other.call('leads.bulkDelete', { body: { filter, dryRun: true } })).body.data;
    const bulk = await acme.call('leads.bulkDelete', { body: { filter, planToken } });
    expect([bulk.status, bulk.body.details]).toEqual([400, { reason: 'other_plan' }]);
  });

  it('200: lists, exports, counts and the audit log hold one’s own only', async () => {
    await idsOf(other);
    const mine = await server.workspace();
    const lead = await mine.lead();
    for (const [operation, list] of [
      ['campaigns.list', 'campaigns'],
      ['backups.list', 'backups'],
      ['jobs.list', 'jobs'],
    ] as const) {
      expect((await mine.call(operation)).body.data[list], operation).toEqual([]);
    }
    expect((await mine.call('leads.stats')).body.data.total).toBe(1);
    expect((await mine.call('leads.export')).text).toContain('{"export":{"leads":1}}');
    await mine.call('leads.delete', { params: { leadId: lead.id } });
    const { entries } = (await mine.call('auditLog.list')).body.data;
    expect(entries.map(({ action }: { action: string }) => action)).toEqual(['lead.deleted', 'leads.exported', 'api_key.created']);
  });

  it('200: lists, totals, searches and keys hold one’s own only', async () => {
    const [mine, theirs] = [await server.workspace(), await server.workspace()];
    await mine.lead({ name: 'Shared', source: 'web' });
    await Promise.all([theirs.lead({ name: 'Shared', source: 'web' }), theirs.lead({ name: 'Shared', source: 'web' })]);
    for (const query of [
      {},
      { source: 'web' },
      { status: 'new' },
      { search: 'shared' },
      { email: 'ann@example.com' },
      { createdAfter: '2000-01-01T00:00:00Z' },
    ]) {
      const { leads, pagination } = (await mine.call('leads.list', { query })).body.data;
      expect([leads.length, pagination.total, leads[0].workspaceId]).toEqual([1, 1, mine.workspaceId]);
    }
    const { apiKeys } = (await mine.call('apiKeys.list')).body.data;
    expect(apiKeys.map(({ id }: { id: string }) => id)).toEqual([mine.keyId]);
  });

  it('201: what is created belongs to the workspace of the key', async () => {
    expect((await acme.lead()).workspaceId).toBe(acme.workspaceId);
    const { body } = await acme.call('apiKeys.create', { body: { name: 'New', scopes: ['leads:read'] } });
    expect(body.data.workspaceId).toBe(acme.workspaceId);
  });
});
