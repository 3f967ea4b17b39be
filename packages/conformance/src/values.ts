import type { Bounds, Field } from './fields.ts';

/** Upper and lower case, quotes, white space at both ends, what two code points make one character of, and more than 16 bits. */
const RICH = ` Åsa "O'Neil" \\ Straße\té e\u0301 日本語 👩‍👩‍👧 العربية, `;
/** Every kind of value, and names that are something else to JavaScript. */
const MIXED = JSON.parse(
  `{"":0,"A b":[0.1,-1.5,1e-7,9007199254740991,null,true,false,[],{}],"É👩‍👩‍👧":${JSON.stringify(RICH)},"__proto__":{"x":true},"constructor":1}`,
) as object;

/** Values of a field that survive only if nothing of them is lost: those that the schema takes. */
export function losslessValues({ bounds, allows }: Field): unknown[] {
  return valuesOf(bounds, allows).filter(allows);
}

function valuesOf(bounds: Bounds, allows: (value: unknown) => boolean): unknown[] {
  const { type, minimum = -1_000_000, maximum = 1_000_000, minItems = 0, maxItems = 10 } = bounds;
  if (bounds.enum) return [...bounds.enum];
  if (type === 'boolean') return [true, false];
  if (type === 'integer' || type === 'number') return [minimum, maximum, 0, 1, 0.5];
  if (type === 'object') return [MIXED, deepest(allows), filled(mostBytes(allows))];
  if (type === 'array') {
    const items = valuesOf(bounds.items ?? {}, () => true);
    return [items.slice(0, Math.max(1, minItems)), items.slice(0, maxItems).toReversed()];
  }
  return textsOf(bounds);
}

function textsOf({ format, minLength = 1, maxLength = 100 }: Bounds): string[] {
  if (format === 'date-time') return ['2098-07-04T05:06:07.089Z', '2098-12-31T23:59:59.999-11:30'];
  if (format === 'date') return ['2098-12-31'];
  if (format === 'idn-email') return [`O'Brien.Ann+Tag_1@Mail.Example.COM`, 'Zoe\u0308.Åsa@Mail.Example.COM'];
  const repeated = Array.from(RICH.repeat(Math.ceil(maxLength / RICH.length) * 2));
  return [`${repeated.slice(0, maxLength - 1).join('')} `, RICH.trim(), '=1+1', 'X'.repeat(minLength)];
}

/** As many levels of objects as the schema takes. */
function deepest(allows: (value: unknown) => boolean): object {
  return nested(most((levels) => allows(nested(levels)), 100));
}

/** An object that nests so many levels deep. */
export function nested(levels: number): object {
  return levels <= 1 ? { Deep: 'Down' } : { Level: nested(levels - 1) };
}

/** An object of so many bytes as JSON, which are more than its characters. */
export function filled(bytes: number): object {
  const rest = Math.max(0, bytes - Buffer.byteLength('{"é":""}'));
  return { é: 'é'.repeat(rest / 2) + 'x'.repeat(rest % 2) };
}

/** The largest size below `limit` that is taken, where each smaller one is, too. */
export function most(takes: (size: number) => boolean, limit: number): number {
  let [taken, refused] = [1, limit];
  while (refused - taken > 1) {
    const size = Math.floor((taken + refused) / 2);
    if (takes(size)) taken = size;
    else refused = size;
  }
  return taken;
}

/** The most bytes that an object of any content may have. */
export function mostBytes(allows: (value: unknown) => boolean): number {
  return most((bytes) => allows(filled(bytes)), 100_000);
}
