import { on, once } from 'node:events';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ClientConfig } from 'pg';
import { StartError } from '../../start-error.ts';
import { ensureDataDirectory } from './data-directory.ts';
import { lockDirectory } from './directory-lock.ts';
import type { EmbeddedWorkerData } from './embedded-worker.ts';
import { ensurePrivateDirectory, SOCKET_PORT, socketDirectory, socketPath } from './socket-directory.ts';

// Compiled, both have another ending.
const WORKER = new URL(`./embedded-worker${extname(import.meta.url)}`, import.meta.url);
const WORKER_YOUNG_MB = 4;

export { EmbeddedDatabaseInUseError } from './directory-lock.ts';

/** The embedded database does not start. */
export class EmbeddedDatabaseUnusableError extends StartError {
  override readonly name = 'EmbeddedDatabaseUnusableError';

  constructor(dataDir: string, cause: Error) {
    super(`The embedded database in ${dataDir} cannot be started: ${cause.message}.`, { cause });
  }
}

/** The embedded database broke while it ran. */
export class EmbeddedDatabaseBrokenError extends StartError {
  override readonly name = 'EmbeddedDatabaseBrokenError';

  constructor(dataDir: string, cause: Error) {
    super(
      `The embedded database in ${dataDir} broke, and the server ended: ${cause.message}. ` +
        'Nothing that was answered is lost. See to the cause, then start the server again.',
      { cause },
    );
  }
}

/** A running embedded database. */
export type EmbeddedPostgres = {
  /** Settings for `pg.Pool` and `pg.Client`. */
  readonly connection: ClientConfig;
  /** How many connections make sense: one, since PGlite has one session and the others wait. */
  readonly maxConnections: number;
  /**
   * Drops the clients, writes everything to the data files and lets the directory go. May be called
   * more than once. Close the pool first, or its connections end with an error.
   */
  stop(): Promise<void>;
};

/** How long one waits for another that uses the database, and for a statement, in milliseconds. */
const WAIT_MS = 30_000;

/**
 * Starts PGlite (PostgreSQL in WebAssembly) in a worker thread, for the ordinary `pg` driver.
 *
 * The directory is created when missing (mode 0700). `'memory'` keeps nothing; any number of those
 * may run at once.
 *
 * Bounds: a commit survives the death of the process, `kill -9` included, but not a power cut,
 * because PGlite never syncs to the disk. `statement_timeout` has no effect. What clients share is
 * said at `SessionBridge`. If the engine itself breaks later, as it does where it cannot write its log,
 * EmbeddedDatabaseBrokenError is thrown where nobody catches it, and so ends the process.
 *
 * @throws EmbeddedDatabaseInUseError when another process, or this one, has the directory open.
 * @throws DataDirectoryError when it cannot be made or written.
 * @throws EmbeddedDatabaseUnusableError when its files, or those that a new one is made of, are no database.
 * @throws NodeTooOldError for a directory, on a Node that cannot lock it.
 */
export async function startEmbeddedPostgres(options: { dataDir: string | 'memory' }): Promise<EmbeddedPostgres> {
  const home = options.dataDir === 'memory' ? memoryHome() : directoryHome(options.dataDir);
  const workerData: EmbeddedWorkerData = {
    pgDataDir: home.pgDataDir,
    socket: socketPath(home.socketDir),
  };
  const worker = new Worker(WORKER, {
    workerData,
    // Flags meant for the program's own entry, such as --input-type, would break the worker's.
    execArgv: [],
    // Of what it makes of a statement nothing lives long: V8 would keep three times 16 MB for it.
    resourceLimits: { maxYoungGenerationSizeMb: WORKER_YOUNG_MB },
  });
  // Only now is nobody left who could touch the directory, whatever made the worker end.
  const exited = new Promise((resolve) => worker.once('exit', resolve)).then(home.release);
  let isStarted = false;
  // A database that breaks takes the process with it: it would answer nothing more.
  worker.on('error', (error) => {
    if (isStarted) throw new EmbeddedDatabaseBrokenError(options.dataDir, error);
  });
  try {
    // Under `node --watch` Node sends messages of its own.
    for await (const [message] of on(worker, 'message')) if (message === 'ready') break;
  } catch (error) {
    await exited;
    throw new EmbeddedDatabaseUnusableError(options.dataDir, error as Error);
  }
  isStarted = true;
  return {
    connection: connectionSettings(home.socketDir),
    maxConnections: 1,
    stop() {
      worker.postMessage('stop');
      return exited;
    },
  };
}

/**
 * The connection settings of the server that now runs on a data directory, or null when none does.
 * With them a second process (the keys CLI) can work on the database while the server runs; it
 * waits while the server has a transaction open.
 */
export async function findRunningEmbeddedPostgres(dataDir: string): Promise<ClientConfig | null> {
  if (!existsSync(dataDir)) return null;
  const real = realpathSync(dataDir);
  const socketDir = socketDirectory(real);
  if (!existsSync(socketDir)) return null;
  if (socketDir !== real) ensurePrivateDirectory(socketDir);
  const probe = connect(socketPath(socketDir));
  try {
    await once(probe, 'connect');
    return connectionSettings(socketDir);
  } catch {
    // No socket, or one that a killed server left behind.
    return null;
  } finally {
    probe.destroy();
  }
}

type Home = { pgDataDir: string | 'memory'; socketDir: string; release: () => void };

function directoryHome(dataDir: string): Home {
  const real = ensureDataDirectory(dataDir);
  const unlock = lockDirectory(real);
  const socketDir = socketDirectory(real);
  const temporary = socketDir !== real;
  const release = () => {
    if (temporary) rmSync(socketDir, { recursive: true, force: true });
    unlock();
  };
  try {
    if (temporary) ensurePrivateDirectory(socketDir);
  } catch (error) {
    unlock();
    throw error;
  }
  return { pgDataDir: join(real, 'pgdata'), socketDir, release };
}

function memoryHome(): Home {
  const socketDir = mkdtempSync(join(tmpdir(), 'leads-memory-'));
  const release = () => rmSync(socketDir, { recursive: true, force: true });
  return { pgDataDir: 'memory', socketDir, release };
}

function connectionSettings(socketDir: string): ClientConfig {
  return {
    host: socketDir,
    port: SOCKET_PORT,
    user: 'postgres',
    database: 'postgres',
    // Said because the driver would otherwise ask the environment.
    ssl: false,
    // All wait for one connection, and a large request on a busy machine keeps it for long: to wait is better than to be refused.
    connectionTimeoutMillis: WAIT_MS,
    query_timeout: WAIT_MS,
  };
}
