import { type contract, LeadStatusSchema, STATS_MAX_DAYS, STATS_MAX_SOURCES } from '@leads/contract';
import type { Deps } from '../deps.ts';
import { run } from '../db/database.ts';
import type { OperationHandler } from '../http/implement.ts';

const DAYS_WHEN_LEFT_OUT = 30;
const DAY_MS = 86_400_000;
/** PostgreSQL has no year 0. */
const FIRST_DAY = '0001-01-01';

const STATS = `
  with counts as (
    select status, nullif(source, '') as source, sum(count)::integer as count from lead_counts where workspace_id = $1 group by 1, 2 having sum(count) > 0
  ), sources as (
    select source, sum(count)::integer as count, row_number() over (order by sum(count) desc, source nulls last) as place from counts group by 1
  )
  select
    (select coalesce(sum(count), 0)::integer from counts) as total,
    (select coalesce(jsonb_object_agg(status, count), '{}') from (select status, sum(count) as count from counts group by 1) as statuses) as by_status,
    (select coalesce(jsonb_agg(jsonb_build_object('source', source, 'count', count) order by place), '[]')
      from sources where place <= ${STATS_MAX_SOURCES}) as by_source,
    (select coalesce(sum(count), 0)::integer from sources where place > ${STATS_MAX_SOURCES}) as other_sources,
    (select coalesce(jsonb_agg(jsonb_build_object('day', day, 'count', count) order by day), '[]') from (
      select day, sum(count) as count from lead_counts_by_day
      where workspace_id = $1 and day between $2 and $3 group by 1 having sum(count) > 0) as days) as by_day`;

interface Stats {
  readonly total: number;
  readonly by_status: Readonly<Record<string, number>>;
  readonly by_source: { source: string | null; count: number }[];
  readonly other_sources: number;
  readonly by_day: { day: string; count: number }[];
}

/** `leads.stats`: how many leads there are, from the counters that are kept with every change. */
export function leadStats({ now }: Deps): OperationHandler<typeof contract.leads.stats> {
  return async ({ query, caller, refuse, db }) => {
    const to = query.to ?? dayOf(now().getTime());
    const from = query.from ?? dayOf(Math.max(Date.parse(FIRST_DAY), Date.parse(to) - (DAYS_WHEN_LEFT_OUT - 1) * DAY_MS));
    const span = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
    if (span < 1 || span > STATS_MAX_DAYS) {
      const message =
        span < 1 ? 'Must not be after to, which is today when left out' : `Must not be more than ${STATS_MAX_DAYS - 1} days before to`;
      throw refuse('VALIDATION_ERROR', { issues: [{ location: 'query.from', message, code: 'custom' }] });
    }
    const [row] = await run<Stats>(db, STATS, [caller.workspaceId, from < FIRST_DAY ? FIRST_DAY : from, to < FIRST_DAY ? FIRST_DAY : to]);
    const { total, by_status: byStatus, by_source: bySource, other_sources: otherSources, by_day: byDay } = row!;
    const everyStatus = LeadStatusSchema.options.map((status) => [status, byStatus[status] ?? 0] as const);
    return {
      status: 200,
      body: {
        success: true,
        data: {
          total,
          byStatus: Object.fromEntries(everyStatus) as Record<(typeof everyStatus)[number][0], number>,
          bySource,
          otherSources,
          byDay,
        },
      },
    };
  };
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
