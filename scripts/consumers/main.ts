/**
 * A project as somebody else has it, of which `npm run test:more` installs everything, the tarballs among it: its tests with Vitest, Vite, a
 * browser and ts-rest's adapters pass, its commands answer, and a server in another language is checked by the whole conformance suite.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packPackages } from '../packages/pack.ts';
import { ROOT } from '../packages/workspace.ts';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const versionOf = (name: string) =>
  (JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;

/** Those of ts-rest, of its own version, with what that goes with: React 18 and Fastify 4 at most. */
const ADAPTERS = {
  '@ts-rest/fastify': versionOf('@ts-rest/core'),
  '@ts-rest/react-query': versionOf('@ts-rest/core'),
  '@tanstack/react-query': versionOf('@tanstack/react-query'),
  '@types/react': '18.3.32',
  fastify: '4.29.1',
  react: '18.3.1',
};

const folder = mkdtempSync(join(tmpdir(), 'leads-frontend-'));
const running: ChildProcess[] = [];
try {
  const tarballs = Object.entries(packPackages(join(folder, 'tarballs')));
  cpSync(join(ROOT, 'scripts/consumers/frontend'), folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      private: true,
      type: 'module',
      devDependencies: {
        ...Object.fromEntries(tarballs.map(([name, tarball]) => [`@leads/${name}`, `file:${tarball}`])),
        ...Object.fromEntries(
          ['@types/node', '@ts-rest/core', 'msw', 'playwright-core', 'vite', 'vitest'].map((name) => [name, versionOf(name)]),
        ),
        ...ADAPTERS,
      },
    }),
  );
  npm('install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts');

  const tests = existsSync(CHROMIUM) ? [] : ['--exclude', 'page.test.ts'];
  if (tests.length > 0) console.warn(`Skipped the page of a frontend: there is no Chromium at ${CHROMIUM}.`);
  execFileSync('tsc', ['-p', folder], { stdio: 'inherit' });
  // For what hangs: the machine may be busy.
  npm('exec', '--', 'vitest', 'run', '--testTimeout=120000', ...tests);

  const begun = performance.now();
  const mock = await start('npx', ['leads-mock', '--port', '0']);
  const { status } = await fetch(`${mock}/api/v1/leads`, { headers: { authorization: 'Bearer sk-workspace_mock' } });
  demand(status === 200, `leads-mock answered ${status}`);
  console.log(`npx leads-mock gave its first answer after ${Math.round(performance.now() - begun)} ms`);

  demand(checked(mock, '--only', 'leads.').status === 0, 'the mock fails checks');

  if (spawnSync('python3', ['--version']).status === 0) {
    const { stdout } = checked(await start('python3', [join(ROOT, 'scripts/consumers/server.py')]));
    const [, passed, failed] = /^(\d+) passed, (\d+) failed, \d+ skipped$/m.exec(stdout)!;
    demand(Number(passed) > 0 && Number(failed) > 0, 'a server of two operations passes some checks, and fails others');
    console.log(`A server of two operations, in Python: ${passed} checks passed, ${failed} failed`);
  } else console.warn('Skipped the server in Python, which is not installed.');
} finally {
  for (const child of running) if (child.exitCode === null) await Promise.all([once(child, 'exit'), end(child)]);
  rmSync(folder, { recursive: true, force: true });
}

function npm(...args: string[]): void {
  execFileSync('npm', args, { cwd: folder, stdio: 'inherit', env: { ...process.env, CHROMIUM_PATH: CHROMIUM } });
}

/** Starts a program, and returns the first address that it prints. */
async function start(command: string, args: string[]): Promise<string> {
  // A group of its own: `npx` hands no signal on.
  const child = spawn(command, args, { cwd: folder, detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
  running.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (url) return url;
  }
  throw new Error(`${command} ${args.join(' ')} ended`);
}

async function end({ pid }: ChildProcess): Promise<void> {
  process.kill(-pid!, 'SIGTERM');
}

function checked(url: string, ...only: string[]) {
  const args = ['leads-conformance', '--base-url', url, '--api-key', 'sk-workspace_consumer', ...only];
  const { status, stdout } = spawnSync('npx', args, { cwd: folder, encoding: 'utf8', maxBuffer: 100_000_000 });
  console.log(stdout.trimEnd().split('\n').at(-1));
  return { status, stdout };
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
