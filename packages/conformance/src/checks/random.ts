import { CreateLeadSchema, ListLeadsQuerySchema, UpdateLeadSchema } from '@leads/contract';
import fc from 'fast-check';
import type { Check } from '../check.ts';
import { demand, demandEqual } from '../mismatch.ts';

const RUNS = 50;

const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 220 });
/** With spaces around it every third time, which chance would seldom do. */
const text = fc.oneof(
  word,
  fc.string({ unit: 'binary', maxLength: 30 }),
  word.map((name) => ` ${name} `),
);
const metadata = fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 });
const status = fc.constantFrom('new', 'contacted', 'qualified', 'converted', 'lost', 'follow_up');
const fields = {
  email: fc.emailAddress(),
  phone: fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 })),
  source: fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 })),
  status,
  metadata,
};
const probablyValid = fc.record({ name: text, ...fields }, { requiredKeys: ['name', 'email'] });
const anything = fc.oneof(
  probablyValid,
  fc.record(
    {
      name: fc.oneof(text, fc.jsonValue()),
      email: fc.oneof(text, fc.jsonValue()),
      status: fc.oneof(status, fc.jsonValue()),
      metadata: fc.jsonValue(),
    },
    { requiredKeys: [] },
  ),
  fc.jsonValue(),
);
const query = fc.record(
  {
    page: fc.oneof(fc.nat(20), fc.string()),
    limit: fc.oneof(fc.integer({ min: -1, max: 120 }), fc.string()),
    status: fc.oneof(status, fc.string()),
    search: fc.string({ unit: 'grapheme', maxLength: 40 }),
    email: fc.oneof(fc.emailAddress(), fc.string()),
    createdAfter: fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.string(),
    ),
    sortBy: fc.oneof(fc.constantFrom('createdAt', 'name', 'email'), fc.string()),
    sortOrder: fc.oneof(fc.constantFrom('asc', 'desc'), fc.string()),
  },
  { requiredKeys: [] },
);

/** Requests that nobody thought of; a run with the same seed sends the same, and a failure is shrunk to the smallest. */
export const randomChecks: readonly Check[] = [
  {
    name: 'random: a lead of any content that the schema allows is read back as it was sent',
    async run({ caller, seed }) {
      const valid = probablyValid.filter((body) => CreateLeadSchema.safeParse(body).success);
      await holds(seed, valid, async (body) => {
        const made = await caller.lead(body);
        const { data } = (await caller.call('leads.get', { params: { leadId: made.id } })).body;
        demandEqual(data, { ...data, ...body }, 'what is read');
      });
    },
  },
  {
    name: 'random: a lead is created exactly when the schema allows it',
    async run({ caller, seed }) {
      await holds(seed, anything, async (body) => {
        const { status } = await caller.call('leads.create', { body: JSON.stringify(body) });
        demandEqual(status, CreateLeadSchema.safeParse(body).success ? 201 : 400, 'the status');
      });
    },
  },
  {
    name: 'random: a lead is changed exactly when the schema allows it',
    async run({ caller, seed }) {
      const params = { leadId: (await caller.lead()).id };
      await holds(seed, anything, async (body) => {
        const { status } = await caller.call('leads.update', { params, body: JSON.stringify(body) });
        // Merging may make metadata larger than it may be.
        demandEqual(status === 200 || status === 400, true, 'a documented status');
        if (!UpdateLeadSchema.safeParse(body).success) demandEqual(status, 400, 'the status');
      });
    },
  },
  {
    name: 'random: a list is answered exactly when the schema allows its query',
    stateless: true,
    async run({ caller, seed }) {
      await holds(seed, query, async (parameters) => {
        const sent = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
        const { status } = await caller.call('leads.list', { query: sent });
        demandEqual(status, ListLeadsQuerySchema.safeParse(sent).success ? 200 : 400, 'the status');
      });
    },
  },
];

async function holds<Value>(seed: number, arbitrary: fc.Arbitrary<Value>, predicate: (value: Value) => Promise<void>): Promise<void> {
  const { failed, counterexample, errorInstance } = await fc.check(fc.asyncProperty(arbitrary, predicate), { seed, numRuns: RUNS });
  if (!failed) return;
  const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  demand(false, `${reason}; the smallest that fails: ${JSON.stringify(counterexample?.[0])} (seed ${seed})`);
}
