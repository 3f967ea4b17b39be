import { setTimeout } from 'node:timers/promises';
import { type Database, run } from './db/database.ts';

/** The tables of counters, each with what it counts by and with a place before all of its rows. */
const COUNTERS = [
  { table: 'lead_counts', by: ['workspace_id', 'status', 'source'], start: ['', '', '', -1] },
  { table: 'lead_counts_by_day', by: ['workspace_id', 'day'], start: ['', '-infinity', -1] },
] as const;

/** How many rows are looked at in one statement. */
const PAGE_ROWS = 5_000;
/** How much longer than a page the pause is behind it, where there was nothing to do. */
const IDLE_PAUSES = 9;

/** Waits, in milliseconds, but no longer than until the signal is given. */
type Pause = (milliseconds: number, signal: AbortSignal) => Promise<unknown>;

const pauseFor: Pause = (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal, ref: false }).catch(() => {});

/**
 * Takes away the counters that are used up: where one of several for the same thing is not above zero, they become one, or none
 * where nothing is left to count. A counter that is in use at the moment is passed over, so nobody waits and every sum stays as it
 * is. It goes through the tables in small pages, until the end or until the signal is given.
 */
export async function compactCounts(db: Database, signal: AbortSignal, pause = pauseFor): Promise<void> {
  for (const { table, by, start } of COUNTERS) {
    const sql = compactPage(table, by);
    for (let place: readonly unknown[] | undefined = start; place && !signal.aborted;) {
      const begin = performance.now();
      const [page]: Page[] = await run<Page>(db, sql, place);
      place = page?.place;
      const pauses = page && page.deleted > 0 ? 1 : IDLE_PAUSES;
      if (place) await pause((performance.now() - begin) * pauses, signal);
    }
  }
}

interface Page {
  readonly deleted: number;
  /** Of its last row. */
  readonly place: readonly unknown[];
}

function compactPage(table: string, by: readonly string[]): string {
  const group = by.join(', ');
  const row = `${group}, slot`;
  const isIn = (other: string) => [...by, 'slot'].map((column) => `${table}.${column} = ${other}.${column}`).join(' and ');
  const values = [...by, 'slot'].map((_, i) => `$${i + 1}`).join(', ');
  return `
    with page as materialized (
      select ${row}, count from ${table} where (${row}) > (${values}) order by ${row} limit ${PAGE_ROWS}
    ), used_up as materialized (
      select distinct ${group} from page where count <= 0
    ), locked as materialized (
      select ${row}, count from ${table} where (${group}) in (select ${group} from used_up) order by ${row} for update skip locked
    ), kept as materialized (
      select ${group}, min(slot) as slot, sum(count) as count from locked group by ${group} having sum(count) <> 0
    ), merged as (
      update ${table} set count = kept.count from kept where ${isIn('kept')} and ${table}.count <> kept.count
    ), gone as (
      delete from ${table} using locked where ${isIn('locked')} and not exists (select from kept where ${isIn('kept')}) returning 1
    )
    select (select count(*)::integer from gone) as deleted, json_build_array(${row}) as place from page order by ${group} desc, slot desc limit 1`;
}
