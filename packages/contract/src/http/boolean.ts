import * as z from 'zod';

/** A query parameter that is `true` or `false`; false when left out. */
export function switchParameter(description: string) {
  // A tool that sends every sample must not switch anything on.
  return optionalSwitchParameter(description)
    .default(false)
    .meta({ description, type: 'boolean', examples: [false] });
}

/** A query parameter that is `true`, `false` or left out. */
export function optionalSwitchParameter(description: string) {
  return z
    .preprocess((value: boolean) => fromText(value), z.boolean({ error: 'Must be true or false' }))
    .meta({ description, type: 'boolean', examples: [true] });
}

function fromText(value: unknown): unknown {
  if (value === 'true') return true;
  return value === 'false' ? false : value;
}
