import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import pg from 'pg';
import type { LeftBehind } from '../../../scripts/test/support/clean-up.ts';

const CLEAN_UP = new URL('../../../scripts/test/support/clean-up.ts', import.meta.url).href;
const postgres = inject('databases').find(({ server }) => server !== undefined);

/** A test run that has something to leave behind. */
async function startRun(left: LeftBehind): Promise<ChildProcess> {
  const program = `
    import { cleanUpAtEnd } from '${CLEAN_UP}';
    cleanUpAtEnd(${JSON.stringify(left)});
    console.log('ready');
    setInterval(() => {}, 1_000);`;
  const run = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(run.stdout, 'data');
  return run;
}

it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('a test run that ends by %s leaves no folder and no database behind', async (signal) => {
  const folder = mkdtempSync(join(tmpdir(), 'leads-early-'));
  writeFileSync(join(folder, 'file'), 'left');
  const name = `leads_early_${signal.toLowerCase()}_${process.pid}`;
  const client = postgres && new pg.Client({ connectionString: postgres.server! });
  await client?.connect();
  await client?.query(`create database ${name}`);
  const run = await startRun({ folder, ...(postgres && { databases: { server: postgres.server!, prefix: name } }) });
  expect([run.exitCode, existsSync(folder)]).toEqual([null, true]);
  run.kill(signal);
  await expect.poll(() => existsSync(folder)).toBe(false);
  expect((await client?.query('select from pg_database where datname = $1', [name]))?.rowCount ?? 0).toBe(0);
  await client?.end();
});
