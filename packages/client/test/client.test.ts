import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLeadsClient, LeadsApiError, LeadsConnectionError } from '@leads/client';
import { createServer, type LeadsServer } from '@leads/server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { anyDatabase } from '../../server/test/support/databases.ts';

const API_KEY = `sk-workspace_${'c'.repeat(51)}`;

describe('the client against the server', () => {
  let server: LeadsServer;
  let client: ReturnType<typeof createLeadsClient>;

  beforeAll(async () => {
    server = await createServer(anyDatabase());
    client = createLeadsClient({ baseUrl: `${server.url}/`, apiKey: server.apiKey });
  });
  afterAll(() => server.stop());

  it('creates, reads, lists, updates and deletes a lead, and returns the data of each answer', async () => {
    const lead = await client.leads.create({ name: 'John Doe', email: 'john.doe@example.com' });
    expect(await client.leads.get(lead.id)).toEqual(lead);
    expect((await client.leads.list({ search: 'john', limit: 1 })).leads).toEqual([lead]);
    expect((await client.leads.update(lead.id, { status: 'lost' })).status).toBe('lost');
    expect(await client.leads.delete(lead.id)).toEqual({ id: lead.id, deletedAt: expect.any(String) });
  });

  it('throws a LeadsApiError whose code narrows its details', async () => {
    const error = await client.leads.delete('lead_nonexistent123').catch((thrown: unknown) => thrown);
    if (!(error instanceof LeadsApiError) || error.code !== 'LEAD_NOT_FOUND') throw new Error('another error', { cause: error });
    expect(error.details.leadId).toBe('lead_nonexistent123');
    expect(error.status).toBe(404);
    expect(error.requestId).toMatch(/^req_/);
  });

  it('looks, confirms, deletes with a backup, proves and restores', async () => {
    const lead = await client.leads.create({ name: 'Jane Roe', email: 'jane.roe@example.com' });
    await client.activities.create(lead.id, { type: 'call', text: 'Asked for an offer' });
    const campaign = await client.campaigns.create({ name: 'Spring offer', status: 'active' });
    await client.campaigns.enrollLead(campaign.id, lead.id);
    const preview = await client.leads.deletionPreview(lead.id);
    expect([preview.attached, preview.deletable]).toEqual([{ activities: 1, campaigns: 1 }, false]);
    await client.campaigns.removeLead(campaign.id, lead.id);
    const confirmed = { ifMatch: preview.etag, confirmationToken: preview.confirmationToken };
    await expect(client.leads.delete(lead.id, {}, confirmed)).rejects.toMatchObject({ code: 'CONFIRMATION_STALE' });
    const { etag, confirmationToken } = await client.leads.deletionPreview(lead.id);
    const { backupId } = await client.leads.delete(lead.id, { backup: true, reason: 'Asked for it' }, { ifMatch: etag, confirmationToken });
    expect(await client.deletions.get(lead.id)).toMatchObject({ reason: 'Asked for it', backupId });
    expect((await client.backups.restore(backupId!)).lead).toEqual(lead);
    await expect(client.leads.update(lead.id, { status: 'lost' }, { ifMatch: '"other"' })).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    });
  });

  it('repeats a change by its idempotency key without doing it again', async () => {
    const create = () => client.leads.create({ name: 'Once', email: 'once@example.com' }, { idempotencyKey: 'create-once' });
    expect(await create()).toEqual(await create());
    expect((await client.leads.list({ search: 'once@' })).leads).toHaveLength(1);
  });

  it('archives and unarchives, with and without a body', async () => {
    const { id } = await client.leads.create({ name: 'Old', email: 'old@example.com', status: 'qualified' });
    expect((await client.leads.archive(id)).metadata).toMatchObject({ archived: true, archived_reason: null });
    expect(await client.leads.unarchive(id)).toMatchObject({ status: 'qualified', metadata: {} });
  });

  it('exports as a stream of lines, and imports them again', async () => {
    const { id } = await client.leads.create({ name: 'Moved', email: 'moved@example.com', source: 'export' });
    const exported = await client.leads.export({ source: 'export' });
    expect(exported).toBeInstanceOf(ReadableStream);
    const lines = await new Response(exported).text();
    expect(lines.split('\n').slice(1)).toEqual(['{"export":{"leads":1}}', '']);
    expect(JSON.parse(lines.split('\n')[0]!).lead.id).toBe(id);
    await client.leads.delete(id);
    expect(await client.leads.import(lines)).toMatchObject({ imported: 1, outcomes: [{ leadId: id, outcome: 'imported' }] });
    await expect(client.leads.export({ createdAfter: 'yesterday' })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  it('deletes by filter in two steps, and tells the plan from the job', async () => {
    await client.leads.create({ name: 'Many', email: 'many@example.com', source: 'bulk' });
    const plan = await client.leads.bulkDelete({ filter: { source: 'bulk' }, dryRun: true });
    if (!('planToken' in plan)) throw new Error('not a plan');
    const job = await client.leads.bulkDelete({ filter: { source: 'bulk' }, planToken: plan.planToken });
    if (!('finishedAt' in job)) throw new Error('not a job');
    expect(job).toMatchObject({ kind: 'bulk_delete', total: 1 });
    await vi.waitFor(async () => expect((await client.jobs.get(job.id)).finishedAt).not.toBeNull(), { timeout: 60_000 });
    expect((await client.leads.list({ source: 'bulk' })).leads).toEqual([]);
  });

  it('manages API keys', async () => {
    const key = await client.apiKeys.create({ name: 'Reporting', scopes: ['leads:read'] });
    const reader = createLeadsClient({ baseUrl: server.url, apiKey: key.key });
    expect((await reader.leads.list()).leads).toEqual((await client.leads.list()).leads);
    const renewed = await client.apiKeys.rotate(key.id, { overlapSeconds: 0 });
    await expect(reader.leads.list()).rejects.toMatchObject({ code: 'INVALID_API_KEY' });
    await client.apiKeys.revoke(renewed.id);
    expect((await client.apiKeys.list()).apiKeys.map(({ id }) => id)).toContain(key.id);
  });

  it.each(['a/../b?x=1', 'ä ö', '%2e', '💥', '..%2f'])('encodes the id %j, so that it reaches the server as it is', async (id) => {
    await expect(client.leads.get(id)).rejects.toMatchObject({ code: 'LEAD_NOT_FOUND', details: { leadId: id } });
  });

  it.each(['', '.', '..'])('refuses the id %j before sending, because it would address another path', async (id) => {
    expect(() => client.leads.delete(id)).toThrow(TypeError);
  });
});

describe('the client without the API', () => {
  let proxy: Server;
  beforeAll(async () => {
    proxy = createHttpServer((_req, res) => res.writeHead(502).end('<html>Bad gateway</html>'));
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => proxy.close(resolve)));

  it('throws a LeadsConnectionError where something else answers', async () => {
    const { port } = proxy.address() as AddressInfo;
    const client = createLeadsClient({ baseUrl: `http://127.0.0.1:${port}`, apiKey: API_KEY });
    await expect(client.leads.list()).rejects.toBeInstanceOf(LeadsConnectionError);
  });

  it('throws a LeadsConnectionError with the cause where nothing answers', async () => {
    const client = createLeadsClient({ baseUrl: 'http://127.0.0.1:1', apiKey: API_KEY });
    await expect(client.leads.list()).rejects.toMatchObject({ name: 'LeadsConnectionError', cause: expect.anything() });
  });

  it.each(['leads.example.com', 'ftp://leads.example.com', ''])('refuses the address %j', (baseUrl) => {
    expect(() => createLeadsClient({ baseUrl, apiKey: API_KEY })).toThrow(TypeError);
  });
});
