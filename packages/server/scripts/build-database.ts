/**
 * Makes the ready-made database that a fresh one is copied from, with its tables and functions, so that the first start, and each of a
 * database in memory, has next to nothing left to make. It holds no secret: those are made when it is first opened. Run after the
 * dependencies are installed, it makes what a checkout lacks. Given a folder, it makes the database anew and puts it there, to be published.
 */
import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/db/embedded/embedded-postgres.ts';
import { buildEmptySnapshot, buildMigratedSnapshot } from '../src/db/embedded/fresh-database.ts';
import { migrate } from '../src/db/migrate.ts';

const [folder] = process.argv.slice(2);
await buildEmptySnapshot();
const file = await buildMigratedSnapshot(migrated, folder !== undefined);
if (folder !== undefined) copyFileSync(file, join(folder, basename(file)));

/** Makes a database with tables and functions in a data directory, and takes its secrets away. */
async function migrated(dataDir: string): Promise<Buffer[]> {
  const database = await startEmbeddedPostgres({ dataDir });
  try {
    await migrate(database.connection);
    const client = new pg.Client(database.connection);
    await client.connect();
    const { rows } = await client.query<{ value: Buffer }>('select value from secrets');
    await client.query('truncate secrets');
    await client.end();
    if (rows.length === 0) throw new Error('The migrations made no secrets: it cannot be told whether any is left.');
    return rows.map(({ value }) => value);
  } finally {
    await database.stop();
  }
}
