import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, openAsBlob, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { sqlFiles } from '../sql-files.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.resolve('@electric-sql/pglite')), 'utf8')) as {
  version: string;
};

// Named by PGlite's version, because a database made by one version may not open in another.
const NAME = `database-${version}`;
/** Where a checkout keeps them. */
const CACHE = fileURLToPath(new URL('../../../.cache/', import.meta.url));
/** What a checkout uses where the other one was made by other migrations. */
const EMPTY = join(CACHE, `${NAME}.tar.gz`);

/** What helps where the files of a database are damaged. */
export const RESTORE = 'Bring its files back from a backup, or set LEADS_DATA_DIR to another directory';

/**
 * Makes `pgDataDir` a database, unless it is one: out of the snapshot, where there is one (0.3 s), else by a run of initdb (3 s
 * and 800 MB of memory). A kill at any moment leaves either no directory or a whole one.
 * @throws where there is a directory that is none, and where the snapshot is broken.
 */
export async function ensureDatabase(pgDataDir: string): Promise<void> {
  if (existsSync(pgDataDir)) {
    // The engine would take the directory for a new one, and write a database over the one that is there.
    if (existsSync(join(pgDataDir, 'PG_VERSION'))) return;
    throw new Error(`its file pgdata/PG_VERSION is missing. ${RESTORE}`);
  }
  const unfinished = `${pgDataDir}.tmp`;
  rmSync(unfinished, { recursive: true, force: true });
  const snapshot = snapshotFile();
  if (snapshot) unpack(uncompressed(snapshot), unfinished);
  else await initialise(unfinished);
  renameSync(unfinished, pgDataDir);
}

/** Has `open` make a database in memory: from the snapshot, where there is one, else by a run of initdb. @throws where the snapshot is broken. */
export async function openInMemory<Opened>(open: (snapshot: { loadDataDir?: Blob }) => Promise<Opened>): Promise<Opened> {
  const snapshot = snapshotFile();
  if (!snapshot) return open({});
  try {
    // A Blob of the bytes would hold them a second time. By its type the engine sees that it is compressed.
    return await open({ loadDataDir: await openAsBlob(snapshot, { type: 'application/x-gzip' }) });
  } catch (error) {
    // The engine does not say that it is this.
    uncompressed(snapshot);
    throw error;
  }
}

/** Makes the snapshot of an empty database of the installed PGlite version, unless it is there. */
export async function buildEmptySnapshot(): Promise<void> {
  if (existsSync(EMPTY)) return;
  await build(EMPTY, async (dataDir) => {
    await initialise(join(dataDir, 'pgdata'));
    return [];
  });
}

/**
 * Makes the snapshot of a database with tables and functions, which `fill` makes in the data directory that it is given. `fill` returns
 * the secrets that it took away again. Where the snapshot is there already it stays, unless it is to be made anew. @returns its file.
 * @throws where a secret is still in it: then there is none.
 */
export async function buildMigratedSnapshot(fill: (dataDir: string) => Promise<readonly Buffer[]>, anew: boolean): Promise<string> {
  const file = join(CACHE, migratedName());
  if (anew || !existsSync(file)) await build(file, fill);
  return file;
}

async function build(file: string, fill: (dataDir: string) => Promise<readonly Buffer[]>): Promise<void> {
  const dataDir = `${file}.tmp-${process.pid}`;
  try {
    const secrets = await fill(dataDir);
    await packDatabase(join(dataDir, 'pgdata'), file, secrets);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function uncompressed(snapshot: string): Buffer {
  try {
    return gunzipSync(readFileSync(snapshot));
  } catch (error) {
    throw new Error(
      `${snapshot}, from which a new database is made, is broken (${(error as Error).message}). Delete it and install again`,
      { cause: error },
    );
  }
}

function snapshotFile(): string | undefined {
  const migrated = migratedName();
  const published = fileURLToPath(new URL(migrated, import.meta.url));
  return [published, join(CACHE, migrated), EMPTY].find((file) => existsSync(file));
}

/** What a snapshot with tables and functions is called: by its migrations, too, since a new one may be edited after it was run. */
function migratedName(): string {
  const hash = createHash('sha256');
  for (const { name, sql } of sqlFiles('migrations/')) hash.update(`${name}\0${sql}\0`);
  return `${NAME}-${hash.digest('hex').slice(0, 16)}.tar.gz`;
}

async function initialise(pgDataDir: string): Promise<void> {
  mkdirSync(pgDataDir, { recursive: true });
  const database = await PGlite.create({ dataDir: pgDataDir });
  await database.close();
}

/** Without the two databases that PostgreSQL copies new ones from, and without the log so far: a third of the files and of the bytes. */
async function packDatabase(pgDataDir: string, file: string, secrets: readonly Buffer[]): Promise<void> {
  const database = await PGlite.create({ dataDir: pgDataDir, startParams: [...PGlite.defaultStartParams, '-c', 'wal_recycle=off'] });
  await database.query(`update pg_database set datistemplate = false where datistemplate`);
  for (const template of ['template0', 'template1']) await database.query(`drop database if exists ${template}`);
  await database.query('select pg_switch_wal()');
  await database.query('checkpoint');
  const packed = await database.dumpDataDir('gzip');
  await database.close();
  const bytes = Buffer.from(await packed.arrayBuffer());
  // A table that is emptied may leave its rows in a file or in the log.
  const tar = gunzipSync(bytes);
  if (secrets.some((secret) => tar.includes(secret))) throw new Error('The ready-made database still holds a secret.');
  const unfinished = `${file}.tmp-${process.pid}.gz`;
  writeFileSync(unfinished, bytes);
  renameSync(unfinished, file);
}

/** Writes the files of a tar archive, as the engine makes it: plain files and directories, with names under 100 characters. */
function unpack(tar: Buffer, into: string): void {
  const BLOCK = 512;
  const text = (from: number, length: number) => tar.toString('latin1', from, from + length).split('\0', 1)[0]!;
  mkdirSync(into, { mode: 0o700 });
  for (let at = 0; tar[at];) {
    const [path, size] = [join(into, text(at, 100)), Number.parseInt(text(at + 124, 12), 8)];
    const begin = at + BLOCK;
    if (text(at + 156, 1) === '5') mkdirSync(path, { recursive: true, mode: 0o700 });
    else {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, tar.subarray(begin, begin + size), { mode: 0o600 });
    }
    at = begin + Math.ceil(size / BLOCK) * BLOCK;
  }
}
