import type { ListId } from '../contract-types.ts';
import type { Check, Context } from '../check.ts';
import type { Item } from '../filters.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { identityOf, type Population, POPULATIONS } from '../populations.ts';
import { newEmail, newRecord, newSource } from '../valid-calls.ts';
import { type Listing, LISTS, readPage, walk } from '../walk.ts';

/** By what each list is ordered, latest first but for that of ids; null where the contract leaves it open. */
const ORDERS: Readonly<Record<ListId, { readonly by: string; readonly latestFirst: boolean } | null>> = {
  'leads.list': { by: 'createdAt', latestFirst: true },
  'activities.list': { by: 'occurredAt', latestFirst: true },
  'campaigns.list': { by: 'createdAt', latestFirst: true },
  'campaigns.listLeads': { by: 'leadId', latestFirst: false },
  'backups.list': { by: 'createdAt', latestFirst: true },
  'jobs.list': { by: 'createdAt', latestFirst: true },
  'jobs.listOutcomes': null,
  'auditLog.list': { by: 'at', latestFirst: true },
  'apiKeys.list': { by: 'createdAt', latestFirst: true },
};

const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** Every list: whole, in order, at any size of a page, and with what it says of itself. */
export const listChecks: readonly Check[] = [
  ...LISTS.flatMap(({ id, parameters }): Check[] => {
    const parameter = (name: string) => parameters.find((each) => each.name === name);
    const limit = Number(parameter('limit')!.bounds.default);
    const sorts = (name: string) => parameter(name)?.bounds.enum ?? [];
    return [
      {
        name: `lists: ${id} shows each item once, as it is, whatever the size of a page`,
        async run(context) {
          const { own, listing, isWhole } = await ownItems(context, id);
          for (const size of [3, 7, limit, own.length - 1, own.length, own.length + 1]) {
            const { items, pages } = await walk(context.caller, id, { ...listing, query: { ...listing.query, limit: size } }, holds(own));
            demandEqual(sorted(items.filter(isOneOf(own))), sorted(own), `pages of ${size}`);
            if (isWhole)
              demandEqual([items.length, pages.length], [own.length, Math.ceil(own.length / size)], `items and pages of ${size}`);
            demandEqual(new Set(items.map(identityOf)).size, items.length, 'different items');
            for (const [n, page] of pages.entries()) checkPage(page, n + 1, size, isWhole ? own.length : undefined);
          }
        },
      },
      {
        name: `lists: ${id} has ${limit} items on a page when limit is left out`,
        async run(context) {
          const { listing } = await ownItems(context, id);
          const { page } = await readPage(context.caller, id, listing);
          demandEqual([page.limit, page.count, page.hasNext], [limit, limit, true], 'limit, items and hasNext');
        },
      },
      {
        name: `lists: ${id} has moments to the millisecond`,
        async run(context) {
          const { own } = await ownItems(context, id);
          const names = new Set(own.flatMap((item) => Object.keys(item).filter((name) => MOMENT.test(String(item[name])))));
          for (const name of names)
            demand(
              own.some((item) => !/000Z$|null/.test(String(item[name]))),
              `each ${name} is a whole second`,
            );
        },
      },
      {
        name: `lists: ${id} is in its order`,
        async run(context) {
          const { own, listing } = await ownItems(context, id);
          const { items } = await walk(context.caller, id, { ...listing, query: { ...listing.query, limit: 100 } });
          const order = ORDERS[id];
          if (order) checkOrder(items.filter(isOneOf(own)), order.by, !order.latestFirst);
        },
      },
      ...sorts('sortBy').flatMap((by) =>
        sorts('sortOrder').map((direction): Check => ({
          name: `lists: ${id} sorts by ${by}, ${direction}`,
          async run(context) {
            const { own, listing } = await ownItems(context, id);
            const query = { ...listing.query, sortBy: by, sortOrder: direction };
            const whole = await walk(context.caller, id, { ...listing, query: { ...query, limit: 100 } });
            checkOrder(whole.items, by, direction === 'asc');
            const { items } = await walk(context.caller, id, { ...listing, query: { ...query, limit: 4 } });
            demandEqual(items.map(identityOf), whole.items.map(identityOf), 'the walk in small pages');
            demandEqual(sorted(items), sorted(own), 'the items');
          },
        })),
      ),
      ...(parameter('page') ? [numberedPages(id)] : []),
    ];
  }),
  {
    name: 'list: a walk by cursor neither repeats nor skips a lead while others are deleted and created',
    async run({ caller }) {
      const source = newSource();
      for (let n = 0; n < 12; n++) await caller.lead({ source });
      const before = (await readPage(caller, 'leads.list', { query: { source, limit: 100 } })).items.map(identityOf);
      let pages = 0;
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const query: Listing['query'] = { source, limit: 3, ...(cursor !== null && { cursor }) };
        const { items, page }: Awaited<ReturnType<typeof readPage>> = await readPage(caller, 'leads.list', { query });
        seen.push(...items.map(identityOf));
        cursor = page.nextCursor;
        if (++pages === 1) {
          // One goes that was read, one that was not, and a new one comes.
          await caller.call('leads.delete', { params: { leadId: before[0]! } });
          await caller.call('leads.delete', { params: { leadId: before.at(-1)! } });
          await caller.lead({ source });
        }
        demand(pages <= 8, 'the walk does not end');
      } while (cursor !== null);
      demandEqual(seen, before.slice(0, -1), 'the walk');
    },
  },
  {
    name: 'list: filters by any part of name or address, in any case and script',
    async run({ caller }) {
      const source = newSource();
      const ann = await caller.lead({ source, name: 'Ann Ångström', email: 'ann.unique@example.com', status: 'lost' });
      const bob = await caller.lead({ source, name: 'Bob', email: 'bob@example.org', status: 'new' });
      const ids = async (query: Record<string, string>) =>
        (await readPage(caller, 'leads.list', { query: { source, ...query } })).items.map(identityOf);
      demandEqual(await ids({ search: 'NN ÅNG' }), [ann.id], 'by part of the name');
      demandEqual(await ids({ search: 'N.UNIQ' }), [ann.id], 'by part of the address');
      // The small sigma at the end of a word is another one than that within.
      const kosmas = await caller.lead({ source, name: 'Κοσμάς Жанна', email: newEmail() });
      for (const search of ['κοσμάς', 'ΚΟΣ', 'ΆΣ ЖАН', 'жанна']) demandEqual(await ids({ search }), [kosmas.id], `by ${search}`);
      await caller.call('leads.delete', { params: { leadId: kosmas.id } });
      demandEqual(await ids({ search: '%' }), [], 'by a character that means something to a database');
      demandEqual((await ids({})).toSorted(), [String(ann.id), String(bob.id)].toSorted(), 'by source');
    },
  },
  {
    name: 'list: a walk by cursor says the same total on each page, whatever is asked for',
    async run({ caller }) {
      const source = newSource();
      for (let n = 0; n < 5; n++) await caller.lead({ source });
      for (const more of [{}, { createdAfter: '2000-01-01T00:00:00.000Z' }, { archived: 'false' }, { search: 'ann' }, { status: 'new' }]) {
        const { pages } = await walk(caller, 'leads.list', { query: { source, limit: 2, ...more } });
        demandEqual(
          pages.map(({ total }) => total),
          [5, 5, 5],
          `the totals with ${JSON.stringify(more)}`,
        );
      }
    },
  },
  ...(['asc', 'desc'] as const).map((sortOrder): Check => ({
    name: `list: leads of one status are in the order of their creation, and of one name in that of their ids, ${sortOrder}`,
    async run({ caller }) {
      const source = newSource();
      const records = [3, 1, 2].map((day) => {
        const at = `2024-01-0${day}T12:00:00.000Z`;
        return newRecord({ source, createdAt: at, updatedAt: at });
      });
      await caller.call('leads.import', { body: records.map((record) => JSON.stringify(record)).join('\n') });
      for (const [sortBy, within] of [
        ['status', 'createdAt'],
        ['name', 'id'],
      ] as const) {
        const { items } = await readPage(caller, 'leads.list', { query: { source, sortBy, sortOrder } });
        const values = items.map((item) => String(item[within]));
        const up = values.toSorted();
        demandEqual(values, sortOrder === 'asc' ? up : up.toReversed(), `${within} where they are sorted by ${sortBy}`);
      }
    },
  })),
];

