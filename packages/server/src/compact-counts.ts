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
    const [readPage, compactWorkspace] = [pageOf(table, by), compactionOf(table, by)];
    for (let place: readonly unknown[] | undefined = start; place && !signal.aborted;) {
      const begin = performance.now();
      const [page]: Page[] = await run<Page>(db, readPage, place);
      place = page?.place;
      let deleted = 0;
      for (const workspaceId of page?.workspaces ?? []) {
        if (signal.aborted) break;
        const [compacted] = await run<{ deleted: number }>(db, compactWorkspace, [workspaceId]);
        deleted += compacted!.deleted;
      }
      if (place) await pause((performance.now() - begin) * (deleted > 0 ? 1 : IDLE_PAUSES), signal);
    }
  }
}

interface Page {
  /** Those with counters that are used up. */
  readonly workspaces: readonly string[];
  /** Of its last row. */
  readonly place: readonly unknown[];
}

function pageOf(table: string, by: readonly string[]): string {
  const group = by.join(', ');
  const row = `${group}, slot`;
  const values = [...by, 'slot'].map((_, i) => `$${i + 1}`).join(', ');
  return `
    with page as materialized (
      select ${row}, count from ${table} where (${row}) > (${values}) order by ${row} limit ${PAGE_ROWS}
    )
    select (select coalesce(array_agg(distinct workspace_id::text) filter (where count <= 0), '{}') from page) as workspaces,
      json_build_array(${row}) as place
    from page order by ${[...by, 'slot'].map((column) => `${column} desc`).join(', ')} limit 1`;
}

/** Of one workspace, because on a distributed database only the rows of one can be locked in a statement. */
function compactionOf(table: string, by: readonly string[]): string {
  const group = by.join(', ');
  const row = `${group}, slot`;
  const isIn = (other: string) => [...by, 'slot'].map((column) => `${table}.${column} = ${other}.${column}`).join(' and ');
  const own = `${table}.workspace_id = $1`;
  return `
    with used_up as materialized (
      select distinct ${group} from ${table} where ${own} and count <= 0 limit ${PAGE_ROWS}
    ), locked as materialized (
      select ${row}, count from ${table} where ${own} and (${group}) in (select ${group} from used_up) order by ${row} for update skip locked
    ), kept as materialized (
      select ${group}, min(slot) as slot, sum(count) as count from locked group by ${group} having sum(count) <> 0
    ), merged as (
      update ${table} set count = kept.count from kept where ${own} and ${isIn('kept')} and ${table}.count <> kept.count
    ), gone as (
      delete from ${table} using locked where ${own} and ${isIn('locked')} and not exists (select from kept where ${isIn('kept')}) returning 1
    )
    select count(*)::integer as deleted from gone`;
}
