import { type contract, TOTAL_COUNT_MAX } from '@leads/contract';
import type { ServerInferRequest } from '@ts-rest/core';
import { run, runShort, UNPREPARED } from '../db/database.ts';
import { decodeCursor, encodeCursor, isMoment, isText } from '../http/cursor.ts';
import type { OperationHandler } from '../http/implement.ts';
import { filterConditions, type LeadFilter, textIndexCondition } from './lead-filter.ts';
import { SHOWN_COLUMNS, type ShownRow, toLead } from './lead-fields.ts';
import { MainWorkspace } from './main-workspace.ts';

type Query = ServerInferRequest<typeof contract.leads.list>['query'];
type SortBy = Query['sortBy'];

/** The columns that a list is sorted by, all in one direction; the last makes the order total, and an index serves each. */
const SORT_COLUMNS: Record<SortBy, readonly SortColumn[]> = {
  createdAt: ['created_at', 'id'],
  updatedAt: ['updated_at', 'id'],
  name: ['name_lower', 'id'],
  email: ['email_lower', 'id'],
  status: ['status', 'created_at', 'id'],
};

/** How many leads tell whether many match a search. */
const SAMPLE_LEADS = 200;

type SortColumn = 'created_at' | 'updated_at' | 'name_lower' | 'email_lower' | 'status' | 'id';

/** Where a walk stands: the sort values of the last lead of a page, and how many pages came before. */
interface Position {
  readonly sort: string;
  readonly after: readonly string[];
  readonly page: number;
}

/** `leads.list`: one page of leads. One statement, two for a search that matches many; it costs the same however many leads there are, but for deep numbered pages. */
export function listLeads(): OperationHandler<typeof contract.leads.list> {
  const mainWorkspace = new MainWorkspace();
  return async ({ query, caller, db }) => {
    const position = query.cursor === undefined ? undefined : positionOf(query.cursor, query);
    const page = position ? position.page + 1 : (query.page ?? 1);
    const { page: _page, limit, sortBy, sortOrder, cursor: _cursor, ...filter } = query;
    const part = { sortBy, sortOrder, limit, position, offset: position ? 0 : (page - 1) * limit };
    const isMain = filter.search !== undefined && mainWorkspace.is(caller.workspaceId, db);
    const statements = listStatements(caller.workspaceId, isMain, filter, part);
    // Along an index from its start or from where the cursor stands, nothing is passed over but what a filter leaves out.
    const isShort = part.offset === 0 && Object.values(filter).every((value) => value === undefined);
    const send = isShort ? runShort : run;
    const read = (sql: string, values = statements.values) => send<PageRow>(db, sql, values);
    let rows: PageRow[];
    let total: number;
    if (!statements.search) {
      rows = await read(statements.page);
      // The total comes with the rows; a page without rows has none to bring it.
      total = rows[0]?.total ?? (await read(statements.total, statements.totalValues))[0]!.total;
    } else {
      // How many leads a search matches decides how its page is best read.
      const found = await read(statements.search.sql, statements.search.values);
      total = found[0]!.total;
      rows = total > TOTAL_COUNT_MAX ? await read(statements.page) : found.filter(({ id }) => id !== null);
    }
    const hasNext = rows.length > query.limit;
    const leads = rows.slice(0, query.limit);
    const last = leads.at(-1);
    return {
      status: 200,
      body: {
        success: true,
        data: {
          leads: leads.map(toLead),
          pagination: {
            page,
            limit: query.limit,
            total,
            totalPages: Math.ceil(total / query.limit),
            hasNext,
            hasPrev: page > 1,
            nextCursor:
              hasNext && last
                ? encodeCursor({ sort: sortOf(query), after: sortValues(query.sortBy, last), page } satisfies Position)
                : null,
          },
        },
      },
    };
  };
}

/** A lead, what the list is sorted by, and how many leads there are. */
type PageRow = ShownRow & Readonly<Record<SortColumn, string>> & { readonly total: number };

function sortOf({ sortBy, sortOrder }: Query): string {
  return `${sortBy} ${sortOrder}`;
}

function sortValues(sortBy: SortBy, row: PageRow): string[] {
  return SORT_COLUMNS[sortBy].map((column) => row[column]);
}

