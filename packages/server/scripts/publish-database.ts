/**
 * Puts a database with its tables and functions into what is published of the server, so that its first start, and each of a database
 * in memory, has nothing left to make. It holds no secret: those are made when it is first opened.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/db/embedded/embedded-postgres.ts';
import { buildSnapshot, publishSnapshot } from '../src/db/embedded/fresh-database.ts';
import { migrate } from '../src/db/migrate.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'leads-database-'));
try {
  await buildSnapshot();
  const database = await startEmbeddedPostgres({ dataDir });
  await migrate(database.connection);
  const client = new pg.Client(database.connection);
  await client.connect();
  const { rows: secrets } = await client.query<{ value: Buffer }>('select value from secrets');
  await client.query('truncate secrets');
  await client.end();
  await database.stop();
  const file = await publishSnapshot(join(dataDir, 'pgdata'), fileURLToPath(new URL('../dist/db/embedded', import.meta.url)));
  // A table that is emptied may leave its rows in a file or in the log.
  const packed = gunzipSync(readFileSync(file));
  if (secrets.length === 0 || secrets.some(({ value }) => packed.includes(value))) {
    rmSync(file);
    throw new Error('The database that would be published still holds a secret.');
  }
} finally {
  rmSync(dataDir, { recursive: true });
}
