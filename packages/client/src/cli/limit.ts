import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '../constants.generated.ts';
import type { OptionSpecs } from './command.ts';
import { usageError } from './errors.ts';
import type { Options } from './options.ts';

/** How many items a list shows. */
export const LIMIT_OPTIONS: OptionSpecs = {
  limit: { type: 'string', placeholder: 'N', help: `how many at most: ${PAGE_LIMIT_DEFAULT}` },
  all: { type: 'boolean', help: 'all of them' },
};

/** How many items were asked for. @throws {CliError} where both options are given. */
export function limitOf(options: Options): number {
  const limit = options.number('limit', 1);
  if (limit !== undefined && options.flag('all')) throw usageError('Give --limit or --all, not both.');
  return options.flag('all') ? Infinity : (limit ?? PAGE_LIMIT_DEFAULT);
}

/** How many items a page is asked for, of a list that shows so many. */
export function pageOf(limit: number): { limit: number } {
  return { limit: Math.min(limit, PAGE_LIMIT_MAX) };
}

/** The first items. */
export async function* upTo<Item>(items: AsyncIterable<Item>, limit: number): AsyncGenerator<Item> {
  let taken = 0;
  for await (const item of items) {
    yield item;
    if (++taken >= limit) return;
  }
}
