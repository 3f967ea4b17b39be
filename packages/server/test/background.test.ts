import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { newApiKey } from '../src/auth/api-key.ts';
import { readSettings } from '../src/config.ts';
import { type Database, openDatabase, run } from '../src/db/database.ts';
import { findRunningEmbeddedPostgres } from '../src/db/embedded/embedded-postgres.ts';
import { EVERY_MS, type RunningServer, startServer } from '../src/start-server.ts';
import { emptyDatabase, onEachDatabase, urlOf } from './support/databases.ts';

onEachDatabase('a server that runs', (kind) => {
  const key = newApiKey();
  const directory = mkdtempSync(join(tmpdir(), 'leads-background-'));
  let server: RunningServer;
  let db: Database;
  let drop = async () => {};

  beforeAll(async () => {
    const own = kind.server ? await emptyDatabase(kind) : undefined;
    if (own) drop = own.drop;
    const settings = readSettings({
      ...(own ? { DATABASE_URL: urlOf(own.database) } : { LEADS_DATA_DIR: directory }),
      PORT: '0',
      LEADS_BOOTSTRAP_API_KEY: key,
    });
    // A test does not wait for what is done every minute.
    const later = globalThis.setTimeout;
    const intervals: readonly number[] = Object.values(EVERY_MS);
    const sooner = vi
      .spyOn(globalThis, 'setTimeout')
      .mockImplementation(((work: () => void, ms: number) => later(work, intervals.includes(ms) ? 100 : ms)) as never);
    server = await startServer(settings, pino({ level: 'silent' }));
    const connection = own ? own.database.connection : (await findRunningEmbeddedPostgres(directory))!;
    db = openDatabase(connection, 1, () => {});
    return () => sooner.mockRestore();
  });
  afterAll(async () => {
    await db.destroy();
    await server.stop();
    await drop();
    rmSync(directory, { recursive: true });
  });

  const call = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(`${server.url}/api/v1${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    expect(answer.ok).toBe(true);
    return ((await answer.json()) as { data: { id: string } }).data;
  };
  const newLead = (source: string) => call('POST', '/leads', { name: 'Ann', email: 'ann@example.com', source });
  const count = (from: string) => async () => (await run<{ count: number }>(db, `select count(*)::integer from ${from}`, []))[0]!.count;

  it('purges what is due', async () => {
    const { id } = await newLead('kept');
    await call('POST', `/leads/${id}/backups`);
    const due = `backups where expires_at < now()`;
    await run(db, `update backups set expires_at = now() - interval '1 day'`, []);
    await expect.poll(count(due)).toBe(0);
  });

  it('takes away the counters of what is gone', async () => {
    const { id } = await newLead('gone');
    await call('DELETE', `/leads/${id}`);
    await expect.poll(count(`lead_counts where source = 'gone'`)).toBe(0);
  });

  it('goes on with a job whose server is gone', async () => {
    await run(
      db,
      `insert into jobs (workspace_id, id, kind, options, status, total, key_id, request_id, created_at, advanced_at)
       select workspace_id, 'job_left', 'bulk_archive', '{}', 'running', 0, id, 'req', now(), now() from api_keys`,
      [],
    );
    await expect.poll(count(`jobs where id = 'job_left' and status = 'completed'`)).toBe(1);
  });

  it('shares its counts of requests with others', async () => {
    await call('GET', '/leads');
    await expect.poll(count('request_counts')).toBeGreaterThan(0);
  });

  it.skipIf(kind.server)('cleans the files of the embedded database of what was erased', async () => {
    const { id } = await newLead('erased');
    await call('DELETE', `/leads/${id}?erase=true`);
    await expect.poll(count('scrubbing where not needed and not running')).toBe(1);
  });

  it.skipIf(kind.server)('does in the embedded database what autovacuum does elsewhere', async () => {
    await run(db, `insert into erased_leads select 'ws', 'lead_' || n from generate_series(1, 3000) as n`, []);
    await expect.poll(count(`pg_stat_user_tables where relname = 'erased_leads' and last_vacuum is not null`)).toBe(1);
  });
});
