import * as z from 'zod';

/**
 * A string of `min` to `max` characters (Unicode code points, as JSON Schema and PostgreSQL count them) that a
 * PostgreSQL `text` can hold: no NUL character and no unpaired surrogate.
 */
export function text(min: number, max: number) {
  return z
    .string()
    .check((ctx) => {
      const value = ctx.value;
      const length = value.length <= min || value.length > max ? codePoints(value) : value.length;
      if (length < min) {
        ctx.issues.push({ code: 'too_small', minimum: min, origin: 'string', inclusive: true, input: value });
      } else if (length > max) {
        ctx.issues.push({ code: 'too_big', maximum: max, origin: 'string', inclusive: true, input: value });
      }
      if (!isStorableText(value)) {
        ctx.issues.push({ code: 'custom', message: 'Must not contain NUL or unpaired surrogates', input: value });
      }
    })
    .meta({ minLength: min, maxLength: max });
}

const TEXTS_FOR_PEOPLE = new WeakSet<z.core.$ZodType>();

/**
 * A text for people: our own checks know it by heart, and the document shows it as an example, because it may be worded
 * another way at any time.
 */
export function textForPeople<const Text extends string>(wording: Text, description: string) {
  const schema = z.literal(wording).meta({ description, examples: [wording] });
  TEXTS_FOR_PEOPLE.add(schema);
  return schema;
}

/** Whether a schema is that of a text for people. */
export function isTextForPeople(schema: z.core.$ZodType): boolean {
  return TEXTS_FOR_PEOPLE.has(schema);
}

/** Whether PostgreSQL can hold the string, as `text` or inside `jsonb`. */
export function isStorableText(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0');
}

function codePoints(value: string): number {
  let count = 0;
  for (const _ of value) count++;
  return count;
}
