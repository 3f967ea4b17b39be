import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { BARE_ENVIRONMENT } from '../test/support/bare-environment.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const API_KEY = `sk-workspace_${'a'.repeat(51)}`;
/** In units of 512 bytes: less than a file of the database's log, and more than any other file has by then. */
const FILE_LIMIT = 20_480;
/** Requests that are refused by a server that should have ended. */
const MANY = 1_000;

const directory = mkdtempSync(join(tmpdir(), 'leads-full-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

async function start(limit: string) {
  const environment = {
    LEADS_DATA_DIR: directory,
    LEADS_BOOTSTRAP_API_KEY: API_KEY,
    PORT: '0',
    RATE_LIMIT_PER_HOUR: '0',
    LOG_LEVEL: 'fatal',
  };
  const child = spawn('sh', ['-c', `ulimit -f ${limit}; exec "$0" "$1"`, process.execPath, MAIN], {
    env: { ...BARE_ENVIRONMENT, ...environment },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  children.push(child);
  const exited = once(child, 'exit');
  let said = '';
  child.stderr.on('data', (bytes) => (said += bytes));
  await expect.poll(() => said).toContain('/api/v1');
  const [url] = /http:\/\/\S+(?=\/api\/v1)/.exec(said)!;
  const call = (method: string, body?: object) =>
    fetch(`${url}/api/v1/leads`, {
      method,
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  return { child, exited, call, said: () => said.trim().split('\n').at(-1) };
}

it('a server whose disk is full ends with one line, and has everything that it answered once there is space', async () => {
  const first = await start('unlimited');
  first.child.kill('SIGTERM');
  expect(await first.exited).toEqual([0, null]);

  const full = await start(String(FILE_LIMIT));
  let created = 0;
  const refusals: string[] = [];
  const create = async () => {
    const text = Array.from({ length: 300 }, () => Math.random().toString(36)).join('');
    try {
      while (refusals.length < MANY) {
        const answer = await full.call('POST', { name: 'Ann', email: 'ann@example.com', metadata: { text } });
        const said = await answer.text();
        if (answer.status === 201) created += 1;
        else refusals.push(said);
      }
    } catch {
      // The server is gone.
    }
  };
  await Promise.all(Array.from({ length: 4 }, create));
  expect(refusals.length, refusals.at(-1)).toBeLessThan(MANY);
  expect(await full.exited).toEqual([1, null]);
  expect(full.said()).toMatch(/^The embedded database in .* broke, and the server ended: could not write to .*: File too large\. /);
  expect(created).toBeGreaterThan(10);

  const again = await start('unlimited');
  const { data } = (await (await again.call('GET')).json()) as { data: { pagination: { total: number } } };
  // What was not answered may be there or not.
  expect(data.pagination.total).toBeGreaterThanOrEqual(created);
  expect(data.pagination.total).toBeLessThanOrEqual(created + 4);
  again.child.kill('SIGTERM');
  expect(await again.exited).toEqual([0, null]);
});
