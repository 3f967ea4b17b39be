import { readFileSync } from 'node:fs';
import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { verifyAudit } from '../src/audit/verify-audit.ts';
import { run } from '../src/db/database.ts';
import { compareSchema, migrate } from '../src/db/migrate.ts';
import { explainStart } from '../src/start-error.ts';
import { emptyDatabase, onEachDatabase, type TestDatabase } from './support/databases.ts';
import { TestServer } from './support/server.ts';

/** A database as migration 5 left it, in use: leads with all that hangs on them, deletions, backups, a job, answers, keys. */
const DUMP = readFileSync(new URL('fixtures/database-of-migration-5.sql', import.meta.url), 'utf8');
const ANN = 'lead_01m8a8jdhymbyg17vfr7xe2tqt';
const GONE = 'lead_01m8a8jdmv7439xjgjwcq7qsmn';
const ERASED = 'lead_01m8a8jdnj0e7p9b8fas4xs9tq';

async function withDump(kind: TestDatabase, use: (database: TestDatabase) => Promise<void>) {
  const { database, drop } = await emptyDatabase(kind);
  try {
    const client = new pg.Client(database.connection);
    await client.connect();
    await client.query(DUMP);
    await client.end();
    await use(database);
  } finally {
    await drop();
  }
}

onEachDatabase('a database of an earlier version', (kind) => {
  it('is brought up to date with everything that is in it, and only once', async () => {
    await withDump(kind, async (database) => {
      const { connection } = database;
      const progress: string[] = [];
      await migrate(connection, (line) => progress.push(line));
      expect(progress).toContain('migration 0006-functions-as-files');
      await migrate(connection, () => expect.unreachable('there is nothing left to do'));

      const server = await new TestServer(database).start();
      try {
        const [workspace] = await run<{ id: string }>(server.db, 'select id from workspaces', []);
        const caller = await server.key(workspace!.id, ['leads:read', 'leads:write', 'leads:delete', 'leads:force', 'audit:read']);
        const names = (await caller.call('leads.list', { query: { sortBy: 'name', sortOrder: 'asc' } })).body.data.leads.map(
          ({ name }: { name: string }) => name,
        );
        expect(names).toEqual(['Ann Smith', 'Anonymized', 'Archie', 'José Núñez'.normalize('NFD')]);
        const found = await caller.call('leads.list', { query: { search: 'josé núñez' } });
        expect(found.body.data.pagination.total).toBe(1);
        const record = (await caller.call('leads.exportOne', { params: { leadId: ANN } })).body.data;
        expect([record.activities.length, record.campaigns.length]).toEqual([1, 1]);

        const erased = { ...record, lead: { ...record.lead, id: ERASED }, activities: [], campaigns: [] };
        const { outcomes } = (await caller.call('leads.import', { body: JSON.stringify(erased) })).body.data;
        expect(outcomes).toEqual([{ line: 1, leadId: ERASED, outcome: 'failed', code: 'LEAD_ERASED' }]);

        const [backup] = (await caller.call('backups.list', { query: { leadId: GONE } })).body.data.backups;
        const { content } = (await caller.call('backups.get', { params: { backupId: backup.id } })).body.data;
        const body = { email: content.lead.email.toUpperCase(), dryRun: true };
        expect((await caller.call('erasures.create', { body })).body.data.found.backups).toBe(1);
        expect((await caller.call('backups.restore', { params: { backupId: backup.id } })).status).toBe(201);
        expect((await caller.call('deletions.get', { params: { leadId: GONE } })).body.data).toMatchObject({ reason: 'Asked for it' });
        expect((await caller.call('leads.delete', { params: { leadId: ANN }, query: 'force=true' })).status).toBe(200);
        expect((await caller.call('leads.stats')).body.data.total).toBe(4);
        expect((await verifyAudit(server.db)).problems).toEqual([]);
      } finally {
        await server.stop();
      }
    });
  });
});

// The embedded database has no settings of its own, and nobody else who could hold a lock.
const postgresql = inject('databases').find(({ name }) => name === 'postgresql')!;

describe.skipIf(!postgresql)('a database of an earlier version that others use', () => {
  async function withClient(connection: TestDatabase['connection'], use: (client: pg.Client) => Promise<void>) {
    const client = new pg.Client(connection);
    await client.connect();
    try {
      await use(client);
    } finally {
      await client.end();
    }
  }

  it('is brought up to date however much there is, also where it gives a statement little time', async () => {
    await withDump(postgresql, async ({ connection }) => {
      await withClient(connection, async (client) => {
        await client.query(`
          insert into backups select made.* from backups as one, generate_series(1, 2000) as n
          cross join lateral jsonb_populate_record(one, jsonb_build_object('id', one.id || n)) as made`);
        await client.query(`alter database ${connection.database} set statement_timeout = '50ms'`);
      });
      try {
        await migrate(connection);
        expect((await compareSchema(connection)).missing).toEqual([]);
      } finally {
        // To take everything away needs more.
        await withClient(connection, async (client) => {
          await client.query('set statement_timeout = 0');
          await client.query(`alter database ${connection.database} reset statement_timeout`);
        });
      }
    });
  });

  it('stays as it is where a table is in use for long, and the start says so', async () => {
    await withDump(postgresql, async ({ connection }) => {
      const before = await compareSchema(connection);
      await withClient(connection, async (client) => {
        await client.query('begin; lock table leads');
        const error: unknown = await migrate(connection, () => {}, 200).catch((thrown: unknown) => thrown);
        expect(explainStart(error)).toMatch(
          /^The database cannot be brought up to date: a table .+ is in use .+ Nothing was changed\. Start again/,
        );
        expect(explainStart(error)).not.toContain('DATABASE_URL');
      });
      expect(await compareSchema(connection)).toEqual(before);
      await migrate(connection);
      expect((await compareSchema(connection)).missing).toEqual([]);
    });
  });
});
