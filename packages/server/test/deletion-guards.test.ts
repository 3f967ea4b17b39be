import { type OperationId, IMPLEMENTED_OPERATIONS } from '@leads/contract';
import { expect, it } from 'vitest';
import type * as z from 'zod';
import { onEachDatabase } from './support/databases.ts';
import { Clock, locations, useCaller, useServer } from './support/server.ts';

onEachDatabase('a guarded deletion', (database) => {
  const clock = new Clock();
  const server = useServer(database, { now: clock.now });
  const acme = useCaller(server);
  const preview = async (leadId: string) => (await acme.call('leads.deletionPreview', { params: { leadId } })).body.data;
  const exists = async (leadId: string) => (await acme.call('leads.get', { params: { leadId } })).status === 200;

  it('is previewed: who it is, what would go, what stands in the way, and the version', async () => {
    await acme.enrolledLead();
    const { lead, campaign, params } = await acme.enrolledLead({ name: 'Ann Look' });
    await acme.call('backups.create', { params });
    const answer = await acme.call('leads.deletionPreview', { params });
    expect(answer.body.data).toMatchObject({
      lead,
      etag: answer.headers.etag,
      attached: { activities: 1, campaigns: 1 },
      backups: 1,
      deletable: false,
      blockers: [{ id: campaign.id, name: campaign.name }],
    });
    expect(Date.parse(answer.body.data.confirmationExpiresAt)).toBe(clock.now().getTime() + 600_000);
  });

  it('If-Match: deletes the version that was seen, and no other', async () => {
    const { id } = await acme.lead();
    const read = await acme.call('leads.get', { params: { leadId: id } });
    const changed = await acme.call('leads.update', { params: { leadId: id }, body: { status: 'lost' } });
    expect(changed.headers.etag).not.toBe(read.headers.etag);
    const late = await acme.call('leads.delete', { params: { leadId: id }, headers: { 'if-match': read.headers.etag! } });
    expect([late.status, late.body.details]).toEqual([412, { leadId: id, etag: changed.headers.etag }]);
    const now = await acme.call('leads.delete', { params: { leadId: id }, headers: { 'if-match': changed.headers.etag! } });
    expect(now.status).toBe(200);
  });

  it('If-Match: * stands for any version, and an update with it checks like a delete', async () => {
    const { id } = await acme.lead();
    const update = (etag: string) =>
      acme.call('leads.update', { params: { leadId: id }, body: { metadata: { a: 1 } }, headers: { 'if-match': etag } });
    expect((await update('"other"')).status).toBe(412);
    expect((await update('*')).status).toBe(200);
    expect((await acme.call('leads.get', { params: { leadId: id } })).body.data.metadata).toEqual({ a: 1 });
  });

  it('400 VALIDATION_ERROR: an If-Match that is no ETag is named', async () => {
    const { id } = await acme.lead();
    for (const ifMatch of ['1', '"1" "2"', 'w/"1"', '"1", *', '""', '"1",', '*, "1"']) {
      const answer = await acme.call('leads.delete', { params: { leadId: id }, headers: { 'if-match': ifMatch } });
      expect([ifMatch, answer.status, answer.status === 400 ? locations(answer) : []]).toEqual([ifMatch, 400, ['headers.if-match']]);
    }
  });

  const GUARDED = IMPLEMENTED_OPERATIONS.filter(({ route }) => 'if-match' in ((route.headers as z.ZodObject | undefined)?.shape ?? {}));

  it.each(GUARDED.map(({ id }) => id as OperationId))(
    'If-Match of %s takes an ETag that a proxy made weak, and a list of them',
    async (operation) => {
      const body = operation === 'leads.update' ? { name: 'Eve' } : undefined;
      const attempt = async (ifMatch: (etag: string) => string) => {
        const { id } = await acme.lead();
        const { headers } = await acme.call('leads.get', { params: { leadId: id } });
        const call = { params: { leadId: id as string }, headers: { 'if-match': ifMatch(headers.etag!) }, ...(body && { body }) };
        return (await acme.call(operation, call)).status;
      };
      expect(await attempt((etag) => `W/${etag}`)).toBe(200);
      expect(await attempt((etag) => `"other", W/"another" ,${etag}`)).toBe(200);
      expect(await attempt((etag) => `W/${etag}, "other"`)).toBe(200);
      expect(await attempt(() => '*')).toBe(200);
      expect(await attempt(() => 'W/"other"')).toBe(412);
      expect(await attempt(() => '"other", W/"another"')).toBe(412);
    },
  );

  it('404 LEAD_NOT_FOUND: a list of ETags for a lead that is not there', async () => {
    const answer = await acme.call('leads.delete', { params: { leadId: 'lead_1' }, headers: { 'if-match': '"1", "2"' } });
    expect(answer.status).toBe(404);
  });

  it.each([
    ['the lead', (leadId: string) => acme.call('leads.update', { params: { leadId }, body: { phone: '1' } })],
    ['an activity', (leadId: string) => acme.call('activities.create', { params: { leadId }, body: { type: 'note', text: 'New' } })],
    [
      'a campaign that it is in',
      async (leadId: string) =>
        acme.call('campaigns.enrollLead', { params: { leadId, campaignId: (await acme.campaign({ status: 'draft' })).id } }),
    ],
  ])('X-Confirmation-Token: 409 CONFIRMATION_STALE when %s came or changed since, and nothing is deleted', async (_what, change) => {
    const { id } = await acme.lead();
    const { confirmationToken } = await preview(id);
    expect((await change(id)).status).toBeLessThan(300);
    const answer = await acme.call('leads.delete', { params: { leadId: id }, headers: { 'x-confirmation-token': confirmationToken } });
    expect([answer.status, answer.body.code, await exists(id)]).toEqual([409, 'CONFIRMATION_STALE', true]);
    const again = (await preview(id)).confirmationToken;
    const confirmed = await acme.call('leads.delete', { params: { leadId: id }, headers: { 'x-confirmation-token': again } });
    expect(confirmed.status).toBe(200);
  });

  it('X-Confirmation-Token: is good whatever is done to another lead', async () => {
    const [lead, other] = [await acme.lead(), await acme.lead()];
    const { confirmationToken } = await preview(lead.id);
    const params = { leadId: other.id, campaignId: (await acme.campaign()).id };
    await acme.call('activities.create', { params, body: { type: 'note', text: 'New' } });
    await acme.call('campaigns.enrollLead', { params });
    const headers = { 'x-confirmation-token': confirmationToken };
    expect((await acme.call('leads.delete', { params: { leadId: lead.id }, headers })).status).toBe(200);
  });

  it('X-Confirmation-Token: 409 when a campaign of the lead is activated since, although the lead is the same', async () => {
    const [lead, campaign] = [await acme.lead(), await acme.campaign({ status: 'draft' })];
    const params = { leadId: lead.id, campaignId: campaign.id };
    await acme.call('campaigns.enrollLead', { params });
    const { confirmationToken } = await preview(lead.id);
    await acme.call('campaigns.update', { params, body: { status: 'active' } });
    const query = { force: 'true' };
    const answer = await acme.call('leads.delete', { params, query, headers: { 'x-confirmation-token': confirmationToken } });
    expect([answer.status, answer.body.code]).toEqual([409, 'CONFIRMATION_STALE']);
  });

  it('X-Confirmation-Token: 400 when it is older than 10 minutes, of another lead, or changed by a character', async () => {
    const [{ id }, other] = [await acme.lead(), await acme.lead()];
    const reasonOf = async (token: string) => {
      const answer = await acme.call('leads.delete', { params: { leadId: id }, headers: { 'x-confirmation-token': token } });
      return [answer.status, answer.body.details.reason];
    };
    const { confirmationToken } = await preview(id);
    const [payload, signature] = confirmationToken.split('.');
    expect(await reasonOf((await preview(other.id)).confirmationToken)).toEqual([400, 'other_lead']);
    expect(await reasonOf(`${payload}A.${signature}`)).toEqual([400, 'unreadable']);
    expect(await reasonOf(`${payload}.`)).toEqual([400, 'unreadable']);
    const plan = await acme.call('leads.bulkDelete', { body: { filter: { status: 'new' }, dryRun: true } });
    expect(await reasonOf(plan.body.data.planToken)).toEqual([400, 'unreadable']);
    clock.advance(600);
    expect(await reasonOf(confirmationToken)).toEqual([400, 'expired']);
    expect(await exists(id)).toBe(true);
  });

  it('LEAD_IN_USE: names the active campaigns; paused ones are not in the way', async () => {
    const { lead, campaign, params } = await acme.enrolledLead();
    const answer = await acme.call('leads.delete', { params });
    expect([answer.status, answer.body.details]).toEqual([409, { leadId: lead.id, campaigns: [{ id: campaign.id, name: campaign.name }] }]);
    await acme.call('campaigns.update', { params, body: { status: 'paused' } });
    expect((await acme.call('leads.delete', { params })).status).toBe(200);
  });

  it('force=true: needs its own scope, deletes, and is audited as forced', async () => {
    const { lead, params } = await acme.enrolledLead();
    const weak = await server.key(acme.workspaceId, ['leads:delete']);
    const refused = await weak.call('leads.delete', { params, query: { force: 'true' } });
    const scopes = { requiredScopes: ['leads:delete', 'leads:force'], grantedScopes: ['leads:delete'] };
    expect([refused.status, refused.body.details]).toEqual([403, scopes]);
    expect((await weak.call('leads.bulkDelete', { body: { ids: [lead.id], force: true } })).status).toBe(403);
    expect((await acme.call('leads.delete', { params, query: { force: 'true' } })).status).toBe(200);
    const receipt = (await acme.call('deletions.get', { params })).body.data;
    expect(receipt).toMatchObject({ force: true, removed: { activities: 1, campaigns: 1, backups: 0 } });
  });

  it('backup=true: the backup has all of the lead, and a refused deletion leaves none', async () => {
    const { lead, activity, campaign, params } = await acme.enrolledLead({ metadata: { a: [1, { b: null }] } });
    const refused = await acme.call('leads.delete', { params, query: { backup: 'true' } });
    expect(refused.status).toBe(409);
    expect((await acme.call('backups.list', { query: { leadId: lead.id } })).body.data.backups).toEqual([]);
    const { backupId } = (await acme.call('leads.delete', { params, query: { backup: 'true', force: 'true' } })).body.data;
    const { backup, content } = (await acme.call('backups.get', { params: { backupId } })).body.data;
    expect(backup).toMatchObject({ leadId: lead.id, attached: { activities: 1, campaigns: 1 } });
    expect(content).toEqual({
      lead,
      statusBeforeArchive: null,
      activities: [activity],
      campaigns: [{ id: campaign.id, enrolledAt: expect.any(String) }],
    });
  });

  it('backup and erase exclude each other', async () => {
    const { id } = await acme.lead();
    const answer = await acme.call('leads.delete', { params: { leadId: id }, query: { backup: 'true', erase: 'true' } });
    expect([answer.status, answer.body.details.issues[0].location, await exists(id)]).toEqual([400, 'query.erase', true]);
  });

  it('a receipt tells the last deletion, and whether the lead is back', async () => {
    const lead = await acme.lead({ email: 'receipt@example.com' });
    const params = { leadId: lead.id };
    await acme.call('backups.create', { params });
    const first = (await acme.call('leads.delete', { params, query: { backup: 'true', reason: 'First' } })).body.data;
    // The earlier backup is not removed.
    expect((await acme.call('deletions.get', { params })).body.data.removed).toEqual({ activities: 0, campaigns: 0, backups: 0 });
    clock.advance(1);
    const restored = (await acme.call('backups.restore', { params: { backupId: first.backupId } })).status;
    expect(restored).toBe(201);
    expect((await acme.call('deletions.get', { params })).body.data).toMatchObject({
      reason: 'First',
      backupId: first.backupId,
      restoredAt: clock.now().toISOString(),
    });
    clock.advance(1);
    await acme.call('leads.delete', { params, query: { reason: 'Second' } });
    expect((await acme.call('deletions.get', { params })).body.data).toMatchObject({ reason: 'Second', restoredAt: null });
  });
});
