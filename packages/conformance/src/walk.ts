import { type Operation, IMPLEMENTED_OPERATIONS } from '@leads/contract';
import type * as z from 'zod';
import type { Call, Calls } from './calls.ts';
import type { ListId } from './contract-types.ts';
import { type Field, fieldsOf } from './fields.ts';
import type { Item } from './filters.ts';
import { demand } from './mismatch.ts';

/** Where a page stands, as far as it says. */
export interface Page {
  readonly limit: number;
  readonly hasNext: boolean;
  readonly nextCursor: string | null;
  readonly page?: number;
  readonly total?: number;
  readonly totalPages?: number;
  readonly hasPrev?: boolean;
  /** How many items it holds. */
  readonly count: number;
}

/** Every list of the contract, with its parameters. */
export const LISTS: readonly { readonly id: ListId; readonly parameters: readonly Field[] }[] = IMPLEMENTED_OPERATIONS.map(
  ({ id, route }: Operation) => ({
    id: id as ListId,
    parameters: fieldsOf(route.query as z.ZodType | undefined),
  }),
).filter(({ parameters }) => parameters.some(({ name }) => name === 'cursor'));

/** The most pages that a walk looks at: a workspace may hold more than this suite has put there. */
const PAGES_MAX = 40;

/** Which items of a list are asked for. */
export interface Listing {
  readonly params?: NonNullable<Call['params']>;
  readonly query: Readonly<Record<string, string | number>>;
}

/** One page of a list. */
export async function readPage(caller: Calls, list: ListId, call: Listing): Promise<{ items: Item[]; page: Page }> {
  const { data } = (await caller.call(list, call)).body;
  const items: Item[] = Object.values(data).find(Array.isArray)!;
  return { items, page: { ...data.pagination, count: items.length } };
}

/** Reads a list by cursor, from the start to its end, or until `enough`. */
export async function walk(
  caller: Calls,
  list: ListId,
  { query, ...call }: Listing,
  enough: (items: readonly Item[]) => boolean = () => false,
): Promise<{ items: Item[]; pages: Page[]; isWhole: boolean }> {
  const [items, pages]: [Item[], Page[]] = [[], []];
  let cursor: string | null = null;
  do {
    const read: { items: Item[]; page: Page } = await readPage(caller, list, {
      ...call,
      query: { ...query, ...(cursor !== null && { cursor }) },
    });
    const { hasNext, limit, count, nextCursor } = read.page;
    demand(hasNext === (nextCursor !== null), `hasNext is ${hasNext}, and nextCursor is ${nextCursor}`);
    demand(count <= limit, `a page of ${limit} holds ${count}`);
    demand(count === limit || !hasNext, `a page of ${limit} holds ${count}, and is not the last`);
    items.push(...read.items);
    pages.push(read.page);
    cursor = nextCursor;
  } while (cursor !== null && pages.length < PAGES_MAX && !enough(items));
  return { items, pages, isWhole: cursor === null };
}
