import { readFileSync } from 'node:fs';
import { OPERATIONS } from '@leads/contract';
import { expect, it } from 'vitest';

it.each([
  ['the guide', new URL('../../../docs/guides/client.md', import.meta.url)],
  ['the README', new URL('../README.md', import.meta.url)],
])('%s names every resource of the API, and no other', (_, page) => {
  const [, list] = /^Every operation of the API is a function, by resource: (.*?)\. /m.exec(readFileSync(page, 'utf8'))!;
  const named = [...list!.matchAll(/`(?:client\.)?(\w+)`/g)].map(([, resource]) => resource);
  expect(new Set(named)).toEqual(new Set(OPERATIONS.map(({ id }) => id.split('.')[0])));
});
