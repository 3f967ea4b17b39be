import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pino } from 'pino';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readSettings } from '../src/config.ts';
import { migrate } from '../src/db/migrate.ts';
import { diagnose } from '../src/doctor/diagnose.ts';
import { startServer } from '../src/start-server.ts';
import { emptyDatabase, urlOf } from './support/databases.ts';
import { BARE_ENVIRONMENT } from './support/bare-environment.ts';

const MAIN = fileURLToPath(new URL('../src/doctor/main.ts', import.meta.url));
const ALL = [
  'settings',
  'database',
  'version',
  'schema',
  'extensions',
  'durability',
  'connections',
  'clock',
  'disk',
  'deleted rows',
  'backlog',
  'audit log',
];

/** What is wrong, by what it is about, with what to do. */
async function wrong(environment: Record<string, string>, now?: () => Date) {
  const findings = await diagnose(environment, now);
  return Object.fromEntries(findings.filter(({ remedy }) => remedy).map(({ about, says, remedy }) => [about, `${says} → ${remedy}`]));
}

describe('the doctor, of the embedded database', () => {
  const home = mkdtempSync(join(tmpdir(), 'leads-doctor-'));
  const environment = { LEADS_DATA_DIR: join(home, 'data'), PORT: '0' };
  afterAll(() => rmSync(home, { recursive: true }));

  it('makes none where there is none yet, and finds all well while a server runs and when none does', async () => {
    expect(await diagnose(environment)).toEqual([
      { about: 'settings', says: 'valid' },
      { about: 'database', says: `there is none in ${environment.LEADS_DATA_DIR} yet; the first start makes it` },
    ]);
    expect(existsSync(environment.LEADS_DATA_DIR)).toBe(false);
    const server = await startServer(readSettings(environment), pino({ level: 'silent' }));
    const running = await diagnose(environment);
    await server.stop();
    const stopped = await diagnose(environment);
    for (const findings of [running, stopped]) {
      expect(findings.map(({ about }) => about)).toEqual(ALL);
      expect(findings.filter(({ remedy }) => remedy)).toEqual([]);
    }
    expect(running[1]!.says).toContain('asked through the server that runs on it');
    expect(stopped[1]!.says).toContain('no server runs on it');
  });
});

describe.each(inject('databases').filter(({ server }) => server))('the doctor, of PostgreSQL', (database) => {
  let own: Awaited<ReturnType<typeof emptyDatabase>>;
  let client: pg.Client;
  let environment: Record<string, string>;
  /** What is wrong with the PostgreSQL that the tests run on. */
  let wrongAnyway: Record<string, string>;
  beforeAll(async () => {
    own = await emptyDatabase(database);
    environment = { DATABASE_URL: urlOf(own.database) };
    client = new pg.Client(own.database.connection);
    await client.connect();
    const [{ autovacuum }] = (await client.query('show autovacuum')).rows;
    wrongAnyway = autovacuum === 'on' ? {} : { 'deleted rows': expect.stringMatching(/^autovacuum is off: .*→ Set autovacuum to on/) };
  });
  afterAll(async () => {
    await client.end();
    await own.drop();
  });

  it('leaves an empty database as it is, and finds all well in one that a server has filled', async () => {
    expect(await wrong(environment)).toEqual(wrongAnyway);
    expect((await client.query(`select from pg_tables where schemaname = 'public'`)).rowCount).toBe(0);
    await migrate(own.database.connection);
    expect((await diagnose(environment)).map(({ about }) => about)).toEqual(ALL);
    expect(await wrong(environment)).toEqual(wrongAnyway);
  });

  it('finds each thing that is wrong, and says what to do', async () => {
    await client.query(`alter database ${own.database.connection.database} set synchronous_commit = off`);
    await client.query(`
      insert into workspaces values ('ws', 'ws', now());
      insert into audit_chains values ('ws', 0, 3, 'no hash of an entry');
      insert into backups values ('ws', 'backup', 'lead', '{}', 0, 0, now() - interval '3 hours', now() - interval '2 hours');
      insert into jobs (workspace_id, id, kind, options, status, total, key_id, request_id, created_at, advanced_at)
      values ('ws', 'job', 'bulk_delete', '{}', 'running', 1, 'key', 'req', now(), now() - interval '1 hour')`);
    const anHourAhead = () => new Date(Date.now() + 3_600_000);
    await client.query('begin');
    const open = { 'deleted rows': expect.stringMatching(/^a transaction is open for 60 min: .*→ .*pg_terminate_backend\(\d+\)/) };
    expect(await wrong({ ...environment, DATABASE_POOL_SIZE: '500' }, anHourAhead)).toEqual({
      ...open,
      ...wrongAnyway,
      durability: expect.stringContaining('off: synchronous_commit. '),
      connections: expect.stringContaining('DATABASE_POOL_SIZE lower'),
      clock: expect.stringMatching(/^the database is 3\d{6} ms behind → .*NTP/),
      backlog: expect.stringMatching(/^1 jobs open, the last step 60 min ago; the oldest row to purge is due for 3 h → Start a server/),
      'audit log': expect.stringMatching(/^1 of 1 chains do not end .*npx leads-audit verify/),
    });
    await client.query('commit');
    await client.query(`insert into kysely_migration values ('9999-later', 'now'); drop extension btree_gin cascade`);
    expect(await wrong(environment)).toMatchObject({
      extensions: expect.stringMatching(/^not in this database: btree_gin → As its owner: create extension btree_gin;/),
      schema: expect.stringMatching(/^a later version .*9999-later.* → Run that version/),
    });
  });
});

it.each([
  ['a wrong setting', { PORT: 'x' }, /^WRONG {2}settings {2}PORT must be a whole number/],
  [
    'a database that is away',
    { DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/leads' },
    /WRONG {2}database {2}The database cannot be used: connect ECONNREFUSED/,
  ],
])('the doctor ends with 1 for %s, with a remedy and no secret', async (_what, environment, expected) => {
  const ended = promisify(execFile)(process.execPath, [MAIN], { env: { ...BARE_ENVIRONMENT, ...environment } });
  const { code, stdout } = await ended.then(
    () => ({ code: 0, stdout: '' }),
    (error: { code: number; stdout: string }) => error,
  );
  expect(code).toBe(1);
  expect(stdout).toMatch(expected);
  expect(stdout).toMatch(/→ \w+/);
  expect(stdout).not.toContain('secret');
});
