import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../src/index.ts';

const locationsOf = (json: string) => parseJson(json, 'body').issues.map(({ location }) => location);
const LOST = '1234567890123456789';

describe('parseJson', () => {
  it('gives what JSON.parse gives, and finds nothing in what JavaScript wrote', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.stringify(value);
        expect(parseJson(json, 'body')).toEqual({ value: JSON.parse(json) as unknown, issues: [] });
      }),
    );
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => locationsOf(`[${number}]`).length === 0));
  });

  it('finds each whole number that is not kept, and only those', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (number) => {
        expect(locationsOf(`{"a":${number}}`)).toEqual(BigInt(String(Number(number))) === number ? [] : ['body.a']);
      }),
      // JavaScript has 2^60, but writes it as 1152921504606847000.
      { examples: [[2n ** 53n], [2n ** 53n + 1n], [2n ** 60n], [10n ** 20n]] },
    );
  });

  it.each(['0.1', '-0', '-0.0', '0e10', '1.10', '1e2', '1E+21', '0.000001', '100000000000000000000', '5e-324', '0.30000000000000004'])(
    'keeps %s',
    (number) => expect(locationsOf(`[${number}]`)).toEqual([]),
  );

  it.each(['0.1234567890123456789', '0.10000000000000001', '1.00000000000000000001', '12345678901234567890e2', '1e-400', '3e-324'])(
    'does not keep %s',
    (number) => expect(locationsOf(`[${number}]`)).toEqual(['body.0']),
  );

  it('names the place, whatever stands around it', () => {
    expect(locationsOf(LOST)).toEqual(['body']);
    expect(locationsOf(` [ 1 , { "a" : [ { } , ${LOST} ] , "b" : "${LOST}" } , [ ] , ${LOST} ] `)).toEqual(['body.1.a.1', 'body.3']);
    expect(locationsOf(`{"\\"{[,":{"x":"\\\\","\\u0061":${LOST}}}`)).toEqual(['body."{[,.a']);
    expect(parseJson(`{"lead":${LOST}}`, '').issues[0]!.location).toBe('lead');
  });

  it('leaves what is no JSON to the caller, and what is beyond all numbers to the schema', () => {
    expect(() => parseJson(`{"a":${LOST}`, 'body')).toThrow(SyntaxError);
    expect(locationsOf('[1e999]')).toEqual([]);
  });

  it.each([
    ['deep', `${'[{"a":'.repeat(100_000)}${LOST}${'}]'.repeat(100_000)}`],
    ['full of them', `[${`${LOST},`.repeat(100_000)}1]`],
    ['one number', `[${'1'.repeat(1_000_000)}]`],
    ['zeros', `[1${'0'.repeat(1_000_000)}1e-1000000]`],
    ['one string', `["${'\\"'.repeat(1_000_000)}",${LOST}]`],
  ])('costs next to nothing, and says little, where the body is hostile: %s', (_, json) => {
    const start = performance.now();
    const { issues } = parseJson(json, 'body');
    // What takes time in the square of the length takes minutes here.
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(issues.length).toBeLessThanOrEqual(100);
    expect(JSON.stringify(issues).length).toBeLessThan(100_000);
  });
});
