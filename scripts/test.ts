/**
 * `npm test`: everything that a fresh machine can run, one step after the other, each with its time. It stops at the
 * first step that fails, and ends with a line of totals.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), 'leads-test-'));
const report = join(temporary, 'report.json');

const TYPED = [
  'packages/contract',
  'packages/server',
  'packages/client',
  'packages/mock',
  'packages/conformance',
  'examples/web',
  'bench',
  'scripts',
];

const steps: [name: string, command: string, ...args: string[]][] = [
  ['generated files are up to date', 'node', 'scripts/generate.ts', '--check'],
  ['format', 'oxfmt', '--check', '.'],
  ['lint', 'oxlint', '--type-aware', '--quiet', '.'],
  ...TYPED.map((path): [string, string, ...string[]] => [`types of ${path}`, 'tsc', '--noEmit', '-p', path]),
  ['OpenAPI document: Spectral', 'spectral', 'lint', '--fail-severity=hint', 'docs/openapi.json'],
  ['OpenAPI document: Redocly', 'redocly', 'lint', 'docs/openapi.json'],
  // What the tests of the packages pack.
  ['build', 'npm', 'run', 'build'],
  ['tests', 'vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)],
];

try {
  for (const [name, command, ...args] of steps) run(name, command, args);
} finally {
  printTotals();
  rmSync(temporary, { recursive: true, force: true });
}

function run(name: string, command: string, args: string[]): void {
  const start = performance.now();
  const quiet = command !== 'vitest';
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: quiet ? 'pipe' : 'inherit',
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${status === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
  if (status === 0) return;
  if (quiet) console.error(stdout + stderr);
  process.exitCode = 1;
  throw new Error(`${name}: failed`);
}

function printTotals(): void {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
    console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
  } catch {
    console.log('0 passed, 1 failed');
  }
}
