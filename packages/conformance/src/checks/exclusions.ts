import { bodyOf, type OperationId, OPERATIONS } from '@leads/contract';
import type * as z from 'zod';
import type { Check } from '../check.ts';
import { type Field, fieldsOf } from '../fields.ts';
import { demand } from '../mismatch.ts';
import { VALID_CALLS, waitsForJob } from '../valid-calls.ts';
import { losslessValues } from '../values.ts';

type Part = 'query' | 'body';
type Values = Readonly<Record<string, unknown>>;

/** Fields that a schema takes, but not together: each such set is refused by the server, too. */
export const exclusionChecks: readonly Check[] = OPERATIONS.flatMap(({ id, route, metadata }) => {
  const operation = id as OperationId;
  const body = metadata.bodyMediaType ? undefined : bodyOf(route);
  return [...checksOf(operation, 'query', route.query as z.ZodType | undefined), ...checksOf(operation, 'body', body)];
});

function checksOf(operation: OperationId, part: Part, schema: z.ZodType | undefined): Check[] {
  if (!schema) return [];
  const fields = fieldsOf(schema);
  const required = valuesOf(fields.filter((field) => field.required));
  const takes = (values: Values) => schema.safeParse(values).success;
  const bases = [required, ...fields.map((field) => ({ ...required, ...valuesOf([field]) }))].filter(takes);
  const refused = bases.flatMap((base) => {
    const others = fields.filter(({ name }) => !(name in base));
    const [possible, impossible] = [others.filter((field) => takes({ ...base, ...valuesOf([field]) })), others];
    const pairs = possible.flatMap((one, i) => possible.slice(i + 1).map((two) => [one, two]));
    return [...impossible.filter((field) => !possible.includes(field)).map((field) => [field]), ...pairs]
      .map((added) => ({ ...base, ...valuesOf(added) }))
      .filter((values) => !takes(values));
  });
  const smallest = refused.filter((values, i) => !refused.some((other, j) => j !== i && isWithin(other, values, j < i)));
  return smallest.map((values) => ({
    name: `bounds: ${operation} ${part} refuses ${Object.keys(values).join(' with ')}`,
    stateless: !waitsForJob(operation),
    async run({ caller }) {
      const call = await VALID_CALLS[operation](caller);
      const real = Object.fromEntries(Object.keys(values).map((name) => [name, (call.body as Values | undefined)?.[name] ?? values[name]]));
      const { status, text } = await caller.call(operation, { ...call, [part]: real });
      demand(status === 400, `accepted: ${status} ${text.slice(0, 300)}`);
    },
  }));
}

function isWithin(part: Values, whole: Values, orEqual: boolean): boolean {
  const names = Object.keys(part);
  return names.every((name) => name in whole) && (orEqual || names.length < Object.keys(whole).length);
}

function valuesOf(fields: readonly Field[]): Values {
  return Object.fromEntries(fields.map((field) => [field.name, valueOf(field)]));
}

function valueOf(field: Field): unknown {
  const [inner] = field.fields;
  return inner ? { [inner.name]: valueOf(inner) } : losslessValues(field)[0];
}
