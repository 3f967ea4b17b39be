import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

it('the guide shows the first test as it is', async () => {
  const guide = await readFile(new URL('../../../docs/guides/building-against-the-mock.md', import.meta.url), 'utf8');
  const [, shown] = /```ts\n(.*?)```/s.exec(guide)!;
  expect(shown).toBe(await readFile(new URL('first.test.ts', import.meta.url), 'utf8'));
});
