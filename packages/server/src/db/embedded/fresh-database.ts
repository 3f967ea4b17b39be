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
const snapshotTar = join(snapshotDir, 'pgdata.tar');

/**
 * Makes `pgDataDir` a database, unless it is one: a copy of the snapshot where there is one (0.3 s),
 * else a run of initdb (3 s and 800 MB of memory). A kill at any moment leaves either no directory
 * or a whole one.
 */
export async function ensureDatabase(pgDataDir: string): Promise<void> {
  if (existsSync(pgDataDir)) return;
  const unfinished = `${pgDataDir}.tmp`;
  rmSync(unfinished, { recursive: true, force: true });
  if (existsSync(snapshotPgData)) {
    cpSync(snapshotPgData, unfinished, { recursive: true });
  } else {
    await initialise(unfinished);
  }
  renameSync(unfinished, pgDataDir);
}

/** The snapshot to load an in-memory database from, or nothing, which means initdb. */
export async function memorySnapshot(): Promise<{ loadDataDir?: Blob }> {
  if (!existsSync(snapshotTar)) return {};
  // A Blob of the bytes would hold them a second time.
  return { loadDataDir: await openAsBlob(snapshotTar) };
}

/** Makes the snapshot of the installed PGlite version, unless it is there. */
export async function buildSnapshot(): Promise<void> {
  if (existsSync(snapshotDir)) return;
  const unfinished = `${snapshotDir.slice(0, -1)}.tmp-${process.pid}`;
  await initialise(join(unfinished, 'pgdata'), join(unfinished, 'pgdata.tar'));
  try {
    renameSync(unfinished, snapshotDir);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Somebody else was faster.
    if (!existsSync(snapshotDir)) throw error;
  }
}

async function initialise(pgDataDir: string, tar?: string): Promise<void> {
  mkdirSync(pgDataDir, { recursive: true });
  const database = await PGlite.create({ dataDir: pgDataDir });
  if (tar) {
    const dump = await database.dumpDataDir('none');
    writeFileSync(tar, Buffer.from(await dump.arrayBuffer()));
  }
  await database.close();
}
