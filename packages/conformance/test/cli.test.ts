import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Mock, startMock } from '@leads/mock';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BARE_ENVIRONMENT } from '../../server/test/support/bare-environment.ts';

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const KEY = 'sk-workspace_one';

let mock: Mock;
let directory: string;
beforeAll(async () => {
  [mock, directory] = await Promise.all([startMock({ seed: 0 }), mkdtemp(join(tmpdir(), 'leads-conformance-'))]);
});
afterAll(() => Promise.all([mock.close(), rm(directory, { recursive: true })]));

function leadsConformance(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [CLI, ...args], { env: BARE_ENVIRONMENT }, (_, stdout, stderr) =>
      resolve({ exitCode: child.exitCode!, stdout, stderr }),
    );
  });
}

it('prints the totals and why checks were skipped, and exits with 0 when all pass', async () => {
  const { exitCode, stdout } = await leadsConformance('--base-url', mock.url, '--api-key', KEY, '--only', 'answer');
  expect(stdout).toMatch(/^- 1 skipped: \d+ answers cannot be provoked from the outside: .*INTERNAL_ERROR.*$/m);
  expect(stdout).toMatch(/^- \d+ skipped: needs a key of another workspace$/m);
  expect(stdout).toMatch(/^ +passed +failed +skipped\n {2}documented answers +0 +0 +1\n/m);
  expect(stdout).toMatch(/^\d+ passed, 0 failed, \d+ skipped$/m);
  expect(exitCode).toBe(0);
});

it('does not begin where the rate limit would be used up before what was made is taken away', async () => {
  let remaining = 10;
  const server = createServer((_, response) => response.setHeader('X-RateLimit-Remaining', --remaining).end('{}'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { exitCode, stderr } = await leadsConformance('--base-url', url, '--api-key', KEY);
  server.close();
  expect(stderr).toContain('A key may make 8 more requests');
  expect([exitCode, remaining]).toEqual([2, 8]);
});

it('does not begin where a key lacks a scope', async () => {
  mock.fault({ operation: 'apiKeys.create', error: 'INSUFFICIENT_SCOPE' });
  const { exitCode, stderr } = await leadsConformance('--base-url', mock.url, '--api-key', KEY);
  mock.clearFaults();
  expect(stderr).toMatch(/^A key lacks a scope, and the checks need every one: .*INSUFFICIENT_SCOPE/);
  expect(exitCode).toBe(2);
});

it('names what fails, writes it into both reports, and exits with 1', async () => {
  mock.fault({ operation: 'leads.delete', error: 'LEAD_NOT_FOUND' });
  const [json, junit] = [join(directory, 'report.json'), join(directory, 'report.xml')];
  const reports = ['--json', json, '--junit', junit];
  const { exitCode, stdout } = await leadsConformance('--base-url', mock.url, '--api-key', KEY, '--only', 'leads.delete 200', ...reports);
  mock.clearFaults();
  expect(stdout).toContain('✗ leads.delete 200 success\n    another answer came');
  expect(exitCode).toBe(1);
  expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({
    baseUrl: mock.url,
    passed: 0,
    failed: 1,
    skipped: 0,
    results: [{ name: 'leads.delete 200 success', outcome: 'failed', message: 'another answer came' }],
  });
  expect(await readFile(junit, 'utf8')).toMatch(
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuite name="Leads API conformance" tests="1" failures="1" skipped="0">\n {2}<testcase classname="documented answers" name="leads\.delete 200 success" time="[\d.]+"><failure message="another answer came"\/><\/testcase>\n<\/testsuite>\n$/,
  );
});

it.each([
  ['--base-url', ['--base-url', 'localhost', '--api-key', KEY]],
  ['--api-key', ['--base-url', 'http://127.0.0.1:1']],
  ['--seed', ['--base-url', 'http://127.0.0.1:1', '--api-key', KEY, '--seed', 'x']],
  ["'--unknown'", ['--unknown']],
  ['Nothing answers', ['--base-url', 'http://127.0.0.1:1', '--api-key', KEY]],
  ['No check ran', ['--base-url', 'http://127.0.0.1:1', '--api-key', KEY, '--only', 'no such check']],
])('says what is wrong with %s, and exits with 2', async (problem, args) => {
  const { exitCode, stderr } = await leadsConformance(...args);
  expect(stderr).toContain(problem);
  expect(exitCode).toBe(2);
});
