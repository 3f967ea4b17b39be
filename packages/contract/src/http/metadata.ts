import * as z from 'zod';
import { pii } from './personal-data.ts';
import { isStorableText } from './text.ts';

/** How deep objects and arrays may nest in a metadata object; the object itself is the first level. */
export const METADATA_MAX_DEPTH = 8;

/**
 * Any JSON object of at most `maxBytes` as JSON and 8 levels, as the component `name`. A custom check and not a record,
 * because a record is copied key by key, and loses a key named `__proto__` on the way.
 */
export function metadata(name: string, maxBytes: number, example: Record<string, unknown>) {
  return pii(
    z
      .custom<Record<string, unknown>>(
        (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
        'Invalid input: expected object',
      )
      .check((ctx) => {
        const message = contentProblem(ctx.value, 1) ?? (isWithinSize(ctx.value, maxBytes) ? undefined : tooLarge(maxBytes));
        if (message) ctx.issues.push({ code: 'custom', message, input: ctx.value });
      })
      .meta({
        id: name,
        title: name,
        type: 'object',
        additionalProperties: true,
        description:
          `Any JSON object: at most ${maxBytes / 1024} KiB as JSON with numbers written out, objects and arrays nested at most ${METADATA_MAX_DEPTH} deep. ` +
          'It may hold personal data, and is treated as such.',
        examples: [example],
      }),
  );
}

/** Whether the JSON of a metadata object, its numbers written out without an exponent, has at most so many bytes. */
export function isWithinSize(value: object, maxBytes: number): boolean {
  return new TextEncoder().encode(JSON.stringify(value)).byteLength + zerosLeftOut(value) <= maxBytes;
}

/** How many characters more the numbers take without an exponent, as PostgreSQL keeps them and an export has them. */
function zerosLeftOut(value: unknown): number {
  if (typeof value === 'number') {
    const text = String(value);
    const [, sign = '', fraction = '', exponent] = /^(-?)\d(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
    if (exponent === undefined) return 0;
    const places = Number(exponent);
    const length = places > 0 ? Math.max(places, fraction.length) + 1 : '0.'.length - places + fraction.length;
    return sign.length + length - text.length;
  }
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, item) => sum + zerosLeftOut(item), 0);
}

/** The text for a metadata object that is over its bound. */
export function tooLarge(maxBytes: number): string {
  return `Must be at most ${maxBytes} bytes as JSON`;
}

function contentProblem(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return isStorableText(value) ? undefined : 'Must not contain NUL or unpaired surrogates';
  // JSON.parse reads 1e999 as Infinity, which JSON cannot write back.
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'Must not contain numbers beyond ±1.8e308';
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > METADATA_MAX_DEPTH) return `Must not nest deeper than ${METADATA_MAX_DEPTH} levels`;
  for (const [key, item] of Object.entries(value)) {
    const problem = contentProblem(key, depth) ?? contentProblem(item, depth + 1);
    if (problem) return problem;
  }
  return undefined;
}
