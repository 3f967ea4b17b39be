import { readFileSync } from 'node:fs';
import { documentedAnswers, PROVOKE } from '@leads/conformance';
import type { OperationId } from '@leads/contract';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Database, openDatabase, run } from '../src/db/database.ts';
import { beginDistributed, distributeTables } from '../src/db/distribute.ts';
import { distributeDatabase, migrate } from '../src/db/migrate.ts';
import { emptyDatabase, type TestDatabase, useOwnDatabase } from './support/databases.ts';
import { answered, type Caller, TestServer } from './support/server.ts';

const citus = inject('databases').find(({ name }) => name === 'citus')!;
const postgresql = inject('databases').find(({ name }) => name === 'postgresql')!;

/** A database as migration 5 left it, with four leads. */
const DUMP = readFileSync(new URL('fixtures/database-of-migration-5.sql', import.meta.url), 'utf8');

/** Every answer that can be provoked with a key alone; none without a cluster, where each would be one more skipped test. */
const ANSWERS = (citus ? documentedAnswers() : []).filter(
  (name) => Object.hasOwn(PROVOKE, name.split(' ')[2]!) && name !== 'jobs.cancel 200 success',
);

async function withClient<Result>(
  { connection }: Pick<TestDatabase, 'connection'>,
  use: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function withEmpty(kind: TestDatabase, use: (database: TestDatabase) => Promise<void>): Promise<void> {
  const { database, drop } = await emptyDatabase(kind);
  try {
    await use(database);
  } finally {
    await drop();
  }
}

async function told(database: TestDatabase): Promise<string[]> {
  const lines: string[] = [];
  await distributeDatabase(database.connection, (line) => lines.push(line));
  return lines;
}

describe.skipIf(!citus)('what is asked of a cluster by a request', () => {
  const database = citus && useOwnDatabase(citus);
  let strict: Database;
  let server: TestServer;
  let caller: Caller;
  beforeAll(async () => {
    // A plan with tasks for several shards fails, also that of a statement in a function. One for any values, which PostgreSQL makes to
    // compare what it costs, always has several, and is never run.
    const options = '-c citus.multi_task_query_log_level=error -c plan_cache_mode=force_custom_plan';
    const connection: pg.ClientConfig = { ...database.connection, options };
    strict = openDatabase(connection, database.maxConnections, () => {});
    server = await new TestServer(database, { operationsOn: strict }).start();
    caller = await server.workspace();
  });
  afterAll(async () => {
    await server.stop();
    await strict.destroy();
  });

  it('is seen: a statement to all workspaces is refused here', async () => {
    await expect(run(strict, 'select count(*) from leads', [])).rejects.toThrow('multi-task query');
  });

  it.each(ANSWERS)('goes to one shard, statement by statement: %s', async (name) => {
    const [operation, status, code] = name.split(' ') as [OperationId, string, keyof typeof PROVOKE];
    answered.get('citus')?.delete(name);
    await PROVOKE[status === '202' ? 'accepted' : code](caller, operation);
    expect(answered.get('citus')?.has(name)).toBe(true);
  });
});

describe.skipIf(!citus)('a distributed database', () => {
  it('is made of one that is in use, with all that is in it, and a second run changes nothing', async () => {
    await withEmpty(citus, async (database) => {
      await withClient(database, (client) => client.query(DUMP));
      expect(await told(database)).toEqual(
        expect.arrayContaining(['table leads: by workspace', 'table workspaces: whole on every machine']),
      );
      expect(await told(database)).toEqual([]);
      const [counts] = await withClient(database, async (client) => {
        const { rows } = await client.query(
          `select (select count(*)::integer from leads) as leads, (select sum(count)::integer from lead_counts) as counted,
             (select pg_relation_size('leads')::integer) as bytes_left_behind`,
        );
        return rows;
      });
      expect(counts).toEqual({ leads: 4, counted: 4, bytes_left_behind: 0 });
    });
  });

  it('is what a new one becomes at once, and a start does not distribute one that was not', async () => {
    await withEmpty(citus, async (database) => {
      await migrate(database.connection);
      expect(await told(database)).toEqual([]);
    });
    await withEmpty(citus, async (database) => {
      await withClient(database, (client) => client.query(DUMP));
      await migrate(database.connection);
      expect(await told(database)).toContain('table leads: by workspace');
    });
  });

  it('goes on with the migrations and functions of later versions', async () => {
    await withEmpty(citus, async (database) => {
      await migrate(database.connection);
      await withClient(database, async (client) => {
        await client.query('begin');
        await beginDistributed(client);
        for (const statement of [
          `alter table leads add column later text not null default 'x'`,
          'create table later (workspace_id text collate "C" not null, lead_id text collate "C" not null, primary key (workspace_id, lead_id))',
          'create index leads_by_later on leads (workspace_id, later)',
          `update leads set later = 'y' where status = 'new'`,
          `do $$ begin alter table leads alter column later set default 'z'; end $$`,
        ])
          await client.query(statement);
        await distributeTables(client, () => {});
        await client.query('alter table later add foreign key (workspace_id, lead_id) references leads on delete cascade');
        await client.query('commit');
        await client.query(`comment on function delete_leads is 'checksum of an earlier one'`);
        await client.query(`comment on function count_inserted_leads is 'checksum of an earlier one'`);
      });
      const lines: string[] = [];
      await migrate(database.connection, (line) => lines.push(line));
      expect(lines).toEqual([expect.stringMatching(/^functions: 2 of \d+$/), 'functions on the machine of their workspace: 1']);
      expect(await told(database)).toEqual([]);
      const server = await new TestServer(database).start();
      try {
        const caller = await server.workspace();
        const { id } = await caller.lead();
        expect((await caller.call('leads.delete', { params: { leadId: id } })).status).toBe(200);
        expect((await caller.call('leads.stats')).body.data.total).toBe(0);
      } finally {
        await server.stop();
      }
    });
  });
});

describe.skipIf(!postgresql)('a database without Citus', () => {
  it('is not distributed, and whoever asks is told what to do', async () => {
    await expect(told(postgresql)).rejects.toThrow(/has not the extension Citus\. Install Citus .+ create extension citus;/);
  });
});
