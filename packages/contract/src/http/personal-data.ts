import * as z from 'zod';

const MARK = 'x-personal-data';

/** Marks a schema as personal data: published as `x-personal-data`, and redacted wherever the server writes text. */
export function pii<Schema extends z.ZodType>(schema: Schema): Schema {
  z.globalRegistry.add(schema, { ...schema.meta(), [MARK]: true });
  return schema;
}

/** The names of the fields of `schema` that carry the `pii` mark, in the order of their declaration. */
export function personalDataFields(schema: z.ZodObject): string[] {
  return Object.entries(schema.shape)
    .filter(([, field]) => isMarked(field as z.ZodType))
    .map(([name]) => name);
}

function isMarked(field: z.ZodType): boolean {
  if (field.meta()?.[MARK] === true) return true;
  const isWrapped = field instanceof z.ZodOptional || field instanceof z.ZodNullable || field instanceof z.ZodDefault;
  return isWrapped && isMarked(field.unwrap() as z.ZodType);
}
