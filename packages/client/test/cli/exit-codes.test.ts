import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createLeadsClient } from '@leads/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { piped } from './support/pipe.ts';
import { startProxy } from './support/proxy.ts';
import { seed, startLimitedServer, type TestServer } from './support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startLimitedServer(60);
});
afterAll(() => server.stop());

const leads = (args: string[], env: Record<string, string> = {}, input = '') =>
  piped(args, { env: { LEADS_API_KEY: server.apiKey, LEADS_BASE_URL: server.url, ...env }, input });

it('0: done, wherever the options stand', async () => {
  expect((await leads(['--limit', '1', 'list', '--json'])).code).toBe(0);
  expect((await leads(['list'])).code).toBe(0);
});

it.each([
  [['lst'], 'Did you mean: leads list'],
  [['jobs', 'wach'], 'Did you mean: leads jobs watch'],
  [['list', '--stauts', 'lost'], 'Did you mean: --status'],
  [['list', '--status', 'lots'], 'Did you mean: --status lost'],
  [['list', '--filter', 'sorce=x'], 'Did you mean: --filter source=…'],
  [['list', '--limit', 'many'], '--limit must be a whole number'],
  [['list', '--json', '--csv'], 'Give --json or --csv'],
  [['list', '--created-before', 'yesterday'], '--created-before must be a day such as 2024-01-31'],
  [['list', '--created-after', 'gestern'], '--created-after must be a day such as 2024-01-31'],
  [['list', '--filter', 'createdAfter=gestern'], '--filter created-after must be a day'],
  [['list', '--created-before', '2023-02-30'], 'no such day'],
  [['bulk-delete', '--created-before', '2023-02-30', '--dry-run'], 'no such day'],
  [['bulk-delete', '--updated-before', '2024-01-31 12:00', '--dry-run'], '2024-01-31T12:00Z for UTC'],
  [['audit', '--from', '2023-02-30'], 'no such day'],
  [['audit', '--filter', 'to=2024-01-31 12:00'], 'without a zone'],
  [['stats', '--from', '2024-06-31'], 'no such day'],
  [['activities', 'create', 'lead_1', '--type', 'call', '--text', 'x', '--occurred-at', '2023-02-30'], 'no such day'],
  [['keys', 'create', '--name', 'x', '--scopes', 'leads:read', '--expires-at', '2027-02-30'], 'no such day'],
  [['ls'], 'Did you mean: leads list'],
  [['rm', 'lead_1'], 'Did you mean: leads delete'],
  [['show', 'lead_1'], 'Did you mean: leads get'],
  [['whoami'], 'Did you mean: leads keys check'],
  [['--profil', 'x', 'list'], 'Did you mean: --profile'],
  [['list', '--profil', 'x'], 'Did you mean: --profile'],
  [['list', '--profil=x'], 'Did you mean: --profile'],
  [['create', '--name', 'John', '--email', 'nope'], '--email: '],
  [['create', '--name', 'x'.repeat(201), '--email', 'john@example.com'], '--name: '],
  [['create', '--name', 'John', '--email', 'john@example.com', '--status', 'gone'], '--status must be one of new, '],
  ...[
    ['create', '--name', 'John', '--email', 'john@example.com'],
    ['update', 'lead_1'],
    ['activities', 'create', 'lead_1', '--type', 'call', '--text', 'x'],
  ].map((args): [string[], string] => [
    [...args, '--metadata', '{"ids":[{"ad":1234567890123456789}]}'],
    '--metadata.ids.0.ad: Cannot be kept exactly',
  ]),
  [['list', '--source', ''], '--source: '],
  [['bulk-archive', '--source', '', '--dry-run'], '--source: '],
  [['keys', 'create', '--name', 'x', '--scopes', 'leads:raed'], 'Did you mean: --scopes leads:read'],
  [['list', '--columns', 'id,emial'], 'Did you mean: --columns email'],
  [['bulk-delete', 'lead_1', '--columns', 'email', '--yes'], 'There is no column “email”'],
  [['restore', 'lead_1', '--job', 'job_1'], 'one of them'],
  [['list', 'lead_1'], 'Unexpected: lead_1'],
  [['create', '--name', 'John'], '--name and --email'],
  [['bulk-delete', '--yes'], 'Which leads?'],
  [['bulk-delete', 'lead_1', '--status', 'lost', '--yes'], 'not both'],
  [['bulk-delete', '--filter', 'search=x', '--yes'], 'cannot select by search'],
  [['bulk-delete', '--status', 'lost'], 'say --yes'],
  [['delete', 'lead_1'], 'say --yes'],
  [['anonymize', 'lead_1'], 'say --yes'],
])('2: %j is refused, and the error says what is right', async (args, says) => {
  const { code, stdout, stderr } = await leads(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(says);
  expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
});

it('3: no key, a key that is refused, a key without the scope', async () => {
  expect(await leads(['list'], { LEADS_API_KEY: '' })).toMatchObject({ code: 3, stderr: expect.stringContaining('leads login') });
  expect(await leads(['list'], { LEADS_API_KEY: `sk-workspace_${'x'.repeat(51)}` })).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/INVALID_API_KEY, request req_\w+\)\n.*leads login/),
  });
  const { key } = await server.client.apiKeys.create({ name: 'Reader', scopes: ['leads:read'] });
  const denied = await leads(['create', '--name', 'John', '--email', 'john@example.com'], { LEADS_API_KEY: key });
  expect(denied).toMatchObject({ code: 3, stderr: expect.stringContaining('needs leads:write and has leads:read') });
  const who = await leads(['keys', 'check'], { LEADS_API_KEY: key });
  expect(who.lines[0]).toMatchObject({ scopes: ['leads:read'], complete: true });
});

