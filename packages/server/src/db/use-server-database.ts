import type pg from 'pg';
import type { Settings } from '../config.ts';
import { type Database, openDatabase } from './database.ts';
import { findRunningEmbeddedPostgres, startEmbeddedPostgres } from './embedded/embedded-postgres.ts';
import { migrate } from './migrate.ts';

/** Runs a command of the command line on the server's database, also while the server runs; leaves nothing open. */
export async function useServerDatabase<Result>(settings: Settings, command: (db: Database) => Promise<Result>): Promise<Result> {
  const { connection, close } = await connectToServerDatabase(settings);
  const db = openDatabase(connection, 1, () => {});
  try {
    await migrate(connection);
    return await command(db);
  } finally {
    await db.destroy();
    await close();
  }
}

/** How to connect to the server's database, and what to call at the end. */
export interface ServerConnection {
  readonly connection: pg.ClientConfig;
  /** Whether it is the embedded database of a server that runs. */
  readonly throughServer: boolean;
  readonly close: () => Promise<void>;
}

/** To the embedded database through the server that has it open, or alone where none has. */
export async function connectToServerDatabase(settings: Settings): Promise<ServerConnection> {
  if (settings.DATABASE_URL)
    return { connection: { connectionString: settings.DATABASE_URL }, throughServer: false, close: async () => {} };
  const running = await findRunningEmbeddedPostgres(settings.LEADS_DATA_DIR);
  if (running) return { connection: running, throughServer: true, close: async () => {} };
  const embedded = await startEmbeddedPostgres({ dataDir: settings.LEADS_DATA_DIR });
  return { connection: embedded.connection, throughServer: false, close: () => embedded.stop() };
}
