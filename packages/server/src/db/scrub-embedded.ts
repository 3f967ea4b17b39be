import { sql } from 'kysely';
import { type Database, run } from './database.ts';

/** The tables with personal data. */
const TABLES = ['leads', 'activities', 'backups', 'idempotency_keys', 'jobs'];

// A server that ends in between leaves `running`, and the next one begins anew. What is erased meanwhile sets `needed` again.
const BEGIN = 'update scrubbing set needed = false, running = true where needed or running returning running';
const END = 'update scrubbing set running = false';

/**
 * Takes what was erased out of the files of the embedded database, where anything was since the last time. Deleted rows stay in the
 * files, and in the write-ahead log, until something is written over them: so the tables are written anew, and the log begins
 * anew. Requests wait meanwhile: for 100,000 leads, seconds.
 */
export async function scrubEmbedded(db: Database): Promise<void> {
  if ((await run(db, BEGIN, [])).length === 0) return;
  for (const table of TABLES) await sql`vacuum (full, analyze) ${sql.table(table)}`.execute(db);
  // The first one writes the old log's pages and ends its use, the second one deletes its files.
  await sql`checkpoint`.execute(db);
  await sql`select pg_switch_wal()`.execute(db);
  await sql`checkpoint`.execute(db);
  await run(db, END, []);
}
