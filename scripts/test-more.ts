/**
 * `npm run test:more`: what takes longer, or needs more than a fresh machine has. What CONTRIBUTING.md tells of a change is tried in a
 * scratch copy. All tests run in their longest form: more lines, rounds, pages, and runs of the conformance suite at the same time. A frontend's project installs the packages and tests a page with them. The client of the last release passes its tests
 * against the present server. Behind PgBouncer, where each transaction may get another session
 * of PostgreSQL, the server's suite and the conformance suite pass as they do without it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastRelease, testReleasedClient } from './compat/released-client.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
/** Where Debian has it, which is in no user's path. */
const PGBOUNCER = spawnSync('pgbouncer', ['--version']).status === 0 ? 'pgbouncer' : '/usr/sbin/pgbouncer';
const STARTS_WITHIN_MS = 10_000;

run('node', '--import', './scripts/preload.mjs', 'scripts/contributing/main.ts');
run('npm', 'run', 'build');
tests();
run('node', '--import', './scripts/preload.mjs', 'scripts/consumers/main.ts');

const release = lastRelease();
if (!release) console.warn('Skipped: the client of the last release, since there is none yet.');
else if (!testReleasedClient(release)) process.exit(1);

if (spawnSync(PGBOUNCER, ['--version']).status !== 0) {
  console.warn('Skipped: the suites behind PgBouncer, which is not installed.');
  process.exit(process.env['CI'] ? 1 : 0);
}

const upstream = new URL(process.env['TEST_DATABASE_URL'] ?? 'postgres://root@127.0.0.1:5432/postgres');
const directory = mkdtempSync(join(tmpdir(), 'leads-pgbouncer-'));
const port = await freePort();
writeFileSync(join(directory, 'users'), `"${decodeURIComponent(upstream.username)}" "${decodeURIComponent(upstream.password)}"\n`);
writeFileSync(
  join(directory, 'pgbouncer.ini'),
  `[databases]
* = host=${upstream.hostname} port=${upstream.port || 5432}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${join(directory, 'users')}
pool_mode = transaction
default_pool_size = 8
`,
);
// It refuses to run as root.
const user = userInfo().uid === 0 ? ['-u', 'nobody'] : [];
if (user.length > 0) spawnSync('chown', ['-R', 'nobody', directory]);
const pgbouncer = spawn(PGBOUNCER, ['-q', ...user, join(directory, 'pgbouncer.ini')], { stdio: 'inherit' });
try {
  await listens(port);
  const proxied = new URL(upstream);
  proxied.hostname = '127.0.0.1';
  proxied.port = String(port);
  const projects = ['--project', 'server', '--project', 'conformance'];
  // Not the crashes: they look at the sessions of the server that they kill, and those of a pooler outlive it.
  const tests = ['-t', 'postgresql|on PostgreSQL|on two servers', '--exclude', '**/crash/**'];
  const { status } = spawnSync('vitest', ['run', ...projects, ...tests, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TEST_DATABASE_URL: proxied.href },
  });
  process.exitCode = status ?? 1;
} finally {
  pgbouncer.kill('SIGTERM');
  await once(pgbouncer, 'exit');
  rmSync(directory, { recursive: true });
}

/** Runs all tests, and more of each than `npm test` has time for. */
function tests(): void {
  const env = { ...process.env, LEADS_TEST_MORE: '1' };
  if (spawnSync('vitest', ['run'], { cwd: root, stdio: 'inherit', env }).status !== 0) process.exit(1);
}

function run(command: string, ...args: string[]): void {
  if (spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status !== 0) process.exit(1);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return free;
}

async function listens(at: number): Promise<void> {
  for (const start = performance.now(); ;) {
    const socket = connect(at, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (pgbouncer.exitCode !== null || performance.now() - start > STARTS_WITHIN_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      socket.destroy();
    }
  }
}
