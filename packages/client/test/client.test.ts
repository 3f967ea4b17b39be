import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLeadsClient, LeadsApiError, LeadsConnectionError } from '@leads/client';
import { createLogger, readSettings, type RunningServer, startServer } from '@leads/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const API_KEY = `sk-workspace_${'c'.repeat(51)}`;

describe('the client against the server', () => {
  let server: RunningServer;
  let client: ReturnType<typeof createLeadsClient>;

  beforeAll(async () => {
    const settings = readSettings({ PORT: '0', LEADS_DATA_DIR: 'memory', LEADS_BOOTSTRAP_API_KEY: API_KEY });
    server = await startServer(settings, createLogger('silent'));
    client = createLeadsClient({ baseUrl: `${server.url}/`, apiKey: API_KEY });
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

  it('manages API keys', async () => {
    const key = await client.apiKeys.create({ name: 'Reporting', scopes: ['leads:read'] });
    const reader = createLeadsClient({ baseUrl: server.url, apiKey: key.key });
    expect((await reader.leads.list()).leads).toEqual([]);
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
    proxy = createServer((_req, res) => res.writeHead(502).end('<html>Bad gateway</html>'));
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
