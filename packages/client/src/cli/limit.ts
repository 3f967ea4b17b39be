import type { OptionSpecs } from './command.ts';
import { usageError } from './errors.ts';
import type { Options } from './options.ts';

const LIMIT = 20;

/** How many items a list shows. */
export const LIMIT_OPTIONS: OptionSpecs = {
  limit: { type: 'string', placeholder: 'N', help: `how many at most: ${LIMIT}` },
  all: { type: 'boolean', help: 'all of them' },
};

/** How many items were asked for. @throws {CliError} where both options are given. */
export function limitOf(options: Options): number {
  const limit = options.number('limit', 1);
  if (limit !== undefined && options.flag('all')) throw usageError('Give --limit or --all, not both.');
  return options.flag('all') ? Infinity : (limit ?? LIMIT);
}

/** The first items. */
export async function* upTo<Item>(items: AsyncIterable<Item>, limit: number): AsyncGenerator<Item> {
  let taken = 0;
  for await (const item of items) {
    yield item;
    if (++taken >= limit) return;
  }
}
