import { VALID_CALLS } from '@leads/conformance';
import type { OperationId } from '@leads/contract';
import { describe, expect, inject, it } from 'vitest';
import { migrate } from '../src/db/migrate.ts';
import { type Database, openDatabase, run } from '../src/db/database.ts';
import { inTransaction } from '../src/db/transaction.ts';
import { MainWorkspace, mainWorkspaceOf } from '../src/leads/main-workspace.ts';
import { emptyDatabase, type TestDatabase } from './support/databases.ts';
import { type Caller, TestServer } from './support/server.ts';

const postgresql = inject('databases').find(({ name }) => name === 'postgresql')!;

/** How often what one workspace keeps is there. */
const COPIES = 1_000;
/** So often is each called that PostgreSQL plans for any values where it takes that for no worse, which it does after five plans for their own. */
const ROUNDS = 8;
/** Below this many rows there is nothing to be gained by an index. */
const FEW_ROWS = 1_500;

/** A workspace has so few campaigns that to read all of its own is right. */
const BOUNDED = new Set(['campaigns']);

interface Table {
  readonly name: string;
  /** Its columns, and what each has in the copy number `n`: another id wherever an id is, and another key. */
  readonly columns: readonly { readonly name: string; readonly another: string }[];
}

/** The tables that grow with what workspaces keep. */
function tablesOfWorkspaces(db: Database): Promise<Table[]> {
  return run(
    db,
    `select relname as name, json_agg(json_build_object('name', quote_ident(attname), 'another', case
       when attname in ('id', 'lead_id', 'job_id', 'campaign_id') then attname || ' || n'
       when attnum <> last then quote_ident(attname)
       when atttypid = 'bytea'::regtype then attname || ' || int4send(n)'
       when atttypid = 'date'::regtype then attname || ' - n'
       when atttypid = 'text'::regtype then attname || ' || n'
       when atttypid = 'bigint'::regtype then attname || ' + n * 100'
       else attname || ' + n' end) order by attnum) as columns
     from pg_class
     join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped and attgenerated = ''
     cross join lateral (select indkey[indnatts - 1] as last from pg_index where indrelid = pg_class.oid and indisprimary) as key
     where relkind = 'r' and relnamespace = 'public'::regnamespace
     group by relname having 'workspace_id' = any(array_agg(attname))`,
    [],
  );
}

async function callAll(caller: Caller): Promise<void> {
  for (const id of Object.keys(VALID_CALLS) as OperationId[]) {
    const { status } = await caller.call(id, await VALID_CALLS[id](caller));
    // A job may end before it is cancelled.
    expect([id, status]).toEqual([id, id === 'jobs.cancel' ? expect.any(Number) : expect.toSatisfy((answered) => answered < 300)]);
  }
}

/** Has PostgreSQL count now what a connection did, and not some time after. */
async function tell(db: Database): Promise<void> {
  await run(db, 'select pg_stat_force_next_flush()', []);
}

/** How often each table was read as a whole. */
async function scans(db: Database): Promise<Map<string, number>> {
  const rows = await run<{ relname: string; times: number }>(db, 'select relname, seq_scan::integer as times from pg_stat_user_tables', []);
  return new Map(rows.map(({ relname, times }) => [relname, times]));
}

/** Lends a database of its own, migrated, by one connection. */
async function withDatabase(use: (db: Database, database: TestDatabase) => Promise<void>): Promise<void> {
  const { database, drop } = await emptyDatabase(postgresql);
  await migrate(database.connection);
  const db = openDatabase(database.connection, 1, () => {});
  try {
    await use(db, database);
  } finally {
    await db.destroy();
    await drop();
  }
}

/** Lends a server with a workspace, whose operations have one connection: the audit log has a chain for each, so that much of it is one. */
async function withServer(database: TestDatabase, use: (caller: Caller) => Promise<void>): Promise<void> {
  const operationsOn = openDatabase(database.connection, 1, () => {});
  const server = await new TestServer({ ...database, maxConnections: 1 }, { operationsOn }).start();
  try {
    await use(await server.workspace());
    for (const each of [server.db, operationsOn]) await tell(each);
  } finally {
    await server.stop();
    await operationsOn.destroy();
  }
}

/** Puts copies of what a workspace keeps into others, or all into one other. */
async function copy(db: Database, tables: readonly Table[], workspaceId: string, intoMany: boolean): Promise<void> {
  await inTransaction(db, async (transaction) => {
    // With no trigger and no foreign key.
    await run(transaction, 'set local session_replication_role = replica', []);
    for (const { name, columns } of tables) {
      const values = columns.map((column) => {
        if (column.name === 'workspace_id') return intoMany ? `'copy_' || n` : `'copy'`;
        return intoMany ? column.name : column.another;
      });
      await run(
        transaction,
        `insert into ${name} (${columns.map((column) => column.name).join(', ')})
         select ${values.join(', ')} from ${name}, generate_series(1, ${COPIES}) as n where workspace_id = $1 on conflict do nothing`,
        [workspaceId],
      );
    }
  });
}

