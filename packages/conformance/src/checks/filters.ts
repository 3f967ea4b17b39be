import { BULK_SAMPLE_MAX_LEADS, EXPORT_TRAILER, type OperationId, IMPLEMENTED_OPERATIONS } from '@leads/contract';
import type { Call } from '../calls.ts';
import type { Caller } from '../caller.ts';
import type { Check, Context } from '../check.ts';
import type { ListId } from '../contract-types.ts';
import { bulkFilters, type Filter, filtersOf, type Item } from '../filters.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { identityOf, type Population, POPULATIONS } from '../populations.ts';
import { LISTS, walk } from '../walk.ts';

type Values = Readonly<Record<string, string>>;

interface Selected {
  readonly items: readonly Item[];
  readonly total?: number;
  /** Nothing that is selected was left out. */
  readonly isWhole: boolean;
}

/** What selects by filters. */
interface Selection {
  readonly name: string;
  readonly filters: readonly Filter[];
  /** Which list has the items. */
  readonly list: ListId;
  /** What is selected, at least until all of `own` is found, and how many that is where the answer says it. */
  readonly select: (caller: Caller, call: Population['params'], values: Values, own: readonly Item[]) => Promise<Selected>;
}

const SELECTIONS: readonly Selection[] = [
  ...LISTS.map(({ id }) => ({ name: id, filters: filtersOf(id), list: id, select: selectByList(id) })),
  { name: 'leads.export', filters: filtersOf('leads.export'), list: 'leads.list', select: selectByExport },
  ...IMPLEMENTED_OPERATIONS.filter(({ id }) => id.startsWith('leads.bulk')).map(({ id }) => ({
    name: id,
    filters: bulkFilters(),
    list: 'leads.list' as const,
    select: selectByDryRun(id as OperationId),
  })),
];

/** How many sets of values are tried of each two filters. */
const PAIRS_TRIED = 5;

/** Each filter selects exactly what it should: alone, and with each other. */
export const filterChecks: readonly Check[] = SELECTIONS.flatMap((selection) => [
  ...selection.filters.flatMap((filter) => [
    {
      name: `filters: ${selection.name} by ${filter.name}`,
      async run(context: Context) {
        const population = await context.once(POPULATIONS[selection.list]);
        // Those of another source tell the filter from the scope.
        for (const value of filter.values(population.items)) await check(context, selection, population, { [filter.name]: value });
        if (!population.scope || filter.name in population.scope) return;
        for (const value of filter.values(population.items)) {
          await check(context, selection, population, { ...population.scope, [filter.name]: value });
        }
      },
    },
  ]),
  ...pairsOf(selection.filters).map(([one, two]) => ({
    name: `filters: ${selection.name} by ${one.name} and ${two.name}`,
    async run(context: Context) {
      const population = await context.once(POPULATIONS[selection.list]);
      for (const values of telling(one, two, population)) await check(context, selection, population, { ...population.scope, ...values });
    },
  })),
]).concat(
  LISTS.flatMap(({ id }) => filtersOf(id).map((filter) => ({ id, filter }))).map(({ id, filter }) => ({
    name: `filters: ${id} by ${filter.name}, on the next page, too`,
    async run(context: Context) {
      const { items, params } = await context.once(POPULATIONS[id]);
      const several = filter.values(items).filter((value) => items.filter((item) => filter.selects(item, value)).length > 1);
      for (const value of several.slice(0, PAIRS_TRIED)) {
        const listing = { ...(params && { params }), query: { limit: 1, [filter.name]: value } };
        const found = (await walk(context.caller, id, listing, ({ length }) => length > 2)).items;
        demand(found.length > 1, `${value} selects ${found.length}`);
        demandEqual(found.filter((item) => !filter.selects(item, value)).map(identityOf), [], `what ${value} selects and should not`);
      }
    },
  })),
);

/** What is selected does not depend on how it is asked for. */
export const filteredOrderChecks: readonly Check[] = [
  ...filtersOf('leads.list').map((filter): Check => ({
    name: `filters: leads.list by ${filter.name} selects the same in each order, by cursor and by number`,
    async run({ caller, once }) {
      const { items, scope } = await once(POPULATIONS['leads.list']);
      const [value, expected] = mostTelling(filter, items, scope ?? {});
      for (const sortBy of sortsOf('sortBy')) {
        for (const sortOrder of sortsOf('sortOrder')) {
          const query = { ...scope, [filter.name]: value, sortBy, sortOrder, limit: 3 };
          const { items: found, pages } = await walk(caller, 'leads.list', { query });
          demandEqual(idsOf(found), expected, `what ${value} selects by ${sortBy}, ${sortOrder}`);
          demandEqual(pages[0]!.total, expected.length, 'its total');
          const { leads, pagination } = (await caller.call('leads.list', { query: { ...query, page: 2 } })).body.data;
          demandEqual([leads, pagination.total], [found.slice(3, 6), expected.length], 'the second page, and its total');
        }
      }
    },
  })),
  ...filtersOf('leads.export').map((filter): Check => ({
    name: `filters: leads.export as csv by ${filter.name}`,
    async run({ caller, once }) {
      const { items, scope } = await once(POPULATIONS['leads.list']);
      const [value, expected] = mostTelling(filter, items, scope ?? {});
      const { text, trailers } = await caller.call('leads.export', { query: { ...scope, [filter.name]: value, format: 'csv' } });
      demandEqual(text.match(/^lead_[0-9a-z]+(?=,)/gm) ?? [], expected, `what ${value} selects`);
      demandEqual(trailers[EXPORT_TRAILER.toLowerCase()], String(expected.length), EXPORT_TRAILER);
    },
  })),
];

