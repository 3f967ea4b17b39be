/**
 * `npm run test:more`: what takes longer, or needs more than a fresh machine has. With names of parts as arguments those; without, all.
 */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastRelease, testReleasedClient } from './compat/released-client.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

const PARTS = {
  /** What CONTRIBUTING.md tells of a change is tried in a scratch copy. */
  recipes: () => run('node', '--import', './scripts/preload.mjs', 'scripts/contributing/main.ts'),
  /** What others use can be compiled and run: the tarballs, on each Node, the client in Deno, Bun and a page as well, and clients that are generated from the document. */
  packages: () => {
    build();
    tests('scripts/more/', 'packages/client/more/');
  },
  /** No file, export or dependency is there that nothing uses. */
  unused: () => run('npm', 'run', '-s', 'check:unused'),
  /** What is tried on PostgreSQL alone elsewhere is tried on the embedded database. */
  embedded: () => tests('-t', '\\[embedded\\]', ...filesWith(/onOneDatabase\(/)),
  /** All wrong servers, and every check on server and mock; races and kills in more rounds; a disk that is full; the memory of the mock, and more data that it makes up; all of the example page on a server. */
  rounds: () =>
    tests(
      'packages/conformance/test/',
      ...['races', 'crash', 'full-disk', 'memory', 'page', 'documented-examples'].map((name) => `/${name}.test.ts`),
    ),
  /** The tests that have a longer form run in it: more lines, rounds, pages, and runs of the conformance suite at the same time. */
  longer: () => {
    build();
    tests(...globSync('packages/*/more', { cwd: root }), ...longerTests());
  },
  /** A frontend's project installs the packages and tests a page with them; a server in another language is checked. */
  consumers: () => {
    build();
    run('node', '--import', './scripts/preload.mjs', 'scripts/consumers/main.ts');
  },
  /** The client of the last release passes its tests against the present server. */
  released: () => {
    const release = lastRelease();
    if (!release) console.warn('Skipped: the client of the last release, since there is none yet.');
    else if (!testReleasedClient(release)) process.exit(1);
  },
  /** What depends on the sessions of PostgreSQL passes where each transaction gets another one. */
  pgbouncer: () => run('node', '--import', './scripts/preload.mjs', 'scripts/pgbouncer/main.ts'),
};

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) {
  console.error(`There is no part ${unknown}. There are: ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}
for (const [name, part] of Object.entries(PARTS)) if (chosen.length === 0 || chosen.includes(name)) part();

function build(): void {
  run('npm', 'run', 'build');
}

/** Runs what `npm test` runs shorter, or not at all. */
function tests(...files: string[]): void {
  const env = { ...process.env, LEADS_TEST_MORE: '1' };
  if (spawnSync('vitest', ['run', ...files], { cwd: root, stdio: 'inherit', env }).status !== 0) process.exit(1);
}

/** The test files that have a longer form: they say so, or something beside them that they import does. */
function longerTests(): string[] {
  return filesWith(/LEADS_TEST_MORE|onOneDatabase\(/);
}

/** The test files in which something is said, or in what beside them they import. */
function filesWith(said: RegExp): string[] {
  const texts = new Map(
    globSync('{packages/*,docs/site,examples/web,scripts}/{src,test}/**/*.ts', { cwd: root }).map((file) => [
      file,
      readFileSync(join(root, file), 'utf8'),
    ]),
  );
  const saying = [...texts].filter(([file, text]) => said.test(text) && basename(file) !== 'databases.ts');
  const names = saying.map(([file]) => `/${basename(file)}'`);
  return [...texts]
    .filter(
      ([file, text]) => file.endsWith('.test.ts') && (saying.some(([each]) => each === file) || names.some((name) => text.includes(name))),
    )
    .map(([file]) => file);
}

function run(command: string, ...args: string[]): void {
  if (spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status !== 0) process.exit(1);
}
