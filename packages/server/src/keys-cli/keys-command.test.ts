import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createServer, type LeadsServer } from '@leads/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

describe('leads-keys on the embedded database while the server is running', () => {
  let dataDir: string;
  let server: LeadsServer;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'leads-keys-'));
    server = await createServer({ LEADS_DATA_DIR: dataDir });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true });
  });

  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [MAIN, ...args], { env: { ...process.env, DATABASE_URL: '', LEADS_DATA_DIR: dataDir } });
  const keys = async (...args: string[]) => (await run(...args)).stdout;
  const statusOf = async (key: string) =>
    (await fetch(`${server.url}/api/v1/leads`, { headers: { authorization: `Bearer ${key}` } })).status;

  it('creates a workspace with a key that works, lists it without its secret, rotates it and revokes it', async () => {
    const created = JSON.parse(await keys('create', '--workspace', 'acme', '--scopes', 'leads:read', '--json'));
    expect(await statusOf(created.key)).toBe(200);

    const listed = await keys('list', '--workspace', 'acme');
    expect(listed).toContain(created.id);
    expect(listed).not.toContain(created.key);

    const rotated = JSON.parse(await keys('rotate', created.id, '--workspace', 'acme', '--overlap', '1h', '--json'));
    expect(await statusOf(rotated.key)).toBe(200);

    expect(await keys('revoke', created.id, '--workspace', 'acme')).toContain(`Revoked ${created.id}`);
    await expect.poll(() => statusOf(created.key), { interval: 100 }).toBe(401);
    expect(await statusOf(rotated.key)).toBe(200);
  });

  it('prints a new key alone on standard output, and what there is to say of it beside', async () => {
    const created = await run('create', '--workspace', 'alone');
    expect(created.stdout).toMatch(/^sk-workspace_[A-Za-z0-9]{51}\n$/);
    expect(created.stderr).toMatch(/^Shown this once\. key_\w+ in the workspace "alone"/);
    const rotated = await run('rotate', /key_\w+/.exec(created.stderr)![0], '--workspace', 'alone');
    expect(rotated.stdout).toMatch(/^sk-workspace_[A-Za-z0-9]{51}\n$/);
    expect(await statusOf(rotated.stdout.trim())).toBe(200);
  });

  it('says in one line what is wrong, and exits with 2', async () => {
    await expect(keys('revoke', 'key_unknown')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^There is no key key_unknown[^\n]*\n$/),
    });
    await expect(keys('list', '--workspace', 'nobody')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^There is no workspace "nobody"[^\n]*\n$/),
    });
  });
});
