/**
 * `npm run release`: makes a release in the working tree, ready to be committed, tagged and published: the versions and the changelogs
 * from the changesets, the document that the next changes are compared with, and the tarballs. It publishes nothing.
 *
 * `npm run release -- --dry-run` changes nothing, and says what it would do.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RELEASED } from './compat/base.ts';
import { described, SINCE, type Since, sinceAt } from './since.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const DOCUMENT = 'docs/openapi.json';

/** What `changeset status` says of a package. */
interface Release {
  readonly name: string;
  readonly type: string;
  readonly oldVersion: string;
  readonly newVersion: string;
}

const dryRun = process.argv.includes('--dry-run');
const scratch = mkdtempSync(join(tmpdir(), 'leads-release-'));
try {
  const releases = plan();
  if (releases.length === 0) {
    console.error('There is nothing to release: no changeset. Describe what changed with: npx changeset');
    process.exit(1);
  }
  console.log('Versions:');
  for (const { name, oldVersion, newVersion, type } of releases) console.log(`  ${name}  ${oldVersion} → ${newVersion} (${type})`);
  run('node', '--import', './scripts/preload.mjs', 'scripts/compat/main.ts');
  if (!dryRun) {
    run('changeset', 'version');
    mkdirSync(join(root, dirname(RELEASED)), { recursive: true });
    copyFileSync(join(root, DOCUMENT), join(root, RELEASED));
    keepVersions(versionOf(releases));
    run('npm', 'install', '--package-lock-only', '--ignore-scripts');
  }
  console.log(`${dryRun ? 'Would keep' : 'Kept'} ${DOCUMENT} as ${RELEASED}, and since when there is what in ${SINCE}.`);

  const folder = dryRun ? scratch : join(root, 'dist');
  const tarballs = output('npm', 'run', '--silent', 'pack', '--', folder)
    .split('\n')
    .filter((line) => line.endsWith('.tgz'))
    .map((line) => join(root, line));
  console.log(dryRun ? 'Would publish, with the new versions:' : 'Tarballs:');
  for (const tarball of tarballs) console.log(`  ${basename(tarball)}  ${Math.ceil(statSync(tarball).size / 1024)} kB`);
  if (!dryRun) {
    console.log(`Next: commit, git tag v${versionOf(releases)}, git push --follow-tags, and npm publish for each tarball.`);
  }
} finally {
  rmSync(scratch, { recursive: true });
}

function plan(): Release[] {
  const file = join(scratch, 'plan.json');
  execFileSync('changeset', ['status', '--output', file], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const { releases } = JSON.parse(readFileSync(file, 'utf8')) as { releases: Release[] };
  return releases.filter(({ type }) => type !== 'none');
}

/** That of the packages which have one together. */
function versionOf(releases: readonly Release[]): string {
  return (releases.find(({ name }) => name === '@leads/contract') ?? releases[0]!).newVersion;
}

function keepVersions(version: string): void {
  const file = join(root, SINCE);
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Since) : {};
  writeFileSync(file, `${JSON.stringify(sinceAt(version, described(), before), null, 2)}\n`);
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: root, stdio: 'inherit' });
}

function output(command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