function sortsOf(name: 'sortBy' | 'sortOrder'): readonly string[] {
  return LISTS.find(({ id }) => id === 'leads.list')!.parameters.find((each) => each.name === name)!.bounds.enum!;
}

/** A value of a filter that selects some of the items of a scope and leaves others, and which those are. */
function mostTelling(filter: Filter, items: readonly Item[], scope: Readonly<Record<string, string>>): [string, string[]] {
  // A filter takes the place of the scope where it is the same.
  const within = Object.entries(scope).filter(([name]) => name !== filter.name);
  const own = items.filter((item) => within.every(([name, value]) => item[name] === value));
  const chosen = filter.values(items).map((value): [string, string[]] => [value, idsOf(own.filter((item) => filter.selects(item, value)))]);
  return chosen.toSorted(([, a], [, b]) => Math.abs(a.length - own.length / 2) - Math.abs(b.length - own.length / 2))[0]!;
}

function idsOf(items: readonly Item[]): string[] {
  return items.map(identityOf).toSorted();
}

function pairsOf(filters: readonly Filter[]): [Filter, Filter][] {
  return filters.flatMap((one, i) => filters.slice(i + 1).map((two): [Filter, Filter] => [one, two]));
}

/** Values of two filters that each take something away which the other leaves, and then some that leave nothing. */
function telling(one: Filter, two: Filter, { items, scope = {} }: Population): Values[] {
  const within = items.filter((item) => Object.entries(scope).every(([name, value]) => item[name] === value));
  const all = one.values(items).flatMap((first) => two.values(items).map((second) => ({ [one.name]: first, [two.name]: second })));
  const worth = (values: Values) => {
    const [byOne, byTwo] = [one, two].map((filter) => within.filter((item) => filter.selects(item, values[filter.name]!)));
    const byBoth = byOne!.filter((item) => byTwo!.includes(item)).length;
    return (byBoth > 0 ? 1 : 0) + (byBoth < byOne!.length ? 1 : 0) + (byBoth < byTwo!.length ? 1 : 0);
  };
  return all.toSorted((a, b) => worth(b) - worth(a)).slice(0, PAIRS_TRIED);
}

async function check({ caller }: Context, selection: Selection, population: Population, values: Values): Promise<void> {
  const matching = (item: Item) =>
    selection.filters.every(({ name, selects }) => values[name] === undefined || selects(item, values[name]));
  const own = population.items.filter(matching);
  const { items, total, isWhole } = await selection.select(caller, population.params, values, own);
  const what = `what ${JSON.stringify(values)} selects`;
  demandEqual(items.filter((item) => !matching(item)).map(identityOf), [], `${what} and should not`);
  const found = new Set(items.map(identityOf));
  if (isWhole)
    demandEqual(
      own.map(identityOf).filter((id) => !found.has(id)),
      [],
      `${what} and does not`,
    );
  if (total === undefined) return;
  const isAlone = Object.entries(population.scope ?? { ever: '' }).every(([name, value]) => values[name] === value);
  demand(isAlone ? total === own.length : total >= own.length, `${what}: counted ${total}, not ${own.length}`);
}

function selectByList(id: ListId): Selection['select'] {
  return async (caller, params, query, own) => {
    const holdsOwn = (found: readonly Item[]) => {
      const ids = new Set(found.map(identityOf));
      return own.every((item) => ids.has(identityOf(item)));
    };
    const listing = { ...(params && { params }), query: { limit: 100, ...query } };
    const { items, pages, isWhole } = await walk(caller, id, listing, holdsOwn);
    return { items, isWhole, ...(pages[0]?.total !== undefined && { total: pages[0].total }) };
  };
}

async function selectByExport(caller: Caller, _: unknown, query: Values): Promise<Selected> {
  const { text } = await caller.call('leads.export', { query });
  const lines = text.split('\n').filter(Boolean);
  const records = lines.map((line) => JSON.parse(line) as { readonly lead?: Item });
  // A last line may say how many there are.
  return { items: records.flatMap(({ lead }) => (lead ? [lead] : [])), isWhole: true };
}

function selectByDryRun(operation: OperationId): Selection['select'] {
  return async (caller, _, values) => {
    const filter = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, name === 'archived' ? value === 'true' : value]),
    );
    const call: Call = { body: { filter, dryRun: true } };
    const { count, sample } = (await caller.call(operation, call)).body.data;
    return { items: sample, total: count, isWhole: sample.length < BULK_SAMPLE_MAX_LEADS };
  };
}
