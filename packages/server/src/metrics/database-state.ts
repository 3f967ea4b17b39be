import { type Database, run } from '../db/database.ts';
import { KEPT_TABLES, type KeptTable, overdueSince } from '../purge.ts';

/** What an operator wants to know of a database, however much is stored in it. */
export interface DatabaseState {
  readonly openJobs: readonly { readonly kind: string; readonly status: string; readonly count: number }[];
  /** For how long the oldest job exists that has not ended; 0 where there is none. */
  readonly oldestJobSeconds: number;
  /** By table: for how long the oldest row should have been deleted; 0 where none is due. */
  readonly overdueSeconds: Readonly<Record<KeptTable, number>>;
}

// Each part reads along an index, and no further than what is open or due.
const STATE = `
  with open as materialized (select kind, status, created_at from jobs where finished_at is null)
  select
    (select coalesce(json_agg(counted), '[]') from (select kind, status, count(*) from open group by kind, status) as counted) as "openJobs",
    (select coalesce(greatest(extract(epoch from $1 - min(created_at)), 0), 0)::float8 from open) as "oldestJobSeconds",
    json_build_object(${KEPT_TABLES.map((table) => `'${table}', ${overdueSince(table)}`).join(', ')}) as "overdueSeconds"`;

/** Reads it, in one statement. */
export async function databaseState(db: Database, now: Date): Promise<DatabaseState> {
  return (await run<DatabaseState>(db, STATE, [now]))[0]!;
}
