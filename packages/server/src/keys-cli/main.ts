import { ConfigError, readSettings, type Settings } from '../config.ts';
import { openDatabase } from '../db/database.ts';
import { findRunningEmbeddedPostgres, startEmbeddedPostgres } from '../db/embedded/embedded-postgres.ts';
import { migrate } from '../db/migrate.ts';
import { newId } from '../ids.ts';
import { readArguments, UsageError } from './arguments.ts';
import { runKeysCommand } from './run-keys-command.ts';

try {
  const command = readArguments(process.argv.slice(2), new Date());
  const { connection, close } = await connect(readSettings(process.env));
  const db = openDatabase(connection, 1, () => {});
  try {
    await migrate(db);
    console.log(await runKeysCommand({ db, now: () => new Date(), newId }, command));
  } finally {
    await db.destroy();
    await close();
  }
} catch (error) {
  const expected = error instanceof UsageError || error instanceof ConfigError;
  console.error(expected ? error.message : error);
  process.exitCode = expected ? 2 : 1;
}

/** The server's database: on the embedded one through the server that has it open, or alone where none has. */
async function connect(settings: Settings) {
  if (settings.DATABASE_URL) return { connection: { connectionString: settings.DATABASE_URL }, close: async () => {} };
  const running = await findRunningEmbeddedPostgres(settings.LEADS_DATA_DIR);
  if (running) return { connection: running, close: async () => {} };
  const embedded = await startEmbeddedPostgres({ dataDir: settings.LEADS_DATA_DIR });
  return { connection: embedded.connection, close: () => embedded.stop() };
}
