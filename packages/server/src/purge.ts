import { setTimeout } from 'node:timers/promises';
import { JOB_RETENTION_DAYS } from '@leads/contract';
import type { Logger } from 'pino';
import { type Database, run } from './db/database.ts';
import { inTransaction } from './db/transaction.ts';
import { ANSWER_KEPT_HOURS } from './http/idempotency.ts';
import { COUNT_KEPT_SECONDS } from './rate-limit/share-counts.ts';

/** What is kept for a time: the moment from which it counts, and for how long. The database's own moments go by its own clock. */
const KEPT = {
  backups: { since: 'expires_at', interval: '0', until: '$1' },
  idempotency_keys: { since: 'created_at', interval: `${ANSWER_KEPT_HOURS} hours`, until: '$1' },
  jobs: { since: 'finished_at', interval: `${JOB_RETENTION_DAYS} days`, until: '$1' },
  request_counts: { since: 'counted_at', interval: `${COUNT_KEPT_SECONDS} seconds`, until: 'least(now(), $1)' },
} as const;

/** Whose a row of a table is: rows are deleted workspace by workspace, and the counts of a key are of one. */
const WORKSPACE = {
  backups: 'workspace_id',
  idempotency_keys: 'workspace_id',
  jobs: 'workspace_id',
  request_counts: 'key_id',
} as const satisfies Record<KeptTable, string>;

/** How long a batch should take, in milliseconds: nobody waits for longer behind it. */
const BATCH_TARGET_MS = 100;
const BATCH_MAX_ROWS = 5_000;
const FIRST_BATCH_ROWS = 100;
/** After so many batches whose rows others had locked or deleted it leaves the rest to the next run. */
const MAX_IN_VAIN = 10;
/** How often it says how far behind it is, in milliseconds. */
const TELL_EVERY_MS = 10_000;

/** A table whose rows are deleted once they were kept for long enough. */
export type KeptTable = keyof typeof KEPT;

/** Every such table. */
export const KEPT_TABLES = Object.keys(KEPT) as KeptTable[];

/** As SQL, with `$1` for now: for how many seconds the oldest row of a table should have been gone; 0 where none is due. */
export function overdueSince(table: KeptTable): string {
  return `(select greatest(extract(epoch from ${endOf(table)} - min(${KEPT[table].since})), 0)::float8 from ${table})`;
}

/** As SQL, with `$1` for now: rows of a table from up to this moment are due. */
function endOf(table: KeptTable): string {
  const { until, interval } = KEPT[table];
  return `(${until}::timestamptz - interval '${interval}')`;
}

/** Is told of each batch. */
type OnDeleted = (table: KeptTable, rows: number) => void;

/**
 * Deletes what has been kept for long enough: backups, stored answers, finished jobs, counts of the rate limit. It goes in
 * batches, each a transaction that takes about a tenth of a second, with a pause as long between them: half of one connection at
 * the most. What is left when it ends goes on with the next run, here or on another instance.
 */
export class Purge {
  readonly #db: Database;
  readonly #now: () => Date;
  readonly #logger: Logger;
  readonly #onDeleted: OnDeleted;
  /** Whether it must go workspace by workspace. */
  #byWorkspace: boolean | undefined;
  /** How many rows of a table a batch has; kept, so that one that took too long is smaller the next time. */
  readonly #batchRows = new Map<KeptTable, number>();

  constructor(db: Database, now: () => Date, logger: Logger, onDeleted: OnDeleted = () => {}) {
    this.#db = db;
    this.#now = now;
    this.#logger = logger;
    this.#onDeleted = onDeleted;
  }

  /** Deletes until nothing is left, or the signal is given: then it ends after the batch under way. */
  async run(signal: AbortSignal): Promise<void> {
    for (const table of KEPT_TABLES) await this.#purge(table, signal);
  }

