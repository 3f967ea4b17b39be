import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { cleanUpAtEnd } from '../../../../scripts/test/support/clean-up.ts';
import { dropDatabases } from '../../../../scripts/test/support/drop-databases.ts';
import { startEmbeddedPostgres } from '../../src/db/embedded/embedded-postgres.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createCitusDatabase, dropCitusDatabases, machinesOf } from './citus.ts';
import type { TestDatabase } from './databases.ts';

/** Where a PostgreSQL server is looked for when `TEST_DATABASE_URL` says nothing. */
const LOCAL_SERVERS = ['postgres://root@127.0.0.1:5432/postgres', 'postgres://postgres@127.0.0.1:5432/postgres'];

/** Whose tests are about the databases. Those of others run on one, PostgreSQL where there is one, which is the faster one. */
const ON_EACH = new Set(['server', 'conformance']);

/** Starts the databases that the suite runs on, once for all its files, and takes them away again. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await findServer();
  const embedded = server && !ON_EACH.has(project.name) ? undefined : await startEmbeddedPostgres({ dataDir: 'memory' });
  const databases: TestDatabase[] = [];
  if (embedded) {
    const { connection, maxConnections } = embedded;
    databases.push({ name: 'embedded', connection: connection as TestDatabase['connection'], maxConnections });
  }
  const name = `leads_test_${process.pid}_${Date.now().toString(36)}`;
  const citus = ON_EACH.has(project.name) ? await findCitus() : undefined;
  if (citus) {
    for (const { url } of await machinesOf(citus)) cleanUpAtEnd({ databases: { server: url, prefix: name } });
    await createCitusDatabase(citus, name);
    databases.push({ name: 'citus', connection: connectionOf(citus, name), maxConnections: 8, server: citus });
  }
  if (server) {
    cleanUpAtEnd({ databases: { server, prefix: name } });
    await onServer(server, `create database ${name}`);
    databases.push({ name: 'postgresql', connection: connectionOf(server, name), maxConnections: 8, server });
  }
  for (const { connection } of databases) await migrate(connection);
  project.provide('databases', databases);
  return async () => {
    await embedded?.stop();
    // Who else would clean up may come too late for a pooler that goes with the run.
    if (server) await dropDatabases(server, name);
    if (citus) await dropCitusDatabases(citus, name);
  };
}

function connectionOf(server: string, database: string): TestDatabase['connection'] {
  const { hostname, port, username, password } = new URL(server);
  return {
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database,
  };
}

/** A Citus cluster, whose database knows its machines. It is built for a try, and no part of CI. */
async function findCitus(): Promise<string | undefined> {
  const url = process.env.TEST_CITUS_URL;
  if (url) await onServer(url, 'select from pg_dist_node');
  else console.warn('Skipped: the suite on Citus. It needs TEST_CITUS_URL: the database of a cluster that knows its machines.');
  return url;
}

async function findServer(): Promise<string | undefined> {
  const candidates = process.env.TEST_DATABASE_URL ? [process.env.TEST_DATABASE_URL] : LOCAL_SERVERS;
  const reasons: string[] = [];
  for (const url of candidates) {
    try {
      await onServer(url, 'select 1');
      return url;
    } catch (error) {
      reasons.push(error instanceof AggregateError ? error.errors.map(String).join(', ') : String(error));
    }
  }
  const message = `No PostgreSQL server to test on (set TEST_DATABASE_URL): ${reasons.join('; ')}`;
  if (process.env.CI === 'true') throw new Error(message);
  console.warn(`${message}\nSkipped: the suite on PostgreSQL. It runs on the embedded database only.`);
  return undefined;
}

async function onServer(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
