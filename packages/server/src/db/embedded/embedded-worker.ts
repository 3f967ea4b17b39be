import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { btree_gin } from '@electric-sql/pglite/contrib/btree_gin';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { ensureDatabase, openInMemory, RESTORE } from './fresh-database.ts';
import { SessionBridge } from './session-bridge.ts';

/** What `startEmbeddedPostgres` hands to the worker. */
export type EmbeddedWorkerData = { pgDataDir: string | 'memory'; socket: string };

const { pgDataDir, socket } = workerData as EmbeddedWorkerData;
// V8's optimising compiler takes 500 MB for a moment for one huge function of the engine, soon after
// the start. Without it scans take twice as long and point queries little longer. The flags
// hold for the whole process, but touch WebAssembly only.
setFlagsFromString('--no-wasm-tier-up');
setFlagsFromString('--no-wasm-dynamic-tiering');

const settings = {
  extensions: { pg_trgm, btree_gin },
  // A quarter of the default, which the engine takes from the process at once: 100 MB less memory.
  // And no used file of the write-ahead log is kept for later: it would hold what was erased.
  startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=32MB', '-c', 'wal_recycle=off'],
};

const database = await openDatabase();
const bridge = await SessionBridge.open(database);

const clients = new Set<Socket>();
const server = createServer((client) => {
  clients.add(client);
  client.on('close', () => clients.delete(client));
  bridge.accept(client);
});
// Left by a process that was killed; nobody listens on it, because we hold the directory's lock.
rmSync(socket, { force: true });
server.listen(socket, () => {
  chmodSync(socket, 0o600);
  parentPort!.postMessage('ready');
});

parentPort!.once('message', () => {
  for (const client of clients) client.destroy();
  server.close(async () => {
    await bridge.close();
    await database.close();
    // The engine leaves handles behind that would keep the thread alive.
    process.exit();
  });
});

async function openDatabase(): Promise<PGlite> {
  if (pgDataDir === 'memory') {
    // What is kept in memory needs no log to come back from: as little of it as the engine takes.
    const startParams = [...settings.startParams, '-c', 'max_wal_size=32MB', '-c', 'min_wal_size=32MB'];
    return openInMemory((snapshot) => PGlite.create({ dataDir: 'memory://', ...settings, startParams, ...snapshot }));
  }
  await ensureDatabase(pgDataDir);
  // A kill can leave this file empty, which the engine refuses to start on. Our lock does its job.
  rmSync(join(pgDataDir, 'postmaster.pid'), { force: true });
  try {
    return await PGlite.create({ dataDir: pgDataDir, ...settings });
  } catch (error) {
    throw new Error(`PostgreSQL ended on its files (${(error as Error).message.split('. ')[0]}). ${RESTORE}`, { cause: error });
  }
}