/** Gives workspaces leads, of which one in 400 is found by the search `xanova`. */
async function makeLeads(db: Database, count: number, workspaces: readonly string[]): Promise<void> {
  await run(
    db,
    `insert into leads (workspace_id, id, name, email, name_lower, email_lower, status, metadata, created_at, updated_at)
     select workspace_id, 'lead_' || n, person.name, email, lower(person.name), email, 'new', '{}', now(), now()
     from unnest($1::text[]) as workspace_id, generate_series(1, $2::integer) as n
     cross join lateral (select case when n % 400 = 0 then 'Quixanova ' else 'Smith ' end || n as name, n || '@example.com' as email) as person`,
    [workspaces, count],
  );
}

describe.skipIf(!postgresql)('a search', () => {
  it.for([
    ['of a workspace among many reads of the index of texts what is its own, however many leads of others it would match', 2_000, 0],
    // Its own list would be nearly as long as the list of all leads, and reading it would leave out next to nothing.
    ['of a workspace that has nearly all leads reads what matches of all, and finds its own', 10, 1],
  ] as const)('%s', ([, leadsOfOthers, foundOfOthers]) =>
    withDatabase(async (db, database) => {
      const read = async () => {
        const sql = `select idx_tup_read::integer as times from pg_stat_user_indexes where indexrelname = 'leads_by_text'`;
        return (await run<{ times: number }>(db, sql, []))[0]!.times;
      };
      await withServer(database, async (caller) => {
        const others = Array.from({ length: 15 }, (_, n) => `other_${n}`);
        await run(db, 'insert into workspaces select id, id, now() from unnest($1::text[]) as id', [others]);
        await makeLeads(db, 2_000, [caller.workspaceId]);
        await makeLeads(db, leadsOfOthers, others);
        await run(db, `update leads set name_lower = 'quixanova' where workspace_id = 'other_1' and id = 'lead_1'`, []);
        await run(db, 'vacuum analyze leads', []);
        // The first one asks which workspace has nearly all leads, and does not wait for the answer.
        for (let round = 0; round < 2; round++) {
          const { body } = await caller.call('leads.list', { query: { search: 'xanova' } });
          expect(body.data.pagination.total).toBe(5);
        }
      });
      expect(await read()).toBe(5 + 5 + foundOfOthers);
    }),
  );

  it('takes no workspace for one that has nearly all leads once they are kept elsewhere, as by Citus', () =>
    withDatabase(async (db) => {
      await run(db, `insert into workspaces values ('ws', 'ws', now())`, []);
      await makeLeads(db, 400, ['ws']);
      await run(db, 'analyze leads', []);
      expect(await mainWorkspaceOf(db)).toBe('ws');
      const main = new MainWorkspace();
      await expect.poll(() => main.is('ws', db)).toBe(true);
      await run(db, 'truncate leads cascade', []);
      expect(await mainWorkspaceOf(db)).toBeUndefined();
    }));

  it('is not refused because the question which workspace has nearly all leads fails', async () => {
    const db = openDatabase(postgresql.connection, 1, () => {});
    await db.destroy();
    await expect(mainWorkspaceOf(db)).rejects.toThrow();
    const main = new MainWorkspace();
    expect([main.is('ws', db), main.is('ws', db)]).toEqual([false, false]);
  });
});

describe.skipIf(!postgresql)('a request reads no table from its start to its end', () => {
  it.for([
    ['many workspaces', true],
    ['one other workspace', false],
  ] as const)('that has the rows of %s: no operation does, also once it was asked for often', ([, ofMany], context) =>
    withDatabase(async (db, database) => {
      const [user] = await run<{ super: boolean }>(db, 'select rolsuper as super from pg_roles where rolname = current_user', []);
      context.skip(!user!.super, 'only a superuser can fill tables without their triggers');
      const tables = await tablesOfWorkspaces(db);
      await withServer(database, async (caller) => {
        await callAll(caller);
        await copy(db, tables, caller.workspaceId, ofMany);
      });
      // Without vacuum: what came last is never vacuumed yet.
      await run(db, 'analyze', []);
      await tell(db);
      const before = await scans(db);
      await withServer(database, async (caller) => {
        for (let round = 0; round < ROUNDS; round++) await callAll(caller);
      });
      const after = await scans(db);
      const large = await run<{ name: string }>(
        db,
        `select relname as name from pg_class where relname = any($1) and reltuples > ${FEW_ROWS}`,
        [tables.map(({ name }) => name).filter((name) => !BOUNDED.has(name))],
      );
      expect(large.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['leads', 'activities', 'audit_log', 'backups', 'jobs', 'suppressions']),
      );
      expect(large.map(({ name }) => [name, after.get(name)! - before.get(name)!])).toEqual(large.map(({ name }) => [name, 0]));
    }),
  );

  it('that is the audit log, also where all of it is of one chain', () =>
    withDatabase(async (db) => {
      const append = (count: number) =>
        run(
          db,
          `select append_audit(p_workspace => 'ws', p_at => now(), p_action => 'lead.updated', p_key => 'key', p_request => 'req', p_job => null,
             p_reason => null, p_leads => array['lead'], p_details => array['{}'::jsonb]) from generate_series(1, $1)`,
          [count],
        );
      const told = async () => {
        await tell(db);
        return (await scans(db)).get('audit_log');
      };
      await run(db, `insert into workspaces values ('ws', 'ws', now())`, []);
      await append(3_000);
      await run(db, 'analyze', []);
      const before = await told();
      await append(20);
      expect(await told()).toBe(before);
    }));
});