function numberedPages(id: ListId): Check {
  return {
    name: `lists: ${id} has numbered pages that show every item once, and say where they stand`,
    async run(context) {
      const { own, listing } = await ownItems(context, id);
      const read = (page: number, limit = 10) => readPage(context.caller, id, { ...listing, query: { ...listing.query, limit, page } });
      const last = Math.ceil(own.length / 10);
      const seen: Item[] = [];
      for (let number = 1; number <= last; number++) {
        const { items, page } = await read(number);
        seen.push(...items);
        checkPage(page, number, 10, own.length);
      }
      demandEqual(sorted(seen), sorted(own), 'the items');
      checkPage((await read(1, own.length)).page, 1, own.length, own.length);
      const beyond = await read(last + 1);
      demandEqual(
        [beyond.items, beyond.page.total, beyond.page.hasNext, beyond.page.hasPrev],
        [[], own.length, false, true],
        'the page after the last',
      );
    },
  };
}

/** The items of a check in a list; whole where the list then holds no others. */
async function ownItems({ once }: Context, id: ListId) {
  const { items, params, scope }: Population = await once(POPULATIONS[id]);
  const own = items.filter((item) => Object.entries(scope ?? {}).every(([name, value]) => item[name] === value));
  return { own, listing: { ...(params && { params }), query: { ...scope } } satisfies Listing, isWhole: scope !== undefined };
}

