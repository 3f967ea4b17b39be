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
 * A text for people, that programs must not decide by: any words are right, and the document shows ours as an example. What is
 * given to the schema has the type of our own words, so that the server says these and no others; what comes out is any text.
 */
export function textForPeople<const Text extends string>(wording: Text, description: string): z.ZodType<string, Text> {
  const schema = z
    .string()
    .min(1)
    .meta({ description, examples: [wording] });
  TEXTS_FOR_PEOPLE.add(schema);
  return schema as z.ZodType<string, string> as z.ZodType<string, Text>;
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
