import * as z from 'zod';

/** How many items a page holds when `limit` is left out. */
export const PAGE_LIMIT_DEFAULT = 20;
/** The largest `limit`. */
export const PAGE_LIMIT_MAX = 100;
/** The largest `page`: numbered pages cost more the deeper they are, a cursor does not. */
export const PAGE_MAX = 10_000;
/** `total` is exact up to here where it has to be counted (`search`, `email`, dates); a larger set reports one more. */
export const TOTAL_COUNT_MAX = 5_000;

/** A query parameter `limit`: an integer from 1 to `max`, 20 when left out. */
export const limitUpTo = (max: number) =>
  z.coerce
    .number<number>()
    .int()
    .min(1)
    .max(max)
    .default(PAGE_LIMIT_DEFAULT)
    .meta({ description: 'How many items a page holds.', examples: [PAGE_LIMIT_DEFAULT] });

/** The query parameter `limit` of most lists: an integer from 1 to 100, 20 when left out. */
export const LimitSchema = limitUpTo(PAGE_LIMIT_MAX);

/** The query parameter `cursor`: opaque, at most 2,000 characters. */
export const CursorSchema = z
  .string()
  .min(1)
  .max(2000)
  .meta({
    description:
      'Continues a walk: the `nextCursor` of the page before, unchanged, with the same filters. ' +
      'A walk by cursor neither repeats nor skips an item while others are created and deleted, and costs the same at any depth.',
    examples: ['eyJ2IjoxfQ'],
  });

const limit = z
  .int()
  .min(1)
  .meta({ description: 'The `limit` that was asked for.', examples: [20] });
const hasNext = z.boolean().meta({ description: 'Whether there is a page after this one.', examples: [false] });
const nextCursor = z
  .string()
  .nullable()
  .meta({ description: 'Pass it as `cursor` to get the next page; null on the last one.', examples: [null] });

/** Where a numbered page stands in the whole list. */
export const PaginationSchema = z
  .strictObject({
    page: z
      .int()
      .min(1)
      .meta({ description: 'The number of this page, from 1; by cursor, its place in the walk.', examples: [1] }),
    limit,
    total: z
      .int()
      .min(0)
      .meta({
        description:
          'How many items match. Exact for lists that are unfiltered or filtered by `status` and `source`; ' +
          `with any other filter it is counted up to ${TOTAL_COUNT_MAX}, and ${TOTAL_COUNT_MAX + 1} stands for more.`,
        examples: [1],
      }),
    totalPages: z
      .int()
      .min(0)
      .meta({ description: '`total` divided by `limit`, rounded up.', examples: [1] }),
    hasNext,
    hasPrev: z.boolean().meta({ description: 'Whether there is a page before this one.', examples: [false] }),
    nextCursor,
  })
  .meta({ id: 'Pagination', title: 'Pagination', description: 'Where this page stands in the whole list.' });

/** Where a page of a list stands that is walked by cursor only. */
export const CursorPaginationSchema = z
  .strictObject({ limit, hasNext, nextCursor })
  .meta({ id: 'CursorPagination', title: 'CursorPagination', description: 'Where this page stands in a walk by cursor.' });