it('4: not found', async () => {
  expect(await leads(['get', 'lead_missing'])).toMatchObject({ code: 4, stderr: expect.stringContaining('lead_missing') });
  expect((await leads(['delete', 'lead_missing', '--yes'])).code).toBe(4);
  expect((await leads(['jobs', 'get', 'job_missing'])).code).toBe(4);
});

it('5: in use, there already', async () => {
  const { client } = server;
  const lead = await client.leads.create({ name: 'Busy', email: 'busy@example.com' });
  const campaign = await client.campaigns.create({ name: 'Spring offer', status: 'active' });
  await client.campaigns.enrollLead(campaign.id, lead.id);
  expect(await leads(['delete', lead.id, '--yes'])).toMatchObject({ code: 5, stderr: expect.stringMatching(/“Spring offer”[^]*--force/) });
  const backup = await client.backups.create(lead.id);
  expect((await leads(['restore', backup.id])).code).toBe(5);
});

it('8: done, but some leads failed', async () => {
  const lead = await server.client.leads.create({ name: 'Gone', email: 'gone@example.com' });
  const { code, lines } = await leads(['bulk-delete', lead.id, 'lead_missing', '--yes']);
  expect(code).toBe(8);
  expect(lines.map(({ leadId, outcome }) => [leadId, outcome])).toEqual([
    [lead.id, 'deleted'],
    ['lead_missing', 'skipped'],
  ]);
});

it('130: interrupted before it began', async () => {
  const interruption = new AbortController();
  interruption.abort();
  const env = { LEADS_API_KEY: server.apiKey, LEADS_BASE_URL: server.url };
  expect((await piped(['list'], { env, interruption })).code).toBe(130);
});

it('7: nothing answers, or not in time', async () => {
  expect(await leads(['list', '--retries', '0'], { LEADS_BASE_URL: 'http://127.0.0.1:1' })).toMatchObject({
    code: 7,
    stderr: expect.stringContaining('leads keys check'),
  });
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const late = await leads(['list', '--retries', '0', '--timeout', '1'], { LEADS_BASE_URL: `http://127.0.0.1:${port}` });
  expect(late).toMatchObject({ code: 7, stderr: expect.stringContaining('--timeout') });
  silent.close();
});

it('7: an export breaks off', async () => {
  await seed(server.client, 'cut', 500);
  const proxy = await startProxy(server.url, [{ request: /export/, afterBytes: 50_000 }]);
  const { code, stderr } = await leads(['export', '--source', 'cut'], { LEADS_BASE_URL: proxy.url });
  await proxy.close();
  expect([code, stderr]).toEqual([7, expect.stringContaining('the export is not complete')]);
});

it('6: the rate limit is used up', async () => {
  const client = createLeadsClient({ baseUrl: server.url, apiKey: server.apiKey, maxRetries: 0 });
  const used = async () => {
    for (;;) await client.leads.list({ limit: 1 });
  };
  await expect(used()).rejects.toMatchObject({ status: 429 });
  expect(await leads(['list'])).toMatchObject({ code: 6, stderr: expect.stringContaining('All 60 requests of the hour are used') });
});
