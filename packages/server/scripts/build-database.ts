/**
 * Makes the ready-made database that a fresh one is copied from, with its tables and functions, so that the first start, and each of a
 * database in memory, has next to nothing left to make. It holds no secret: those are made when it is first opened. Run after the
 * dependencies are installed; does nothing where it is there. With a folder as its argument it is put there, too, to be published.
 */
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/db/embedded/embedded-postgres.ts';
import { buildSnapshots } from '../src/db/embedded/fresh-database.ts';
import { migrate } from '../src/db/migrate.ts';

let secrets: { value: Buffer }[] | undefined;
const file = await buildSnapshots(async (dataDir) => {
  const database = await startEmbeddedPostgres({ dataDir });
  await migrate(database.connection);
  const client = new pg.Client(database.connection);
  await client.connect();
  secrets = (await client.query<{ value: Buffer }>('select value from secrets')).rows;
  await client.query('truncate secrets');
  await client.end();
  await database.stop();
});
if (secrets) {
  // A table that is emptied may leave its rows in a file or in the log.
  const packed = gunzipSync(readFileSync(file));
  if (secrets.length === 0 || secrets.some(({ value }) => packed.includes(value))) {
    rmSync(file);
    throw new Error('The ready-made database still holds a secret.');
  }
}
const [folder] = process.argv.slice(2);
if (folder !== undefined) copyFileSync(file, join(folder, basename(file)));
