import { expect, it } from 'vitest';
import { isWithinSize } from './metadata.ts';

it.each([
  ['{"a":1}', { a: 1 }],
  ['{"é":[true,null,"1e300"]}', { é: [true, null, '1e300'] }],
  [`{"a":1${'0'.repeat(300)}}`, { a: 1e300 }],
  [`{"a":[-1${'0'.repeat(21)}]}`, { a: [-1e21] }],
  [`{"a":-125${'0'.repeat(20)}}`, { a: -1.25e22 }],
  ['{"a":0.00000015}', { a: 1.5e-7 }],
  [`{"a":0.${'0'.repeat(323)}5}`, { a: 5e-324 }],
])('the size of a metadata object is that of its JSON with numbers written out: %s', (written, value) => {
  const bytes = Buffer.byteLength(written);
  expect(JSON.parse(written)).toEqual(value);
  expect([isWithinSize(value, bytes), isWithinSize(value, bytes - 1)]).toEqual([true, false]);
});
