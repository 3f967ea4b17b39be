import { type Database, run } from '../db/database.ts';

/** How long an answer is believed, in milliseconds. */
const BELIEVED_MS = 60_000;
/** How much of all leads it has to have. */
const SHARE = 0.9;

/**
 * By the statistics that PostgreSQL keeps: they cost nothing to read, and a wrong answer costs time only. Those of a table whose rows
 * Citus has moved to other machines stay as they were, and tell nothing.
 */
const SQL = `select (most_common_vals::text::text[])[1] as id from pg_stats
  where schemaname = current_schema and tablename = 'leads' and attname = 'workspace_id' and most_common_freqs[1] > ${SHARE}
    and pg_relation_size('leads') > 0`;

/** The workspace that has nearly all leads of the database, where one has. */
export async function mainWorkspaceOf(db: Database): Promise<string | undefined> {
  const [row] = await run<{ id: string }>(db, SQL, []);
  return row?.id;
}

/** What is known of it: asked of the database at most once a minute, when somebody wants to know. */
export class MainWorkspace {
  #id: string | undefined;
  #askedAt = -Infinity;

  /** Whether it is this one, as far as is known. Nobody waits for the answer, or fails with it: it may be another workspace that asked. */
  is(workspaceId: string, db: Database): boolean {
    if (Date.now() - this.#askedAt > BELIEVED_MS) {
      this.#askedAt = Date.now();
      mainWorkspaceOf(db).then(
        (id) => (this.#id = id),
        () => {},
      );
    }
    return this.#id === workspaceId;
  }
}
