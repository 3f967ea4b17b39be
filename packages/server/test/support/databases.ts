import pg from 'pg';
import { describe, inject } from 'vitest';
import { startEmbeddedPostgres } from '../../src/db/embedded/embedded-postgres.ts';

/** A migrated database that the suite runs on. */
export interface TestDatabase {
  readonly name: 'embedded' | 'postgresql';
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

/** The URL of a database on a PostgreSQL server, as `DATABASE_URL` takes it. */
export function urlOf({ connection: { host, port, user, password = '', database } }: TestDatabase): string {
  return `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
}

/** Another database of the same kind with nothing in it. */
export async function emptyDatabase(database: TestDatabase): Promise<{ database: TestDatabase; drop: () => Promise<void> }> {
  if (!database.server) {
    const embedded = await startEmbeddedPostgres({ dataDir: 'memory' });
    return { database: { ...database, connection: embedded.connection as TestDatabase['connection'] }, drop: () => embedded.stop() };
  }
  const name = `${database.connection.database}_${Math.random().toString(36).slice(2)}`;
  const client = new pg.Client({ connectionString: database.server });
  await client.connect();
  await client.query(`create database ${name}`);
  return {
    database: { ...database, connection: { ...database.connection, database: name } },
    async drop() {
      await client.query(`drop database if exists ${name} with (force)`);
      await client.end();
    },
  };
}
