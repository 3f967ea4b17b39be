import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { FAR_FUTURE } from '../../packages/contract/src/http/ids.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Pages, and the sources that hold what programs say. What the contract shows, the server's tests send at a time that is far ahead. */
const PLACES = [
  'README.md',
  'CONTRIBUTING.md',
  '{bench,examples/*,packages/*}/README.md',
  'docs/guides/*.md',
  'packages/{client,conformance,mock,server}/src/**/*.ts',
];

const files = await Array.fromAsync(glob(PLACES, { cwd: ROOT, exclude: (path) => path.endsWith('.test.ts') }));
const dates = files.flatMap((file) =>
  readFileSync(join(ROOT, file), 'utf8')
    .split('\n')
    .filter((line) => /expires/i.test(line))
    .flatMap((line) => line.match(/\b\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?/g) ?? [])
    .map((date) => [date, file]),
);

it('there are dates at which something expires, of pages and of programs', () => {
  const found = dates.map(([, file]) => file!);
  expect(found).toContain('docs/guides/authentication.md');
  expect(found).toContain('packages/server/src/keys-cli/arguments.ts');
});

it.each(dates)('%s of %s is refused on no day: it is the one that does not pass', (date) => {
  expect([FAR_FUTURE, FAR_FUTURE.slice(0, 10)]).toContain(date);
});
