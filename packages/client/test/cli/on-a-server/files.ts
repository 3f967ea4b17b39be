import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { piped } from '../support/pipe.ts';
import { startProxy } from '../support/proxy.ts';
import { seed, startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startTestServer();
  folder = mkdtempSync(join(tmpdir(), 'leads-cli-'));
  mkdirSync(join(folder, 'folder'));
  writeFileSync(join(folder, 'file'), 'lead_1\n');
});
afterAll(() => server.stop());

const env = (url = server.url) => ({ LEADS_API_KEY: server.apiKey, LEADS_BASE_URL: url });
const leads = (args: string[], input = '') => piped(args, { env: env(), input });

describe('a file that cannot be used is told of in a sentence', () => {
  it.each([
    [['import', 'missing'], 'missing” is not there.'],
    [['import', 'folder'], 'folder” is a folder.'],
    [['restore', '--from', 'missing'], 'missing” is not there.'],
    [['restore', '--from', 'folder'], 'folder” is a folder.'],
    [['get', '--ids-file', 'missing'], 'missing” is not there.'],
    [['get', '--ids-file', 'folder'], 'folder” is a folder.'],
    [['bulk-delete', '--ids-file', 'folder', '--yes'], 'folder” is a folder.'],
    [['export', '--backup-dir', 'file'], 'is there already, and is no folder.'],
    [['export', '--backup-dir', 'file/below'], 'is not below a folder.'],
  ])('%j', async (args, says) => {
    const words = args.map((word, i) => (i === args.length - 1 || ['missing', 'folder'].includes(word) ? join(folder, word) : word));
    const { code, stderr } = await leads(args.at(-1) === '--yes' ? [...words.slice(0, -1), '--yes'] : words);
    expect([code, stderr]).toEqual([1, expect.stringContaining(says)]);
    expect(stderr).not.toMatch(/E[A-Z]{4,}|errno|at /);
  });

  it('also one that may not be read', async (context) => {
    // Whoever may do everything may read it all the same.
    context.skip(process.getuid?.() === 0, 'root may read every file');
    const file = join(folder, 'secret');
    writeFileSync(file, 'lead_1\n');
    chmodSync(file, 0o000);
    expect(await leads(['import', file])).toMatchObject({ code: 1, stderr: expect.stringContaining('may not be read') });
  });
});

describe('after a deletion the line that brings back what went is printed, and does', () => {
  const lineIn = (stderr: string) => /To bring them back: leads (restore .*)/.exec(stderr)?.[1]?.split(' ');
  const there = async (source: string) => (await server.client.leads.list({ source, limit: 1 })).pagination.total;

  it.each([
    ['by a filter, from the backups of the job', [], /^restore --job job_\w+$/],
    ['by a filter, from the file', ['--backup-dir', 'DIR'], /^restore --from .*\.ndjson$/],
    ['by a filter, from the file alone', ['--backup-dir', 'DIR', '--no-backup'], /^restore --from .*\.ndjson$/],
  ])('%s', async (_, options, line) => {
    const source = `undo${options.length}`;
    await seed(server.client, source, 12);
    const words = options.map((word) => (word === 'DIR' ? mkdtempSync(join(folder, 'backups-')) : word));
    const { code, stderr } = await leads(['bulk-delete', '--source', source, '--yes', ...words]);
    expect([code, await there(source)]).toEqual([0, 0]);
    const undo = lineIn(stderr)!;
    expect(undo.join(' ')).toMatch(line);
    expect((await leads(undo)).code).toBe(0);
    expect(await there(source)).toBe(12);
  });

  it('by ids, from their backups', async () => {
    const ids = await seed(server.client, 'undone', 3);
    const { stderr } = await leads(['bulk-delete', ...ids, '--yes']);
    const { lines } = await leads(lineIn(stderr)!);
    // Several are brought back at once, and told of as they are done.
    const outcomes = Object.fromEntries(lines.map(({ leadId, outcome }) => [leadId, outcome]));
    expect(outcomes).toEqual(Object.fromEntries(ids.map((id) => [id, 'restored'])));
  });

  it('and what restores a job tells of the leads, not of the backups', async () => {
    const ids = await seed(server.client, 'told', 2);
    const { stderr } = await leads(['bulk-delete', '--source', 'told', '--yes']);
    expect((await leads(lineIn(stderr)!)).lines.map(({ leadId }) => String(leadId)).toSorted()).toEqual(ids);
  });

  it('not where there is none: without backups, erased, anonymized', async () => {
    await seed(server.client, 'bare', 2);
    expect(lineIn((await leads(['bulk-delete', '--source', 'bare', '--no-backup', '--yes'])).stderr)).toBeUndefined();
    await seed(server.client, 'erased', 2);
    expect(lineIn((await leads(['bulk-delete', '--source', 'erased', '--erase', '--yes'])).stderr)).toBeUndefined();
    await seed(server.client, 'nameless', 2);
    expect(lineIn((await leads(['bulk-anonymize', '--source', 'nameless', '--yes'])).stderr)).toBeUndefined();
  });

  it('also where Ctrl-C came when the job was done: it says what was done, and how it is undone', async () => {
    await seed(server.client, 'toolate', 30);
    const interruption = new AbortController();
    const proxy = await startProxy(server.url, [], async (request) => {
      if (!request.startsWith('GET /api/v1/jobs/job_') || interruption.signal.aborted) return;
      await expect.poll(() => there('toolate')).toBe(0);
      await expect.poll(async () => (await server.client.jobs.list({ limit: 1 })).jobs[0]!.finishedAt).not.toBeNull();
      interruption.abort();
    });
    const { code, stderr } = await piped(['bulk-delete', '--source', 'toolate', '--yes'], { env: env(proxy.url), interruption });
    await proxy.close();
    expect([code, stderr]).toEqual([130, expect.stringMatching(/It was done before:\n30 deleted\.\n/)]);
    expect((await leads(lineIn(stderr)!)).code).toBe(0);
    expect(await there('toolate')).toBe(30);
  });
});

describe('what lands in a clone', () => {
  const IGNORE = fileURLToPath(new URL('../../../../../.gitignore', import.meta.url));

  it('is not committed by accident: backups, exports and tarballs; and no source is left out for it', (context) => {
    context.skip(spawnSync('git', ['--version']).status !== 0, 'git is not installed');
    const clone = mkdtempSync(join(tmpdir(), 'leads-clone-'));
    execFileSync('git', ['init', '--quiet'], { cwd: clone });
    cpSync(IGNORE, join(clone, '.gitignore'));
    const ignored = (path: string) => spawnSync('git', ['check-ignore', '--quiet', path], { cwd: clone }).status === 0;
    const data = ['backups/leads-2024-01-16T15-45-00.000Z.ndjson', 'leads.ndjson', 'qualified.csv', 'leads-client-0.0.0.tgz'];
    expect(data.filter((path) => !ignored(path))).toEqual([]);
    const sources = ['packages/server/src/backups/restore.ts', 'packages/contract/src/backups/schemas.ts', 'docs/openapi.json'];
    expect(sources.filter(ignored)).toEqual([]);
  });
});
