import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { StartError } from '../../start-error.ts';
import { DataDirectoryError } from './data-directory.ts';

const SQLITE_BUSY = 5;

/** Another process, or another part of this one, has the data directory open. */
export class EmbeddedDatabaseInUseError extends StartError {
  override readonly name = 'EmbeddedDatabaseInUseError';

  constructor(dataDir: string, holder: string | undefined) {
    const process = holder === undefined ? '' : ` (process ${holder})`;
    super(
      `The data directory ${dataDir} is in use by another running Leads API server${process}. ` +
        'Stop it, or set LEADS_DATA_DIR to another directory.',
    );
  }
}

/** This Node cannot lock a directory. */
class NodeTooOldError extends StartError {
  override readonly name = 'NodeTooOldError';

  constructor() {
    super(
      `The embedded database keeps its data in a directory from Node 22.13 on, and this is ${process.version}. ` +
        'Use a newer Node, set DATABASE_URL to a PostgreSQL database, or LEADS_DATA_DIR=memory to keep nothing.',
    );
  }
}

/**
 * Takes the exclusive lock of a data directory and returns the function that releases it.
 *
 * PGlite has no working lock of its own, and two of them on one directory destroy it without a
 * word. Node has no file locks, but its SQLite does: an open exclusive transaction is a lock of the
 * operating system, taken atomically and let go by the kernel however the process ends.
 *
 * @throws EmbeddedDatabaseInUseError at once, when somebody else holds the lock.
 * @throws DataDirectoryError when it cannot be written.
 * @throws NodeTooOldError where Node has no SQLite.
 */
export function lockDirectory(dataDir: string): () => void {
  // Asked for here, because a database in memory needs no lock and runs on an older Node, too.
  const sqlite = process.getBuiltinModule('node:sqlite') as typeof import('node:sqlite') | undefined;
  if (!sqlite) throw new NodeTooOldError();
  const holderFile = join(dataDir, 'lock.pid');
  let lock: DatabaseSync | undefined;
  try {
    lock = new sqlite.DatabaseSync(join(dataDir, 'lock'));
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    writeFileSync(holderFile, String(process.pid));
  } catch (error) {
    lock?.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw new DataDirectoryError(dataDir, error);
    throw new EmbeddedDatabaseInUseError(dataDir, readHolder(holderFile));
  }

  return () => {
    rmSync(holderFile, { force: true });
    lock.close();
  };
}

function readHolder(holderFile: string): string | undefined {
  try {
    return readFileSync(holderFile, 'utf8') || undefined;
  } catch {
    // The holder has the lock but has not yet written its number, or is just letting go.
    return undefined;
  }
}
