import pg from 'pg';
import { beforeAll, describe, inject } from 'vitest';
import { startEmbeddedPostgres } from '../../src/db/embedded/embedded-postgres.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createCitusDatabase, dropCitusDatabases } from './citus.ts';

/** A migrated database that the suite runs on. */
export interface TestDatabase {
  readonly name: 'embedded' | 'citus' | 'postgresql';
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password?: string;
    readonly database: string;
  };
  readonly maxConnections: number;
  /** The URL of the PostgreSQL server on which further databases can be made; the embedded one makes its own. */
  readonly server?: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    databases: TestDatabase[];
  }
}

/** The same tests on every database. */
export function onEachDatabase(topic: string, suite: (database: TestDatabase) => void): void {
  describe.each(inject('databases'))(`${topic} [$name]`, suite);
}

/**
 * The same, for what costs little on PostgreSQL and seconds on the embedded database, such as a database for each test or leads of many
 * megabytes: on PostgreSQL where there is one, and on all where there is time (`LEADS_TEST_MORE`).
 */
export function onOneDatabase(topic: string, suite: (database: TestDatabase) => void): void {
  const all = inject('databases');
  describe.each(process.env['LEADS_TEST_MORE'] ? all : all.slice(-1))(`${topic} [$name]`, suite);
}

/** The URL of a database on a PostgreSQL server, as `DATABASE_URL` takes it. */
export function urlOf({ connection: { host, port, user, password = '', database } }: TestDatabase): string {
  return `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
}

/** Settings of a server on a database of the run: PostgreSQL where there is one, else one of its own in memory. */
export function anyDatabase(): { readonly DATABASE_URL?: string } {
  const database = inject('databases').at(-1)!;
  return database.server ? { DATABASE_URL: urlOf(database) } : {};
}

/** The databases that tests are done with, with nothing in them. */
const free: TestDatabase[] = [];

/**
 * Another database of the same kind with nothing in it. Where a test is done with it, the next one gets it: to make one takes seconds
 * on the embedded database, and to drop one makes PostgreSQL write down whatever all databases have changed.
 */
export async function emptyDatabase(kind: TestDatabase): Promise<{ database: TestDatabase; drop: () => Promise<void> }> {
  const left = free.find((each) => each.name === kind.name);
  if (left) free.splice(free.indexOf(left), 1);
  const database = left ?? { ...kind, connection: await newDatabase(kind) };
  return {
    database,
    async drop() {
      // It cannot be emptied: Citus 13 fails where a schema with distributed tables is dropped.
      if (kind.name === 'citus') return dropCitusDatabases(kind.server!, database.connection.database);
      await takeEverythingAway(database);
      free.push(database);
    },
  };
}

async function newDatabase({ name, connection, server }: TestDatabase): Promise<TestDatabase['connection']> {
  if (!server) {
    const own = (await startEmbeddedPostgres({ dataDir: 'memory' })).connection as TestDatabase['connection'];
    // It comes with its tables and functions.
    await takeEverythingAway({ connection: own });
    return own;
  }
  const database = anotherName(connection);
  if (name === 'citus') await createCitusDatabase(server, database);
  else await query({ connectionString: server }, `create database ${database}`);
  return { ...connection, database };
}

async function takeEverythingAway({ connection, server }: Pick<TestDatabase, 'connection' | 'server'>): Promise<void> {
  const others = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
  const settings = `alter database ${connection.database} reset all`;
  await query(connection, ...(server ? [others, settings] : []), 'drop schema public cascade', 'create schema public');
}

async function query(connection: pg.ClientConfig, ...statements: string[]): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    // Together, so that behind a pooler they have one session: the first one ends the others.
    await client.query(statements.join('; '));
  } finally {
    await client.end();
  }
}

/** A migrated database for one suite, where jobs wait until the suite does them: in the one that is shared, a server of another suite would. */
export function useOwnDatabase(shared: TestDatabase): TestDatabase {
  let own: TestDatabase;
  beforeAll(async () => {
    const { database, drop } = await emptyDatabase(shared);
    own = database;
    await migrate(own.connection);
    return drop;
  });
  return {
    ...shared,
    get connection() {
      return own.connection;
    },
  };
}

/** It begins as those of the run do, with which it goes. */
function anotherName({ database }: TestDatabase['connection']): string {
  return `${database}_${Math.random().toString(36).slice(2)}`;
}
