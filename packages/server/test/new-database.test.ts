import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { run } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { emptyDatabase } from './support/databases.ts';
import { type Caller, TestServer } from './support/server.ts';

// What one session planned is seen where there is one session only.
const embedded = inject('databases').find(({ name }) => name === 'embedded')!;

const READ = `
  select (select sum(idx_tup_read) from pg_stat_user_indexes)::integer + (select sum(seq_tup_read) from pg_stat_user_tables)::integer as rows`;

const LEADS = 1_000;
/** More than what hangs on a lead, its history and its locks come to, and less than a fifth of the leads. */
const ROWS_PER_LEAD = 60;
const AT_ONCE = 3;

/** What is done with leads by their ids. */
const CHANGES: Readonly<Record<string, (caller: Caller, ids: string[]) => Promise<unknown>>> = {
  get: (caller, [leadId = '']) => caller.call('leads.get', { params: { leadId } }),
  update: (caller, [leadId = '']) => caller.call('leads.update', { params: { leadId }, body: { metadata: { seen: true } } }),
  archive: (caller, [leadId = '']) => caller.call('leads.archive', { params: { leadId } }),
  unarchive: (caller, [leadId = '']) => caller.call('leads.unarchive', { params: { leadId } }),
  'archive several': (caller, ids) => caller.call('leads.bulkArchive', { body: { ids } }),
  'anonymize several': (caller, ids) => caller.call('leads.bulkAnonymize', { body: { ids, reason: 'Asked for it' } }),
  'delete with a backup': (caller, [leadId = '']) =>
    caller.call('leads.delete', { params: { leadId }, query: { backup: 'true', reason: 'Asked on 030 1234567' } }),
  'delete for good, with what a preview confirmed': async (caller, [, leadId = '']) => {
    const { data } = (await caller.call('leads.deletionPreview', { params: { leadId } })).body;
    const headers = { 'x-confirmation-token': data.confirmationToken };
    return caller.call('leads.delete', { params: { leadId }, query: { erase: 'true' }, headers });
  },
  'delete several': (caller, ids) => caller.call('leads.bulkDelete', { body: { ids, reason: 'Asked for it' } }),
  'enroll several, and take them out again': async (caller, leadIds) => {
    const params = { campaignId: (await caller.campaign({ status: 'paused' })).id as string };
    await caller.call('campaigns.enroll', { params, body: { leadIds } });
    return caller.call('campaigns.remove', { params, body: { leadIds } });
  },
  'restore several': async (caller, ids) => {
    const { outcomes } = (await caller.call('leads.bulkDelete', { body: { ids, backup: true } })).body.data;
    const backupIds = outcomes.map(({ backupId }: { backupId: string }) => backupId);
    return caller.call('backups.bulkRestore', { body: { backupIds } });
  },
  'export one': (caller, [leadId = '']) => caller.call('leads.exportOne', { params: { leadId } }),
  'erase a person': async (caller, [leadId = '']) => {
    const { planToken } = (await caller.call('erasures.create', { body: { leadId, dryRun: true } })).body.data;
    return caller.call('erasures.create', { body: { leadId, planToken } });
  },
};

async function rowsRead(server: TestServer): Promise<number> {
  await run(server.db, 'select pg_stat_force_next_flush()', []);
  return (await run<{ rows: number }>(server.db, READ, []))[0]!.rows;
}

let made = 0;
async function bringIn(caller: Caller, count: number): Promise<string[]> {
  const at = '2024-01-15T10:30:00.000Z';
  const rest = { name: 'Ann', phone: '+49 170 5551299', source: null, status: 'new', metadata: {}, createdAt: at, updatedAt: at };
  const ids = Array.from({ length: count }, () => `lead_${++made}`);
  const lines = ids.map((id) => JSON.stringify({ lead: { id, email: `${id}@example.com`, workspaceId: 'ws_other', ...rest } }));
  expect((await caller.call('leads.import', { body: lines.join('\n') })).body.data.imported).toBe(count);
  return ids;
}

describe.each([
  {
    // What is planned while there are few leads must not be kept for many.
    database: 'that was new when it was planned',
    prepare: async (caller: Caller) => {
      const ids = await bringIn(caller, AT_ONCE + 1);
      for (const change of Object.values(CHANGES)) await change(caller, ids);
    },
  },
  {
    database: 'whose statistics say that a workspace has two leads',
    prepare: async ({ server }: Caller) => {
      await run(server.db, `insert into workspaces select 'ws_' || n, 'small ' || n, now() from generate_series(1, 1000) as n`, []);
      await run(
        server.db,
        `insert into leads (workspace_id, id, name, email, name_lower, email_lower, status, metadata, created_at, updated_at)
         select 'ws_' || (1 + n / 2), 'small_' || n, 'Ann', 'ann@example.com', 'ann', 'ann@example.com', 'new', '{}', now(), now()
         from generate_series(1, 1900) as n`,
        [],
      );
      await run(server.db, 'analyze', []);
    },
  },
])('in a database $database, one reads as few rows as one is about', ({ prepare }) => {
  let server: TestServer;
  let caller: Caller;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const made = await emptyDatabase(embedded);
    drop = made.drop;
    await migrate(made.database.connection);
    server = await new TestServer(made.database).start();
    caller = await server.workspace();
    await prepare(caller);
    await bringIn(caller, LEADS);
  });
  afterAll(async () => {
    await server.stop();
    await drop();
  });

  it('to import leads', async () => {
    const before = await rowsRead(server);
    await bringIn(caller, 250);
    expect((await rowsRead(server)) - before).toBeLessThan(20 * 250);
  });

  it.each(Object.entries(CHANGES))('to %s', async (_, change) => {
    const ids = await bringIn(caller, AT_ONCE);
    const before = await rowsRead(server);
    await change(caller, ids);
    expect((await rowsRead(server)) - before).toBeLessThan(ROWS_PER_LEAD * AT_ONCE);
  });
});
