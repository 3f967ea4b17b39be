import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from './temporary-directory.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const MIGRATIONS = 'packages/server/src/db/migrations';
const PACKAGES = ['contract', 'server', 'conformance'];

/** The sources of an earlier version, which run beside those of this one. */
export interface EarlierVersion extends Disposable {
  readonly revision: string;
  /** The programs of the server and of the conformance suite. */
  readonly server: string;
  readonly conformance: string;
}

/**
 * The version of the last release; before the first one, that from before the newest migration, so that its database is another one.
 * `missing` says why there is none.
 */
export function findEarlierVersion(): EarlierVersion | { missing: string } {
  const revision = lastRelease() ?? beforeNewestMigration();
  if (revision === undefined) return { missing: 'the history of the repository does not reach back to before the newest migration' };
  const home = temporaryDirectory();
  const archive = join(home.path, 'sources.tar');
  execFileSync('git', ['archive', '--output', archive, revision, ...PACKAGES.map((name) => `packages/${name}`)], { cwd: ROOT });
  execFileSync('tar', ['-xf', archive, '-C', home.path]);
  rmSync(archive);
  // What others made is the same for both; the workspace's own packages are its own.
  link(join(ROOT, 'node_modules'), join(home.path, 'node_modules'));
  mkdirSync(join(home.path, 'node_modules/@leads'));
  for (const name of PACKAGES) {
    symlinkSync(join(home.path, 'packages', name), join(home.path, 'node_modules/@leads', name));
    const own = join(ROOT, 'packages', name, 'node_modules');
    if (existsSync(own)) link(own, join(home.path, 'packages', name, 'node_modules'));
  }
  return {
    revision,
    server: join(home.path, 'packages/server/src/main.ts'),
    conformance: join(home.path, 'packages/conformance/src/cli.ts'),
    [Symbol.dispose]: () => home[Symbol.dispose](),
  };
}

function link(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) if (name !== '@leads') symlinkSync(join(from, name), join(to, name));
}

function lastRelease(): string | undefined {
  return git('describe', '--tags', '--abbrev=0', '--match', 'v*');
}

function beforeNewestMigration(): string | undefined {
  const newest = readdirSync(join(ROOT, MIGRATIONS)).toSorted().at(-1)!;
  const added = git('log', '-1', '--diff-filter=A', '--format=%H', '--', `${MIGRATIONS}/${newest}`);
  return added === undefined ? git('rev-parse', '--verify', 'HEAD') : git('rev-parse', '--verify', '--quiet', `${added}^`);
}

function git(...args: string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return (status === 0 && stdout.trim()) || undefined;
}