function positionOf(cursor: string, query: Query): Position {
  const columns = SORT_COLUMNS[query.sortBy];
  return decodeCursor(cursor, (value): value is Position => {
    const { sort, after, page } = (value ?? {}) as Partial<Position>;
    return (
      sort === sortOf(query) &&
      Array.isArray(after) &&
      after.length === columns.length &&
      columns.every((column, i) => (column.endsWith('_at') ? isMoment(after[i]) : isText(after[i]))) &&
      Number.isSafeInteger(page) &&
      page! >= 1 &&
      page! < Number.MAX_SAFE_INTEGER
    );
  });
}

/** Which part of the leads that match is read, and in which order. */
interface Part {
  readonly sortBy: SortBy;
  readonly sortOrder: 'asc' | 'desc';
  readonly limit: number;
  readonly position: Position | undefined;
  readonly offset: number;
}

function listStatements(
  workspaceId: string,
  isMain: boolean,
  filter: LeadFilter,
  { sortBy, sortOrder: direction, limit: pageLimit, position, offset }: Part,
) {
  const values: unknown[] = [workspaceId];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  // First, because the counters have these two columns only.
  const { status, source, ...others } = filter;
  const counted = ['workspace_id = $1', ...filterConditions({ status, source }, parameter)];
  const uncounted = filterConditions(others, parameter);
  const matching = [...counted, ...uncounted].join(' and ');
  const total =
    uncounted.length === 0
      ? `select coalesce(sum(count), 0)::integer as total from lead_counts where ${counted.join(' and ')}`
      : `select count(*)::integer as total from (select 1 from leads where ${matching} limit ${TOTAL_COUNT_MAX + 1}) as counted`;
  const totalValues = [...values];

  const columns = SORT_COLUMNS[sortBy];
  const after = position
    ? ` and (${columns.join(', ')}) ${direction === 'asc' ? '>' : '<'} (${position.after.map(parameter).join(', ')})`
    : '';
  // One more than the page, to know whether there is a next one.
  const limit = parameter(pageLimit + 1);
  const skip = offset === 0 ? '' : ` offset ${parameter(offset)}`;
  const order = `order by ${columns.map((column) => `${column} ${direction}`).join(', ')}`;
  const { search } = filter;
  const hint = search === undefined ? '' : UNPREPARED;
  const totalColumn = search === undefined ? `, (${total}) as total` : '';
  const shown = [...new Set<string>([...SHOWN_COLUMNS, ...columns])].join(', ');
  return {
    total: hint + total,
    totalValues,
    // Along the index of the order, until the page is full: right where many leads match.
    page: `${hint}select ${shown}${totalColumn} from leads where ${matching}${after} ${order} limit ${limit}${skip}`,
    values,
    ...(search !== undefined && { search: searchStatement(search) }),
  };

  function searchStatement(text: string) {
    const searchValues = [...values];
    const searchParameter = (value: unknown) => `$${searchValues.push(value)}`;
    // All matches first, then their order: where few match, the index of the order would be read to its end.
    // Where a sample says that many do, or the workspace is small, they are found faster without the index of texts.
    const sql = `${hint}with sample as materialized (
        select count(*) < ${SAMPLE_LEADS} or count(*) filter (where ${filterConditions({ search: text }, searchParameter).join('')}) >= ${SAMPLE_LEADS} / 10 as common
        from (select name_lower, email_lower from leads where workspace_id = $1 limit ${SAMPLE_LEADS}) as first
      ), matching as materialized (
        (select ${columns.join(', ')} from leads where (select common from sample) and ${matching}
          order by created_at desc, id desc limit ${TOTAL_COUNT_MAX + 1})
        union all
        (select ${columns.join(', ')} from leads where (select not common from sample) and ${textIndexCondition(text, isMain ? undefined : '$1', searchParameter)} and ${matching}
          limit ${TOTAL_COUNT_MAX + 1})
      ), counted as materialized (select count(*)::integer as total from matching)
      select total, page.* from counted left join lateral (
        select ${shown} from leads
        where total <= ${TOTAL_COUNT_MAX} and workspace_id = $1
          and id = any(array(select id from matching where true${after} ${order} limit ${limit}${skip}))
      ) as page on true ${order}`;
    return { sql, values: searchValues };
  }
}
