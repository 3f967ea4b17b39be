import { bodyOf, CreateLeadSchema, ListLeadsQuerySchema, type OperationId, IMPLEMENTED_OPERATIONS } from '@leads/contract';
import fc from 'fast-check';
import type { Check } from '../check.ts';
import { type Field, fieldsOf } from '../fields.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { VALID_CALLS } from '../valid-calls.ts';

const RUNS = 50;

/** Bodies of JSON that make or change a resource: what each schema takes, and what it does not. */
const BODIES = IMPLEMENTED_OPERATIONS.filter(
  ({ id, route }) => bodyOf(route) && (id.endsWith('.update') || (id.endsWith('.create') && 201 in route.responses)),
);

/** Objects that share many keys, with all that JSON has for nothing. */
const METADATA = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  object: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value')),
  value: fc.oneof({ maxDepth: 3 }, fc.constantFrom(null, 0, false, '', 1, 'é', []), tie('object')),
})).object;

/** Requests that nobody thought of; a run with the same seed sends the same, and a failure is shrunk to the smallest. */
export const randomChecks: readonly Check[] = [
  {
    name: 'random: a lead of any content that the schema allows is read back as it was sent',
    async run({ caller, seed }) {
      const valid = recordOf(fieldsOf(CreateLeadSchema), arbitraryOf).filter((body) => CreateLeadSchema.safeParse(body).success);
      await holds(seed, valid, async (body) => {
        const made = await caller.lead(body);
        const { data } = (await caller.call('leads.get', { params: { leadId: made.id } })).body;
        demandEqual(data, { ...data, ...body }, 'what is read');
      });
    },
  },
  {
    name: 'random: metadata is merged as RFC 7396 says',
    async run({ caller, seed }) {
      await holds(seed, fc.tuple(METADATA, METADATA), async ([before, patch]) => {
        const params = { leadId: (await caller.lead({ metadata: merged({}, before) })).id as string };
        const { data } = (await caller.call('leads.update', { params, body: { metadata: patch } })).body;
        demandEqual(data.metadata, merged(merged({}, before), patch), 'the metadata');
      });
    },
  },
  ...BODIES.map(({ id, route }): Check => {
    const schema = bodyOf(route)!;
    return {
      name: `random: ${id} takes exactly what its schema allows`,
      async run({ caller, seed }) {
        const fields = fieldsOf(schema);
        const anything = fc.oneof(
          recordOf(fields, arbitraryOf),
          recordOf(fields, (field) => fc.oneof(arbitraryOf(field), fc.jsonValue())),
          fc.jsonValue(),
        );
        const operation = id as OperationId;
        const { params } = await VALID_CALLS[operation](caller);
        await holds(seed, anything, async (body) => {
          const { status, text } = await caller.call(operation, { ...(params && { params }), body: JSON.stringify(body) });
          // Merging may make metadata larger than it may be, and a moment of long ago is no end of a key.
          const mayBeRefused = operation === 'leads.update' || (operation === 'apiKeys.create' && text.includes('expiresAt'));
          if (schema.safeParse(body).success) demand(status < 300 || (mayBeRefused && status === 400), `refused: ${text.slice(0, 200)}`);
          else demandEqual(status, 400, 'the status');
          // What the requests are about must stay.
          if (!params) await caller.tidy();
        });
      },
    };
  }),
  {
    name: 'random: a list is answered exactly when the schema allows its query',
    stateless: true,
    async run({ caller, seed }) {
      const query = recordOf(fieldsOf(ListLeadsQuerySchema), (field) => fc.oneof(arbitraryOf(field), fc.string()).map(String));
      await holds(seed, query, async (sent) => {
        const { status } = await caller.call('leads.list', { query: sent });
        const isForeign = 'cursor' in sent && status === 400;
        demandEqual(status, ListLeadsQuerySchema.safeParse(sent).success && !isForeign ? 200 : 400, 'the status');
      });
    },
  },
];

function recordOf<Value>(fields: readonly Field[], arbitrary: (field: Field) => fc.Arbitrary<Value>): fc.Arbitrary<Record<string, Value>> {
  const required = fields.filter((field) => field.required).map(({ name }) => name);
  return fc.record(Object.fromEntries(fields.map((field) => [field.name, arbitrary(field)])), { requiredKeys: required });
}

/** Values of a field that are probably right, and near enough to its bounds to be wrong now and then. */
function arbitraryOf({ bounds, nullable }: Field): fc.Arbitrary<unknown> {
  const { type, format, maxLength = 30, minimum = -2, maximum = 120 } = bounds;
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: maxLength + 20 }),
    fc.string({ unit: 'binary', maxLength: 30 }),
    // Which chance would seldom do.
    fc.string({ minLength: 1, maxLength: 20 }).map((word) => ` ${word} `),
  );
  const kinds: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    boolean: fc.boolean(),
    integer: fc.integer({ min: minimum - 1, max: maximum + 1 }),
    number: fc.double({ min: minimum - 1, max: maximum + 1, noNaN: true }),
    array: fc.uniqueArray(fc.constantFrom(...(bounds.items?.enum ?? ['a', 'b', 'c'])), { maxLength: 4 }),
    object: fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 }),
    'idn-email': fc.emailAddress(),
    'date-time': fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  };
  const value = bounds.enum ? fc.constantFrom(...bounds.enum) : (kinds[format ?? type ?? ''] ?? text);
  return nullable ? fc.option(value) : value;
}

async function holds<Value>(seed: number, arbitrary: fc.Arbitrary<Value>, predicate: (value: Value) => Promise<void>): Promise<void> {
  const { failed, counterexample, errorInstance } = await fc.check(fc.asyncProperty(arbitrary, predicate), { seed, numRuns: RUNS });
  if (!failed) return;
  const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  demand(false, `${reason}; the smallest that fails: ${JSON.stringify(counterexample?.[0])} (seed ${seed})`);
}

/** What RFC 7396 makes of a target and a patch. */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}
