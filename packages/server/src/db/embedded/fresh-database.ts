import { cpSync, existsSync, mkdirSync, openAsBlob, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.resolve('@electric-sql/pglite')), 'utf8')) as {
  version: string;
};

// Named by PGlite's version, because a database made by one version may not open in another.
const snapshotDir = fileURLToPath(new URL(`../../../.cache/pglite-${version}/`, import.meta.url));
const snapshotPgData = join(snapshotDir, 'pgdata');
const snapshotTar = join(snapshotDir, 'pgdata.tar.gz');

/**
 * Makes `pgDataDir` a database, unless it is one: a copy of the snapshot where there is one (0.3 s), else what it was packed into,
 * which is published (1 s), else a run of initdb (3 s and 800 MB of memory). A kill at any moment leaves either no directory
 * or a whole one.
 */
export async function ensureDatabase(pgDataDir: string): Promise<void> {
  if (existsSync(pgDataDir)) return;
  const unfinished = `${pgDataDir}.tmp`;
  rmSync(unfinished, { recursive: true, force: true });
  if (existsSync(snapshotPgData)) {
    cpSync(snapshotPgData, unfinished, { recursive: true });
  } else {
    const database = await initialise(unfinished, await packedSnapshot());
    await database.close();
  }
  renameSync(unfinished, pgDataDir);
}

type Snapshot = { loadDataDir?: Blob };

/** The packed snapshot to load a database from, or nothing, which means initdb. */
export async function packedSnapshot(): Promise<Snapshot> {
  if (!existsSync(snapshotTar)) return {};
  // A Blob of the bytes would hold them a second time. By its type the engine sees that it is compressed.
  return { loadDataDir: await openAsBlob(snapshotTar, { type: 'application/x-gzip' }) };
}

/** Makes the snapshot of the installed PGlite version, unless it is there. */
export async function buildSnapshot(): Promise<void> {
  if (existsSync(snapshotTar)) return;
  // One of an earlier form.
  rmSync(snapshotDir, { recursive: true, force: true });
  const unfinished = `${snapshotDir.slice(0, -1)}.tmp-${process.pid}`;
  const pgDataDir = join(unfinished, 'pgdata');
  const database = await initialise(pgDataDir);
  const dump = await database.dumpDataDir('gzip');
  writeFileSync(join(unfinished, 'pgdata.tar.gz'), Buffer.from(await dump.arrayBuffer()));
  await database.close();
  try {
    renameSync(unfinished, snapshotDir);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Somebody else was faster.
    if (!existsSync(snapshotTar)) throw error;
  }
}

async function initialise(pgDataDir: string, snapshot: Snapshot = {}): Promise<PGlite> {
  mkdirSync(pgDataDir, { recursive: true });
  return PGlite.create({ dataDir: pgDataDir, ...snapshot });
}
