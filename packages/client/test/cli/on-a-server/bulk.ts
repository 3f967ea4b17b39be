import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createLeadsClient, type DeleteByFilterResult } from '@leads/client';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { piped } from '../support/pipe.ts';
import { startProxy } from '../support/proxy.ts';
import { seed, startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'leads-cli-')), 'backups');
});

const env = (url = server.url) => ({ LEADS_API_KEY: server.apiKey, LEADS_BASE_URL: url });
const saved = () => readdirSync(folder).map((name) => join(folder, name));
const linesIn = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -2)
    .map((line) => JSON.parse(line) as { lead: { id: string } });
const recordsOf = (ids: readonly string[]) => Promise.all(ids.map((id) => server.client.leads.exportOne(id)));

it('--backup-dir by a filter holds exactly what was deleted, and importing it brings back equal leads', async () => {
  const ids = await seed(server.client, 'exact', 120);
  await server.client.activities.create(ids[3]!, { type: 'note', text: 'Remember' });
  const before = await recordsOf(ids);
  const { code, lines, stderr } = await piped(['bulk-delete', '--source', 'exact', '--backup-dir', folder, '--yes'], { env: env() });
  expect(code).toBe(0);
  expect(lines.map(({ leadId }) => String(leadId)).toSorted()).toEqual(ids);
  const [file] = saved();
  expect(saved()).toHaveLength(1);
  expect(file).toMatch(/leads-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z\.ndjson$/);
  expect(stderr).toContain(file);
  expect(statSync(file!).mode & 0o777).toBe(0o600);
  expect(linesIn(file!)).toEqual(before);
  expect((await piped(['restore', '--from', file!], { env: env() })).code).toBe(0);
  expect(await recordsOf(ids)).toEqual(before);
});

it('--backup-dir holds what a condition selects that an export does not know', async () => {
  const old = await seed(server.client, 'aged', 3, { source: 'age' });
  await seed(server.client, 'fresh', 3, { source: 'age', updatedAt: '2025-06-01T00:00:00.000Z' });
  const args = ['bulk-delete', '--source', 'age', '--updated-before', '2025-01-01', '--backup-dir', folder, '--yes'];
  expect((await piped(args, { env: env() })).lines).toHaveLength(3);
  expect(linesIn(saved()[0]!).map(({ lead }) => lead.id)).toEqual(old);
});

it('--backup-dir by ids has every lead on the disk before it goes', async () => {
  const ids = await seed(server.client, 'named', 5);
  const before = await recordsOf(ids);
  const args = ['bulk-delete', '-', '--backup-dir', folder, '--yes'];
  const { code } = await piped(args, { env: env(), input: Readable.from([Buffer.from([...ids, 'lead_missing'].join('\n'))]) });
  expect(code).toBe(8);
  expect(linesIn(saved()[0]!)).toEqual(before);
  const [one] = await seed(server.client, 'single', 1);
  await piped(['delete', one!, '--backup-dir', folder, '--yes'], { env: env() });
  expect(saved().map((file) => linesIn(file).length)).toEqual([5, 1]);
});

it('what is done, not only looked at, is preceded by how many of the leads are archived', async () => {
  const [archived] = await seed(server.client, 'warned', 2);
  await server.client.leads.archive(archived!);
  const args = ['bulk-delete', '--status', 'lost', '--source', 'warned', '--backup-dir', folder, '--yes'];
  const { code, stderr } = await piped(args, { env: env() });
  expect(code).toBe(0);
  expect(stderr).toMatch(/^1 of them is archived: .*--archived false\n[^]*2 deleted/);
});

it('a lead that comes between the export and the job stops it, and the next file and job have it too', async () => {
  const ids = await seed(server.client, 'drift', 10);
  let [exports, added] = [0, false];
  const proxy = await startProxy(server.url, [], async (request) => {
    if (request.startsWith('GET /api/v1/leads/export')) exports++;
    if (added || exports === 0 || !request.includes('planToken')) return;
    added = true;
    ids.push(...(await seed(server.client, 'late', 1, { source: 'drift' })));
  });
  const result = await piped(['bulk-delete', '--source', 'drift', '--backup-dir', folder, '--yes'], { env: env(proxy.url) });
  await proxy.close();
  expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining('10 were planned, and there are 11 now') });
  expect(exports).toBe(2);
  expect(saved()).toHaveLength(1);
  expect(linesIn(saved()[0]!).map(({ lead }) => lead.id)).toEqual(ids);
  expect(result.lines.map(({ leadId }) => String(leadId)).toSorted()).toEqual(ids);
});

it('a lead that goes between the plan and the export is planned anew', async () => {
  const ids = await seed(server.client, 'shrink', 10);
  let gone = false;
  const proxy = await startProxy(server.url, [], async (request) => {
    if (gone || !request.startsWith('GET /api/v1/leads/export')) return;
    gone = true;
    await server.client.leads.delete(ids.pop()!);
  });
  const result = await piped(['bulk-delete', '--source', 'shrink', '--backup-dir', folder, '--yes'], { env: env(proxy.url) });
  await proxy.close();
  expect(result.code).toBe(0);
  expect(linesIn(saved()[0]!).map(({ lead }) => lead.id)).toEqual(ids);
});

