import { Socket } from 'node:net';
import { JOB_RETENTION_DAYS } from '@leads/contract';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSettings } from '../src/config.ts';
import { migrate } from '../src/db/migrate.ts';
import { openDatabase, run, type Database } from '../src/db/database.ts';
import { Purge } from '../src/purge.ts';
import { startServer } from '../src/start-server.ts';
import { emptyDatabase, onEachDatabase, type TestDatabase, urlOf } from './support/databases.ts';
import { Clock } from './support/server.ts';

const ROWS = 3_000;

/** As many rows of each kind as are asked for, all of them due. */
const EXPIRED = [
  `insert into backups (workspace_id, id, lead_id, content, activities, campaigns, created_at, expires_at)
   select 'ws', 'backup_' || n, 'lead_' || n, '{}', 0, 0, now(), now() - make_interval(mins => n) from generate_series(1, $1::integer) as n`,
  `insert into idempotency_keys (workspace_id, key_id, key_hash, request_hash, created_at)
   select 'ws', 'key', int4send(n), '', now() - interval '25 hours' from generate_series(1, $1::integer) as n`,
  `insert into jobs (workspace_id, id, kind, options, status, total, key_id, request_id, created_at, finished_at, advanced_at)
   select 'ws', 'job_' || n, 'bulk_delete', '{}', 'completed', 1, 'key', 'req', now(), now() - interval '31 days', now()
   from generate_series(1, $1::integer) as n`,
  `insert into job_chunks (workspace_id, job_id, number, lead_ids, versions)
   select 'ws', 'job_' || n, 0, '{}', '{}' from generate_series(1, $1::integer) as n`,
  `insert into request_counts (key_id, second, instance_id, count, counted_at)
   select 'key', n, 'inst', 1, now() - interval '2 hours' from generate_series(1, $1::integer) as n`,
];
const TABLES = ['backups', 'idempotency_keys', 'jobs', 'job_chunks', 'request_counts'];

onEachDatabase('the purge', (database) => {
  const clock = new Clock();
  let own: TestDatabase;
  let db: Database;
  let close: () => Promise<void>;
  const left = async () => {
    const counts = TABLES.map((table) => `(select count(*)::integer from ${table}) as ${table}`).join(', ');
    return (await run<Record<string, number>>(db, `select ${counts}`, []))[0]!;
  };
  const purge = (signal = new AbortController().signal, lines: string[] = []) =>
    new Purge(db, clock.now, pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })).run(signal);

  beforeAll(async () => {
    const empty = await emptyDatabase(database);
    own = empty.database;
    db = openDatabase(own.connection, own.maxConnections, () => {});
    close = async () => {
      await db.destroy();
      await empty.drop();
    };
    await migrate(own.connection);
    await run(db, `insert into workspaces values ('ws', 'ws', now())`, []);
  });
  afterAll(() => close());

  it('goes on after a start at which the database could not be reached', async () => {
    let isAway = true;
    const stream = () => {
      const socket = new Socket();
      return isAway ? Object.assign(socket, { connect: () => socket.destroy(new Error('It is away')) }) : socket;
    };
    const later = openDatabase({ ...own.connection, stream }, 1, () => {});
    try {
      const early = new Purge(later, clock.now, pino({ level: 'silent' }));
      const { signal } = new AbortController();
      await expect(early.run(signal)).rejects.toThrow();
      isAway = false;
      await expect(early.run(signal)).resolves.toBeUndefined();
    } finally {
      await later.destroy();
    }
  });

  it('goes in batches: stopped, it ends after the one under way, and the next goes on', async () => {
    for (const sql of EXPIRED) await run(db, sql, [ROWS]);
    const stopping = new AbortController();
    const stopped = purge(stopping.signal);
    stopping.abort();
    await stopped;
    const { backups, ...others } = await left();
    expect(backups).toBeLessThan(ROWS);
    expect(backups).toBeGreaterThan(ROWS / 2);
    expect(Object.values(others)).toEqual([ROWS, ROWS, ROWS, ROWS]);
    const lines: string[] = [];
    await purge(undefined, lines);
    expect(Object.values(await left())).toEqual([0, 0, 0, 0, 0]);
    expect(lines.map((line) => JSON.parse(line)).map(({ table, deleted }) => [table, deleted])).toEqual([
      ['backups', backups],
      ['idempotency_keys', ROWS],
      ['jobs', ROWS],
      ['request_counts', ROWS],
    ]);
  });

  it.skipIf(database.name === 'embedded')('keeps no server from starting: what is due is still there when it listens', async () => {
    for (const sql of EXPIRED) await run(db, sql, [ROWS]);
    const server = await startServer(readSettings({ DATABASE_URL: urlOf(own), PORT: '0' }), pino({ level: 'silent' }));
    try {
      expect(Object.values(await left())).toEqual([ROWS, ROWS, ROWS, ROWS, ROWS]);
    } finally {
      await server.stop();
    }
    await purge();
  });

  it('leaves what is not due, and counts that a clock ahead of the database would take for old', async () => {
    await run(db, `insert into backups values ('ws', 'kept', 'lead', '{}', 0, 0, now(), now() + interval '1 day')`, []);
    await run(db, `insert into request_counts values ('key', 1, 'inst', 1, now())`, []);
    clock.advance(5 * 3600);
    await purge();
    expect(await left()).toMatchObject({ backups: 1, request_counts: 1 });
    clock.advance(86_400);
    await purge();
    expect(await left()).toMatchObject({ backups: 0, request_counts: 1 });
  });

  it('leaves a backup, an answer and a job to the second that they are kept for', async () => {
    const at = [clock.now()];
    await run(db, `insert into backups values ('ws', 'kept', 'lead', '{}', 0, 0, $1, $1::timestamptz + interval '31 days')`, at);
    await run(db, `insert into idempotency_keys values ('ws', 'key', '', '', null, '', $1)`, at);
    await run(
      db,
      `insert into jobs (workspace_id, id, kind, options, status, total, key_id, request_id, created_at, finished_at, advanced_at)
       values ('ws', 'job', 'bulk_delete', '{}', 'completed', 1, 'key', 'req', $1, $1, $1)`,
      at,
    );
    clock.advance(86_399);
    await purge();
    expect(await left()).toMatchObject({ backups: 1, idempotency_keys: 1, jobs: 1 });
    clock.advance(1);
    await purge();
    expect(await left()).toMatchObject({ backups: 1, idempotency_keys: 0, jobs: 1 });
    clock.advance(JOB_RETENTION_DAYS * 86_400 - 86_401);
    await purge();
    expect(await left()).toMatchObject({ backups: 1, jobs: 1 });
    clock.advance(1);
    await purge();
    expect(await left()).toMatchObject({ backups: 1, jobs: 0 });
    clock.advance((31 - JOB_RETENTION_DAYS) * 86_400);
    await purge();
    expect(await left()).toMatchObject({ backups: 0 });
  });
});
