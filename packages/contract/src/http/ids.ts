import * as z from 'zod';

const YEARS = 'Must be within the years 0001 to 9999 in UTC';

/** The longest id accepted in a path. Any string up to here is looked up; an unknown one is the resource's 404. */
export const ID_MAX_LENGTH = 64;

/** An id as a path parameter: 1 to 64 characters of any kind, so that ids of other systems get a 404 and not a 400. */
export function idParameter(resource: string, example: string) {
  return z
    .string()
    .min(1)
    .max(ID_MAX_LENGTH)
    .meta({ description: `The unique identifier of the ${resource}.`, examples: [example] });
}

/** An id as it is given out: a prefix that names the resource, and 26 characters of a ULID in lower case (128 bits). */
export function idField(resource: string, prefix: string) {
  return generatedId(prefix).meta({
    description: `The unique identifier of the ${resource}. It never changes and is never given to another.`,
    examples: [`${prefix}_1234567890abcdef`],
  });
}

/** The workspace that a resource belongs to. */
export const WorkspaceIdSchema = generatedId('ws').meta({
  description: 'The workspace that the resource belongs to: the one that the API key selects.',
  examples: ['ws_1234567890abcdef'],
});

function generatedId(prefix: string) {
  return z
    .string()
    .max(ID_MAX_LENGTH)
    .regex(new RegExp(`^${prefix}_[0-9a-z]+$`));
}

/** A moment for samples that need one to come: none that could pass. A day short of the last, so that it is a moment in every time zone. */
export const FAR_FUTURE = '9999-12-31T00:00:00Z';

/** A moment as the API writes it: ISO 8601, UTC, milliseconds. */
export function timestamp(description: string, example: string) {
  const schema = z.iso
    .datetime({ precision: 3 })
    .refine(isWithinYears, YEARS)
    .meta({ description: `${description} ISO 8601, UTC, milliseconds.`, examples: [example] });
  TIMESTAMPS.add(schema);
  return schema;
}

const TIMESTAMPS = new WeakSet<z.ZodType>();

/** Whether a schema is a moment as the API writes it. */
export function isTimestamp(schema: unknown): boolean {
  return TIMESTAMPS.has(schema as z.ZodType);
}

/** An object whose moments may be written as in `timestampInput`; they are read as the API writes them. */
export function withMomentsAsInput<Shape extends z.ZodRawShape>(object: z.ZodObject<Shape>): z.ZodObject<Shape> {
  const moments = Object.entries(object.shape).filter(([, schema]) => isTimestamp(schema));
  return object.extend(Object.fromEntries(moments.map(([name]) => [name, momentInput]))) as never;
}

const momentInput = z.iso
  .datetime({ offset: true, error: 'Must be a moment in ISO 8601 with a time zone, such as 2024-01-31T12:00:00Z' })
  .refine(isWithinYears, YEARS)
  .transform((moment) => new Date(moment).toISOString());

/** A moment as a caller may write it: ISO 8601 with `Z` or an offset; fractions finer than a millisecond are cut off. */
export function timestampInput(description: string, example: string) {
  return z.iso
    .datetime({ offset: true })
    .refine(isWithinYears, YEARS)
    .meta({ description: `${description} ISO 8601 with a time zone (\`Z\` or an offset).`, examples: [example] });
}

// Beyond them the API could not write the moment back: `9999-12-31T23:59:59-01:00` is in the year 10000.
function isWithinYears(moment: string): boolean {
  const time = new Date(moment);
  return Number.isNaN(time.getTime()) || /^(?!0000)\d{4}-/.test(time.toISOString());
}
