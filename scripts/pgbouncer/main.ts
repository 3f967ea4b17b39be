/**
 * The tests behind PgBouncer in transaction mode, where each transaction gets another session of PostgreSQL. With names of test files
 * as arguments those; without, those whose outcome depends on the sessions: every documented answer, which sends every statement
 * that there is, and whatever holds transactions open, waits for locks, prepares or limits statements, or migrates.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../packages/server/test/support/free-port.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Where Debian has it, which is in no user's path. */
const PGBOUNCER = spawnSync('pgbouncer', ['--version']).status === 0 ? 'pgbouncer' : '/usr/sbin/pgbouncer';

const CHOSEN = [
  'coverage',
  'concurrency',
  'races',
  'idempotency',
  'fair-pool',
  'database',
  'bulk-jobs',
  'deletion-order',
  'coming-back',
  'migrations',
  'upgrade',
  'sql-functions',
  'purge',
  'compact-counts',
  'rate-limit',
].map((name) => `${name}.test.ts`);

if (spawnSync(PGBOUNCER, ['--version']).status !== 0) {
  console.warn('Skipped: the tests behind PgBouncer, which is not installed.');
  process.exit(process.env['CI'] ? 1 : 0);
}

const upstream = new URL(process.env['TEST_DATABASE_URL'] ?? 'postgres://root@127.0.0.1:5432/postgres');
const directory = mkdtempSync(join(tmpdir(), 'leads-pgbouncer-'));
const port = await freePort();
writeFileSync(join(directory, 'users'), `"${decodeURIComponent(upstream.username)}" "${decodeURIComponent(upstream.password)}"\n`);
// In turns, so that hardly a transaction gets the session of the one before. As many sessions as two test files hold and wait for at
// once: a test that holds a lock, and looks who waits for it, needs one more than those who wait.
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
default_pool_size = 20
server_round_robin = 1
max_client_conn = 1000
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
  const files = process.argv.length > 2 ? process.argv.slice(2) : CHOSEN;
  const { status } = spawnSync('vitest', ['run', ...projects, ...tests, ...files], {
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

async function listens(at: number): Promise<void> {
  for (;;) {
    const socket = connect(at, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (pgbouncer.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      socket.destroy();
    }
  }
}
