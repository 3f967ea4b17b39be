/**
 * `npm test`: what a fresh machine can run, but for what takes longer (`npm run test:more`). First what is cheap, then the tests of each
 * package; what did not change since it passed is answered from turbo's cache, in CI nothing is. It ends with a line of totals.
 *
 * With arguments, as in `npm test -- calls`, vitest gets them, and nothing comes from a cache.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = fileURLToPath(new URL('../', import.meta.url));
/** What each package's `test` writes, and turbo keeps. */
const REPORTS = '{packages,docs,examples}/*/.cache/tests.json';
const OWN_REPORT = 'scripts/.cache/tests.json';
/** Where vitest writes it when it runs all packages at once. */
const REPORT_OF_ALL = 'node_modules/.cache/tests.json';

/** What of the report matters here. */
interface Report {
  readonly startTime: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

const CHECKS = ['//#check:generated', '//#check:format', '//#lint:server', '//#lint:rest', 'types', '//#compat'];

const start = Date.now();
const filter = process.argv.slice(2);
const environment = {
  ...process.env,
  MACHINE: await machine(),
  // What the tests start is compiled once.
  NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'),
  TURBO_TELEMETRY_DISABLED: '1',
  REDOCLY_TELEMETRY: 'off',
  REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
};
for (const report of reports()) rmSync(report);

const checked = turbo('--output-logs=errors-only', '--concurrency=2', ...CHECKS);
if (checked) {
  // Two packages at once, each with two workers: the last file of a package would else leave a core idle.
  const passed =
    filter.length > 0 ? run('vitest', ['run', ...filter]) : turbo('--output-logs=new-only', '--concurrency=2', '--continue', 'test');
  if (!passed) process.exitCode = 1;
} else process.exitCode = 1;
printTotals(checked);

function turbo(...args: string[]): boolean {
  const all = process.env['CI'] ? ['--force'] : [];
  return run('turbo', ['run', '--log-prefix=none', '--log-order=stream', ...all, ...args]);
}

function run(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', env: environment }).status === 0;
}

function reports(): string[] {
  return [REPORTS, OWN_REPORT, REPORT_OF_ALL].flatMap((pattern) => globSync(pattern, { cwd: root })).map((path) => join(root, path));
}

function printTotals(ran: boolean): void {
  const found = reports().map((path) => ({ path, report: JSON.parse(readFileSync(path, 'utf8')) as Report }));
  const cached = found
    .filter(({ report }) => report.startTime < start)
    .map(({ path }) => path.slice(root.length).replace('/.cache/tests.json', ''));
  if (cached.length > 0) console.log(`From the cache, unchanged since they passed: ${cached.join(', ')}`);
  for (const failure of found.flatMap(({ report }) => failures(report))) console.log(failure);
  const total = (of: (report: Report) => number) => found.reduce((sum, { report }) => sum + of(report), 0);
  const failed = total((report) => report.numFailedTests);
  // What ends before its tests do has no number of its own.
  const broken = process.exitCode && failed === 0 ? 1 : 0;
  const counted = ran ? total((report) => report.numPassedTests) : 0;
  console.log(`${counted} passed, ${failed + broken} failed, ${total((report) => report.numPendingTests)} skipped`);
}

/** Each failed test with the start of what it said, and each file that failed as a whole: what they printed is long gone from the screen. */
function failures({ testResults }: Report): string[] {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    if (failed.length === 0 && message) return [`Failed: ${file}\n${beginning(message)}`];
    return failed.map(({ fullName, failureMessages }) => `Failed: ${file} > ${fullName}\n${beginning(failureMessages.join('\n'))}`);
  });
}

function beginning(text: string): string {
  return stripVTControlCharacters(text)
    .split('\n')
    .slice(0, 12)
    .map((line) => `  ${line}`)
    .join('\n');
}

/** What tests are skipped without. A pass without it does not stand for one with it. */
async function machine(): Promise<string> {
  const programs = ['chromium', 'curl', 'python3', 'pgbouncer', 'deno', 'bun'].filter((name) =>
    [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'].some((folder) => existsSync(join(folder, name))),
  );
  const requests = spawnSync('python3', ['-c', 'import requests']).status === 0 ? ['requests'] : [];
  const postgres = (await answers(5432)) ? ['postgresql'] : [];
  return [process.platform, process.arch, process.version, ...programs, ...requests, ...postgres].join(' ');
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket
      .once('connect', () => resolve(true))
      .once('error', () => resolve(false))
      .once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
