import type * as z from 'zod';

/**
 * A body that may be left out, whose fields may be, too. Its type does not say `undefined`, because ts-rest's own client lets a call
 * leave out what may be an empty object, and asks for what may be undefined.
 */
export function optionalBody<Schema extends z.ZodObject>(body: Schema): z.ZodType<z.output<Schema>, z.input<Schema>> {
  return body.prefault({} as never) as unknown as z.ZodType<z.output<Schema>, z.input<Schema>>;
}
