import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { type Database, run } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { emptyDatabase, onEachDatabase, type TestDatabase } from './support/databases.ts';
import { type Caller, TestServer } from './support/server.ts';

const NAME = 'Quixarda Trace';
const EMAIL = 'quixmail@example.com';
const PHONE = '+99 quixphone';
/** Each stands in one place or more where a lead's personal data can get. */
const MARKERS = ['quixarda', 'quixmail', 'quixphone', 'quixmeta', 'quixkey', 'quixactivity', 'quixdetail', 'quixreason'];

onEachDatabase('no trace', (database) => {
  it.each([
    ['a delete with erase=true', (caller: Caller, leadId: string) => caller.call('leads.delete', { params: { leadId }, query: ERASE })],
    [
      'an anonymization',
      (caller: Caller, leadId: string) => caller.call('leads.anonymize', { params: { leadId }, body: { reason: REASON } }),
    ],
    [
      'a bulk delete with erase by ids',
      (caller: Caller, leadId: string) =>
        caller.call('leads.bulkDelete', { body: { ids: [leadId], erase: true, force: true, reason: REASON } }),
    ],
    [
      'a bulk delete with erase by filter',
      (caller: Caller) => caller.job('leads.bulkDelete', { source: 'fair' }, { erase: true, force: true, reason: REASON }),
    ],
    ['a bulk anonymization by filter', (caller: Caller) => caller.job('leads.bulkAnonymize', { source: 'fair' }, { reason: REASON })],
  ])(
    '%s leaves nothing of the lead in any table of the database, in a dump of it, or in the planner’s statistics',
    { timeout: 60_000 },
    async (_name, remove) => {
      await withServer(database, async (server) => {
        const caller = await server.workspace();
        const leadId = await plant(caller);
        // What the search can find, it would find if it were left.
        await run(server.db, 'analyze', []);
        expect(found(await textOf(server.db, database))).toEqual(MARKERS);
        await remove(caller, leadId);
        await run(server.db, 'analyze', []);
        expect(found(await textOf(server.db, database))).toEqual([]);
        expect((await caller.call('auditLog.list', { query: { leadId, limit: 1 } })).body.data.entries[0].reason).toBe(
          '[redacted] asked, [redacted], [redacted]',
        );
      });
    },
  );

  it('a plain delete with a backup keeps the data in the backup only, until that is deleted', async () => {
    await withServer(database, async (server) => {
      const caller = await server.workspace();
      const leadId = await plant(caller);
      await caller.call('leads.delete', { params: { leadId }, query: { backup: 'true', force: 'true' } });
      const { backups } = (await caller.call('backups.list')).body.data;
      for (const { id } of backups) await caller.call('backups.delete', { params: { backupId: id } });
      expect(found(await textOf(server.db, database))).toEqual([]);
    });
  });
});

const REASON = `${NAME.toUpperCase()} asked, ${EMAIL}, ${PHONE}`;
const ERASE = { erase: 'true', force: 'true', reason: REASON };

/** Puts the markers wherever a caller can put something about a lead. */
async function plant(caller: Caller): Promise<string> {
  const once = (key: string) => ({ 'idempotency-key': key });
  const fields = { name: 'Quixformer Name', email: EMAIL, phone: PHONE, source: 'fair', metadata: { quixkey: 'quixmeta' } };
  const created = await caller.call('leads.create', { body: fields, headers: once('create') });
  const params = { leadId: created.body.data.id as string, campaignId: (await caller.campaign()).id as string };
  await caller.call('leads.update', { params, body: { name: NAME }, headers: once('update') });
  const activity = { type: 'note', text: 'quixactivity', metadata: { a: 'quixdetail' } };
  await caller.call('activities.create', { params, body: activity, headers: once('activity') });
  await caller.call('campaigns.enrollLead', { params, headers: once('enroll') });
  await caller.call('backups.create', { params, headers: once('backup') });
  await caller.call('leads.archive', { params, body: { reason: 'quixreason' }, headers: once('archive') });
  await caller.call('leads.list', { query: { search: 'quix', sortBy: 'name', limit: 1 } });
  await caller.call('leads.exportOne', { params });
  await caller.call('leads.deletionPreview', { params });
  return params.leadId;
}

/** Everything that stands in the database, as text. */
async function textOf(db: Database, { name, connection }: TestDatabase): Promise<string> {
  const tables = await run<{ name: string }>(db, `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`, []);
  expect(tables.length).toBeGreaterThan(10);
  const rows = await Promise.all(tables.map((table) => run<{ row: string }>(db, `select t::text as row from ${table.name} as t`, [])));
  const statistics = await run<{ row: string }>(db, `select s::text as row from pg_stats as s where schemaname = 'public'`, []);
  const text = [...rows.flat(), ...statistics].map(({ row }) => row).join('\n');
  if (name === 'embedded') return text;
  const [current] = await run<{ name: string }>(db, 'select current_database() as name', []);
  const options = ['-h', connection.host, '-p', String(connection.port), '-U', connection.user, current!.name];
  const { stdout } = await promisify(execFile)('pg_dump', options, { maxBuffer: 100_000_000 });
  return text + stdout;
}

/** The former name stands in stored answers only, which cannot be read from the database. */
const SEALED = 'quixformer';

function found(text: string): string[] {
  const lower = text.toLowerCase();
  return [...MARKERS, SEALED].filter((marker) => lower.includes(marker));
}

async function withServer(kind: TestDatabase, use: (server: TestServer) => Promise<void>): Promise<void> {
  const { database, drop } = await emptyDatabase(kind);
  const server = new TestServer(database);
  try {
    await migrate(database.connection);
    await server.start();
    await use(server);
  } finally {
    await server.stop();
    await drop();
  }
}
