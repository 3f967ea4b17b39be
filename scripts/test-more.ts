/**
 * `npm run test:more`: what takes longer, or needs more than a fresh machine has. What CONTRIBUTING.md tells of a change is tried in a
 * scratch copy. All tests run in their longest form: more lines, rounds, pages, and runs of the conformance suite at the same time. A frontend's project installs the packages and tests a page with them. The client of the last release passes its tests
 * against the present server. Behind PgBouncer, where each transaction gets another session of PostgreSQL, what depends on that passes.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { lastRelease, testReleasedClient } from './compat/released-client.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

run('node', '--import', './scripts/preload.mjs', 'scripts/contributing/main.ts');
run('npm', 'run', 'build');
tests();
run('node', '--import', './scripts/preload.mjs', 'scripts/consumers/main.ts');

const release = lastRelease();
if (!release) console.warn('Skipped: the client of the last release, since there is none yet.');
else if (!testReleasedClient(release)) process.exit(1);

run('node', '--import', './scripts/preload.mjs', 'scripts/pgbouncer/main.ts');

/** Runs all tests, and more of each than `npm test` has time for. */
function tests(): void {
  const env = { ...process.env, LEADS_TEST_MORE: '1' };
  if (spawnSync('vitest', ['run'], { cwd: root, stdio: 'inherit', env }).status !== 0) process.exit(1);
}

function run(command: string, ...args: string[]): void {
  if (spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status !== 0) process.exit(1);
}