function isOneOf(own: readonly Item[]): (item: Item) => boolean {
  const ids = new Set(own.map(identityOf));
  return (item) => ids.has(identityOf(item));
}

function holds(own: readonly Item[]): (items: readonly Item[]) => boolean {
  const isOwn = isOneOf(own);
  // One more page, so that an item that comes twice is seen.
  return (items) => items.slice(0, -own.length).filter(isOwn).length >= own.length;
}

function sorted(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => (identityOf(a) < identityOf(b) ? -1 : 1));
}

function checkPage(page: Awaited<ReturnType<typeof readPage>>['page'], number: number, limit: number, total: number | undefined): void {
  demandEqual(page.limit, limit, 'limit');
  if (page.total === undefined || total === undefined) return;
  const totalPages = Math.ceil(total / limit);
  const { count: _, nextCursor: __, ...rest } = page;
  demandEqual(rest, { page: number, limit, total, totalPages, hasNext: number < totalPages, hasPrev: number > 1 }, `page ${number}`);
}

/** Texts are compared without regard to case; where values have no order of their own, equal ones stand together. */
function checkOrder(items: readonly Item[], by: string, ascending: boolean): void {
  const values = items.map((item) => (typeof item[by] === 'string' ? item[by].toLowerCase() : item[by]));
  const groups = values.filter((value, i) => i === 0 || value !== values[i - 1]);
  demandEqual(new Set(groups).size, groups.length, `equals stand apart: ${JSON.stringify(values)}`);
  const up = ascending ? groups : groups.toReversed();
  demandEqual(up, up.toSorted(compare), `the order by ${by}`);
}

function compare(a: unknown, b: unknown): number {
  if (a === b) return 0;
  return (a as string) < (b as string) ? -1 : 1;
}
