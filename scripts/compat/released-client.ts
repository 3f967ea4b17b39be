/**
 * The tests of the client as it was released, against the server and the mock of today. They are put into the workspace, so that they find
 * the other packages as they are now.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const PLACE = join(root, 'examples/.released-client');
/** What compares the client with the repository, or looks at its package: both were right at the release, and are others now. */
const OTHERS = ['**/package.test.ts', '**/docs.test.ts', '**/cli/operations.test.ts'];

/** The tag of the last release; undefined before the first. */
export function lastRelease(): string | undefined {
  const { status, stdout } = spawnSync('git', ['describe', '--tags', '--abbrev=0', '--match', 'v*'], { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** Runs them, with the arguments of vitest; whether all passed. */
export function testReleasedClient(revision: string, args: readonly string[] = []): boolean {
  const archive = mkdtempSync(join(tmpdir(), 'leads-released-client-'));
  try {
    execFileSync('git', ['archive', '--output', join(archive, 'client.tar'), revision, 'packages/client'], { cwd: root });
    execFileSync('tar', ['-xf', join(archive, 'client.tar'), '-C', archive]);
    mkdirSync(PLACE, { recursive: true });
    cpSync(join(archive, 'packages/client'), PLACE, { recursive: true });
    // What only the client uses, and is installed beside it.
    const dependencies = join(root, 'packages/client/node_modules');
    if (existsSync(dependencies)) cpSync(dependencies, join(PLACE, 'node_modules'), { recursive: true, verbatimSymlinks: true });
    const { status } = spawnSync(
      'vitest',
      [
        'run',
        '--root',
        PLACE,
        '--maxWorkers=2',
        '--testTimeout=120000',
        '--hookTimeout=120000',
        ...OTHERS.flatMap((it) => ['--exclude', it]),
        ...args,
      ],
      { cwd: root, stdio: 'inherit' },
    );
    return status === 0;
  } finally {
    rmSync(archive, { recursive: true });
    rmSync(PLACE, { recursive: true, force: true });
  }
}