it('Ctrl-C cancels the job, says what was done and how to go on, and leaves the rest untouched', async () => {
  await seed(server.client, 'stopped', 3_000);
  const interruption = new AbortController();
  const proxy = await startProxy(server.url, [], async (request) => {
    if (request.startsWith('GET /api/v1/jobs/job_')) interruption.abort();
  });
  const result = await piped(['bulk-delete', '--source', 'stopped', '--yes'], { env: env(proxy.url), interruption });
  await proxy.close();
  expect(result.code).toBe(130);
  const { jobs } = await server.client.jobs.list({ limit: 1 });
  expect(jobs[0]!.finishedAt).not.toBeNull();
  expect(result.stderr).toContain(jobs[0]!.id);
  const left = (await server.client.leads.list({ source: 'stopped', limit: 1 })).pagination.total;
  expect(left).toBe(3_000 - jobs[0]!.succeeded);
  const again = await piped(['bulk-delete', '--source', 'stopped', '--yes'], { env: env() });
  expect([again.code, again.lines.length]).toEqual([0, left]);
});

/** Deletes leads with a key that is revoked once the job is under way, and says how many are left. */
async function withKeyThatEnds(source: string, work: (apiKey: string, url: string) => Promise<unknown>): Promise<number> {
  await seed(server.client, source, 10_000);
  const own = await server.client.apiKeys.create({ name: 'Ends', scopes: ['leads:read', 'leads:delete'] });
  let asked = 0;
  const proxy = await startProxy(server.url, [], async (request) => {
    if (request.startsWith('GET /api/v1/jobs/job_') && asked++ === 0) await server.client.apiKeys.revoke(own.id);
  });
  await work(own.key, proxy.url);
  await proxy.close();
  const { pagination } = await server.client.leads.list({ source, limit: 1 });
  expect(pagination.total).toBeGreaterThan(0);
  return pagination.total;
}

it('a key that is revoked meanwhile ends the job: who waits for it learns so, and whoever looks with another key', async () => {
  let waited: Awaited<ReturnType<typeof piped>>;
  let watched: typeof waited;
  let got: typeof waited;
  let id: string;
  const left = await withKeyThatEnds('revoked', async (apiKey, url) => {
    waited = await piped(['bulk-delete', '--source', 'revoked', '--yes'], { env: { LEADS_API_KEY: apiKey, LEADS_BASE_URL: url } });
    id = (await server.client.jobs.list({ limit: 1 })).jobs[0]!.id;
    watched = await piped(['jobs', 'watch', id], { env: env() });
    got = await piped(['jobs', 'get', id, '--watch'], { env: env() });
  });
  expect(waited!).toMatchObject({ code: 3, stderr: expect.stringMatching(/job_\w+ stops[^]*leads jobs watch job_\w+\n.*INVALID_API_KEY/) });
  expect(waited!.stderr).not.toContain('goes on');
  expect([watched!.code, got!.code]).toEqual([1, 1]);
  expect(watched!.stderr).toContain(`(stopped): ${left.toLocaleString('en')} leads untouched`);
  expect(watched!.stderr).toContain(`The job ${id!} was stopped: its key was revoked.`);
  expect(watched!.lines).toHaveLength(10_000 - left);
});

it('a client whose job was stopped has what came of it, and why', async () => {
  let result: DeleteByFilterResult;
  const left = await withKeyThatEnds('taken', async (apiKey, baseUrl) => {
    // Waits with another key, as a program does that is given a new one.
    let isUnderWay = false;
    const beforeRequest = () => (isUnderWay ? { Authorization: `Bearer ${server.apiKey}` } : undefined);
    const client = createLeadsClient({ baseUrl, apiKey, hooks: { beforeRequest } });
    result = await client.leads.deleteByFilter({ source: 'taken' }, { confirm: () => true, onStart: () => (isUnderWay = true) });
  });
  const done = 10_000 - left;
  expect(result!).toMatchObject({ outcome: 'deleted', job: { status: 'stopped', stopReason: 'key_revoked', done }, failed: [] });
  expect('success' in result! && result.success).toHaveLength(done);
});

it('Ctrl-C between two groups of ids ends after what is under way', async () => {
  const ids = await seed(server.client, 'halted', 2_500);
  const interruption = new AbortController();
  const proxy = await startProxy(server.url, [], async (request) => {
    if (request.startsWith('POST')) interruption.abort();
  });
  const input = Readable.from([Buffer.from(ids.join('\n'))]);
  const args = ['bulk-delete', '-', '--yes', '--concurrency', '1'];
  const result = await piped(args, { env: env(proxy.url), interruption, input });
  await proxy.close();
  expect(result).toMatchObject({ code: 130, stderr: expect.stringMatching(/Stopped after 1,000 leads[^]*1,000 deleted/) });
  expect(result.lines).toHaveLength(1_000);
  expect((await server.client.leads.list({ source: 'halted', limit: 1 })).pagination.total).toBe(1_500);
});
