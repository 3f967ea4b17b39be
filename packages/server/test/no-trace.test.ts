import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { type Database, run } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { emptyDatabase, onOneDatabase, type TestDatabase } from './support/databases.ts';
import { type Caller, TestServer } from './support/server.ts';

const NAME = 'Quixarda Trace';
const EMAIL = 'quixmail@example.com';
const PHONE = '+99 12345-67 quixphone';
/** Each stands in one place or more where a lead's personal data can get. */
const MARKERS = ['quixarda', 'quixmail', 'quixphone', 'quixmeta', 'quixkey', 'quixactivity', 'quixdetail', 'quixreason'];

onOneDatabase('no trace', (database) => {
  it.each([
    [
      'a delete with erase=true',
      (caller: Caller, leadId: string) => caller.call('leads.delete', { params: { leadId }, query: ERASE, headers: REQUEST }),
    ],
    [
      'an anonymization',
      (caller: Caller, leadId: string) =>
        caller.call('leads.anonymize', { params: { leadId }, body: { reason: REASON }, headers: REQUEST }),
    ],
    [
      'a bulk delete with erase by ids',
      (caller: Caller, leadId: string) =>
        caller.call('leads.bulkDelete', { body: { ids: [leadId], erase: true, force: true, reason: REASON }, headers: REQUEST }),
    ],
    [
      'a bulk delete with erase by filter',
      (caller: Caller) => caller.job('leads.bulkDelete', { source: 'fair' }, { erase: true, force: true, reason: REASON }),
    ],
    [
      'a delete with erase=true of what is left of a deleted lead',
      async (caller: Caller, leadId: string) => {
        await caller.call('leads.delete', { params: { leadId }, query: { backup: 'true', force: 'true' }, headers: REQUEST });
        return caller.call('leads.delete', { params: { leadId }, query: ERASE, headers: REQUEST });
      },
    ],
    ['a bulk anonymization by filter', (caller: Caller) => caller.job('leads.bulkAnonymize', { source: 'fair' }, { reason: REASON })],
  ])(
    '%s leaves nothing of the lead in any table of the database, in a dump of it, or in the planner’s statistics',
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

  it.each([
    ['e-mail address', { email: EMAIL.toUpperCase() }, false],
    ['phone number', { phone: '0099 12345 67' }, false],
    ['e-mail address, of a lead that is deleted', { email: EMAIL }, true],
    ['phone number, of a lead that is deleted', { phone: PHONE }, true],
  ])('an erasure by %s leaves nothing of the person, the address and the number neither', async (_name, person, isDeleted) => {
    await withServer(database, async (server) => {
      const caller = await server.workspace();
      const params = { leadId: await plant(caller) };
      if (isDeleted) await caller.call('leads.delete', { params, query: { backup: 'true', force: 'true' }, headers: REQUEST });
      const plan = await caller.call('erasures.create', { body: { ...person, dryRun: true }, headers: REQUEST });
      const { planToken } = plan.body.data;
      expect(Buffer.from(planToken.split('.')[0], 'base64url').toString().toLowerCase()).not.toContain('quix');
      const body = { ...person, planToken, force: true };
      const { erasure } = (await caller.call('erasures.create', { body, headers: { ...REQUEST, 'idempotency-key': 'erase' } })).body.data;
      expect(found(await textOf(server.db, database))).toEqual([]);
      expect((await caller.call('leads.create', { body: { name: 'Ann', email: EMAIL }, headers: REQUEST })).body.code).toBe('SUPPRESSED');
      await caller.call('erasures.liftSuppression', { params: { erasureId: erasure.id }, headers: REQUEST });
      expect(found(await textOf(server.db, database))).toEqual([]);
    });
  });

  it('no table keeps the id of a request that could name somebody, of whatever is audited', async () => {
    await withServer(database, async (server) => {
      const caller = await server.workspace();
      await plant(caller);
      const actions = await run<{ action: string }>(server.db, 'select distinct action from audit_log where request_id is not null', []);
      expect(actions.length).toBeGreaterThan(4);
      expect(await textOf(server.db, database)).not.toContain(REQUEST_MARKER);
    });
  });

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
/** An id of a request that names somebody: the server gives the request one of its own. */
const REQUEST_MARKER = 'quixrequest';
const REQUEST = { 'x-request-id': REQUEST_MARKER };
const ERASE = { erase: 'true', force: 'true', reason: REASON };

/** Puts the markers wherever a caller can put something about a lead. */
async function plant(caller: Caller): Promise<string> {
  const once = (key: string) => ({ 'idempotency-key': key, ...REQUEST });
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
  await caller.call('leads.exportOne', { params, headers: REQUEST });
  const backupId = (await caller.call('backups.create', { params, headers: REQUEST })).body.data.id as string;
  await caller.call('backups.delete', { params: { backupId }, headers: REQUEST });
  const { id: activityId } = (await caller.call('activities.create', { params, body: activity })).body.data;
  await caller.call('activities.delete', { params: { ...params, activityId }, headers: REQUEST });
  await caller.call('leads.export', { query: { source: 'fair' }, headers: REQUEST });
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
