import { expect, it } from 'vitest';
import { filterConditions } from './lead-filter.ts';

it.each(['phone', 'constructor', '__proto__', 'Status', ''])('a filter that is not known is not ignored: %j', (name) => {
  for (const value of ['x', undefined]) {
    const filter = Object.fromEntries([
      ['status', 'new'],
      [name, value],
    ]);
    expect(() => filterConditions(filter, String)).toThrow(`There is no condition for the filter ${name}`);
  }
});

it('a filter that is left out selects by nothing', () => {
  expect(filterConditions({ status: undefined, search: undefined }, String)).toEqual([]);
});
