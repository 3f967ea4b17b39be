import { cleanUpAtEnd } from '../../../../scripts/test/support/clean-up.ts';
import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database made for a test. */
export interface OwnDatabase extends AsyncDisposable {
  readonly url: string;
  /** Waits until everything that connections from before `time` had asked for is done or given up. */
  readonly settled: (time: Date) => Promise<boolean>;
}

/** The PostgreSQL servers to try: the one of `TEST_DATABASE_URL`, or the usual one of this machine. */
const SERVERS = process.env.TEST_DATABASE_URL
  ? [process.env.TEST_DATABASE_URL]
  : ['root', 'postgres'].map((user) => `postgres://${user}@127.0.0.1:5432/postgres`);

/** The URL of a PostgreSQL server on which databases can be made, or why there is none. */
export async function findPostgres(): Promise<{ url: string } | { missing: string }> {
  const reasons: string[] = [];
  for (const url of SERVERS) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    try {
      await client.connect();
      return { url };
    } catch (error) {
      reasons.push((error as NodeJS.ErrnoException).message || String((error as NodeJS.ErrnoException).code));
    } finally {
      await client.end();
    }
  }
  return { missing: `no PostgreSQL at TEST_DATABASE_URL or 127.0.0.1:5432 (${reasons.join('; ')})` };
}

/** Makes a database of its own on a server; disposing of it drops it. */
export async function createDatabase(serverUrl: string): Promise<OwnDatabase> {
  const name = `leads_crash_${process.pid}_${randomBytes(4).toString('hex')}`;
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  cleanUpAtEnd({ databases: { server: serverUrl, prefix: name } });
  await admin.query(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async settled(time) {
      const { rows } = await admin.query(
        "select 1 from pg_stat_activity where datname = $1 and backend_type = 'client backend' and backend_start <= $2 limit 1",
        [name, time],
      );
      return rows.length === 0;
    },
    async [Symbol.asyncDispose]() {
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}
