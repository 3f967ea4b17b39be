import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../packages/server/test/support/free-port.ts';
import { BARE_ENVIRONMENT } from '../../packages/server/test/support/bare-environment.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** How long what was told to end may take: a server ends within 10 seconds. */
const ENDS_WITHIN_MS = 60_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leads-npm-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Every process that a process started, and those that they started. */
function descendantsOf(pid: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const children = rows.map((row) => row.trim().split(/\s+/).map(Number)).flatMap(([child, parent]) => (parent === pid ? child! : []));
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

// npm run dev, which writes files, is tried on a copy: dev.test.ts. npm run web has a test beside its page.
it.each([
  ['start', (port: number) => ({ PORT: `${port}`, LEADS_DATA_DIR: join(folder, 'data') })],
  ['mock', (port: number) => ({ MOCK_PORT: `${port}` })],
] as const)('npm run %s ends with npm: a signal to npm alone, as a program sends it, ends all of it', async (script, environmentOf) => {
  const port = await freePort();
  const isServed = () =>
    fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
  // Nothing of the test's own environment, in which programs may take themselves for tested.
  const npm = spawn('npm', ['run', script], {
    cwd: ROOT,
    env: { ...BARE_ENVIRONMENT, HOME: folder, HOST: '127.0.0.1', ...environmentOf(port) },
    stdio: 'ignore',
  });
  const ended = once(npm, 'exit');
  let started: number[] = [];
  try {
    await expect.poll(isServed).toBe(true);
    started = descendantsOf(npm.pid!);
    expect(started.length).toBeGreaterThan(0);
    npm.kill('SIGTERM');
    await ended;
    await expect.poll(async () => [await isServed(), started.filter(isThere)], { timeout: ENDS_WITHIN_MS }).toEqual([false, []]);
  } finally {
    for (const pid of [...started, npm.pid!].filter(isThere)) process.kill(pid, 'SIGTERM');
  }
});
