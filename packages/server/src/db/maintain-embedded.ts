import { sql } from 'kysely';
import { type Database, run } from './database.ts';

/** How many rows of a table must have changed before it is worth cleaning: as autovacuum's defaults, a fifth of it and 1,000. */
const CHANGED = `
  select relname as table from pg_stat_user_tables
  where n_mod_since_analyze > 1000 + n_live_tup * 0.2 or n_dead_tup > 1000 + n_live_tup * 0.2`;

/**
 * Does what autovacuum does on a PostgreSQL server and nobody does in the embedded database: takes away dead rows and
 * refreshes the planner's statistics, for the tables that changed much. Requests wait meanwhile: for 1,000,000 leads, seconds.
 */
export async function maintainEmbedded(db: Database): Promise<void> {
  for (const { table } of await run<{ table: string }>(db, CHANGED, [])) {
    await sql`vacuum (analyze) ${sql.table(table)}`.execute(db);
  }
}