  async #purge(table: KeptTable, signal: AbortSignal): Promise<void> {
    let total = 0;
    let toldAt = performance.now();
    let inVain = 0;
    while (!signal.aborted) {
      const size = this.#batchRows.get(table) ?? FIRST_BATCH_ROWS;
      const start = performance.now();
      // Until it succeeds: one that runs into the time limit is smaller the next time.
      this.#batchRows.set(table, Math.max(1, size >> 1));
      const { found, deleted, behind } = await this.#deleteBatch(table, size);
      const took = performance.now() - start;
      if (took < BATCH_TARGET_MS) this.#batchRows.set(table, Math.min(BATCH_MAX_ROWS, size * 2));
      total += deleted;
      if (deleted > 0) this.#onDeleted(table, deleted);
      inVain = deleted > 0 ? 0 : inVain + 1;
      if (found < size || inVain === MAX_IN_VAIN) break;
      if (performance.now() - toldAt > TELL_EVERY_MS) {
        toldAt = performance.now();
        this.#logger.info({ table, deleted: total, secondsBehind: behind }, 'purging; there is more');
      }
      await setTimeout(took, undefined, { signal, ref: false }).catch(() => {});
    }
    if (total > 0) this.#logger.info({ table, deleted: total }, 'purged');
  }

  async #deleteBatch(table: KeptTable, rows: number): Promise<Batch> {
    this.#byWorkspace ??= (await run<{ has: boolean }>(this.#db, HAS_CITUS, []))[0]!.has;
    const now = this.#now();
    if (this.#byWorkspace) return deleteByWorkspace(this.#db, table, now, rows);
    const { since } = KEPT[table];
    const end = endOf(table);
    // `behind`: for how long the newest of the batch should have been gone.
    const sql = `
      with batch as materialized (
        select ctid as place, ${since} as since from ${table} where ${since} <= ${end} order by ${since} limit $2 for update skip locked
      ), gone as (delete from ${table} where ctid = any(array(select place from batch)))
      select count(*)::integer as found, count(*)::integer as deleted, coalesce(extract(epoch from ${end} - max(since)), 0)::integer as behind
      from batch`;
    return (await run<Batch>(this.#db, sql, [now, rows]))[0]!;
  }
}

interface Batch {
  /** How many rows were due; somebody may have had some of them in use. */
  readonly found: number;
  readonly deleted: number;
  readonly behind: number;
}

const HAS_CITUS = `select exists (select from pg_extension where extname = 'citus') as has`;

/** The same where a statement can lock the rows of one workspace only: first which are due, then those of each workspace. */
async function deleteByWorkspace(db: Database, table: KeptTable, now: Date, rows: number): Promise<Batch> {
  const { since } = KEPT[table];
  const end = endOf(table);
  const whose = WORKSPACE[table];
  const due = await run<{ workspace: string; places: string[] }>(
    db,
    `select workspace, array_agg(place::text) as places
     from (select ${whose} as workspace, ctid as place from ${table} where ${since} <= ${end} order by ${since} limit $2) as due
     group by workspace`,
    [now, rows],
  );
  const sql = `
    with batch as materialized (
      select ctid as place, ${since} as since from ${table}
      where ${whose} = $2 and ctid = any($3::tid[]) and ${since} <= ${end} for update skip locked
    ), gone as (delete from ${table} where ${whose} = $2 and ctid = any(array(select place from batch)))
    select count(*)::integer as deleted, coalesce(extract(epoch from ${end} - max(since)), 0)::integer as behind from batch`;
  const batches = await inTransaction(db, (transaction) =>
    Promise.all(due.map(async ({ workspace, places }) => (await run<Batch>(transaction, sql, [now, workspace, places]))[0]!)),
  );
  return {
    found: due.reduce((sum, { places }) => sum + places.length, 0),
    deleted: batches.reduce((sum, { deleted }) => sum + deleted, 0),
    behind: Math.min(...batches.map(({ behind }) => behind)),
  };
}
