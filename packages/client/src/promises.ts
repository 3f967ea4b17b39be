import { PAGE_LIMIT_MAX } from './constants.generated.ts';
import { type Answer, responseOf } from './send.ts';
import type { ApiPromise, PagePromise } from './types.ts';

/** The `data` of an answer that is on its way. */
export function apiPromise<Data>(answer: Promise<Answer<Data>>): ApiPromise<Data> {
  const promise = answer.then(({ data }) => data) as ApiPromise<Data>;
  promise.withResponse = () => {
    // Who takes the response handles its failure there.
    promise.catch(() => {});
    return answer.then(responseOf);
  };
  return promise;
}

interface Page {
  readonly pagination: { readonly nextCursor: string | null };
}

type Query = Readonly<Record<string, unknown>>;

/** A list whose pages `read` reads, from the one of `query` on. */
export function pagePromise<Item>(read: (query: Query) => Promise<Answer<Page>>, query: Query = {}): PagePromise<Page, Item> {
  let first: ApiPromise<Page> | undefined;
  const start = () => (first ??= apiPromise(read(query)));
  async function* pages() {
    // As few requests as can be.
    let next: Query | undefined = { limit: PAGE_LIMIT_MAX, ...query };
    while (next) {
      const { data } = await read(next);
      yield data;
      const { nextCursor } = data.pagination;
      const { page: _, ...rest } = next;
      next = nextCursor === null ? undefined : { ...rest, cursor: nextCursor };
    }
  }
  async function* items() {
    for await (const page of pages()) yield* Object.values(page).find(Array.isArray) as Item[];
  }
  return {
    // oxlint-disable-next-line unicorn/no-thenable -- awaited it is a page
    then: (...args) => start().then(...args),
    catch: (...args) => start().catch(...args),
    finally: (...args) => start().finally(...args),
    withResponse: () => start().withResponse(),
    pages,
    [Symbol.asyncIterator]: items,
    [Symbol.toStringTag]: 'PagePromise',
    async toArray({ max }) {
      const found: Item[] = [];
      if (max > 0)
        for await (const item of items()) {
          found.push(item);
          if (found.length >= max) break;
        }
      return found;
    },
  };
}
