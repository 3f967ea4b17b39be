import type { Edit } from './scratch-copy.ts';

/** What a change takes: each of its places, by what one does there. */
export type Recipe = Readonly<Record<string, Edit>>;

const SCHEMAS = 'packages/contract/src/leads/schemas.ts';
const EXAMPLES = 'packages/contract/src/leads/examples.ts';
const FIELDS = 'packages/server/src/leads/lead-fields.ts';
const OPTIONS = 'packages/client/src/cli/fields.ts';
const FILTERS = 'packages/client/src/cli/filters.ts';

const before = (file: string, find: string, text: string): Edit => ({ file, find, put: text + find });
const after = (file: string, find: string, text: string): Edit => ({ file, find, put: find + text });

/** How a new optional field of a lead is said, whose value leads can be selected by. */
interface Field {
  readonly name: string;
  /** Its schema, in TypeScript. */
  readonly schema: string;
  /** Its type in the table of fields, and in the database. */
  readonly type: string;
  /** In the examples, in TypeScript. */
  readonly example: string;
  readonly index: string;
}

/** A text that names a person, a number, and a list of texts. */
export const FIELD_KINDS: readonly Field[] = [
  {
    name: 'company',
    schema: `pii(text(1, 200).meta({ description: 'Where the person works.', examples: ['Acme'], minLength: 1, maxLength: 200 }))`,
    type: 'text',
    example: `'Acme'`,
    index: 'create index leads_by_company on leads (workspace_id, company, created_at, id)',
  },
  {
    name: 'score',
    schema: `z.number().min(0).max(100).meta({ description: 'How likely a purchase is.', examples: [75] })`,
    type: 'double precision',
    example: '75',
    index: 'create index leads_by_score on leads (workspace_id, score, created_at, id)',
  },
  {
    name: 'tags',
    schema: `z.array(text(1, 50)).max(20).meta({ description: 'Words to find the lead by.', examples: [['vip']] })`,
    type: 'text[]',
    example: `['vip']`,
    index: 'create index leads_by_tags on leads using gin (workspace_id, tags)',
  },
];

/** A new optional field of a lead. */
export function fieldRecipe({ name, schema, type, example, index }: Field): Recipe {
  return {
    'contract: its schema': before(SCHEMAS, '/** The fields of a lead that a caller writes. */', `const ${name} = ${schema};\n\n`),
    'contract: among the fields that are written': after(SCHEMAS, '  source: leadSource.nullable(),\n', `  ${name}: ${name}.nullable(),\n`),
    'contract: what stands there where it is left out': after(SCHEMAS, 'const DEFAULTS = { phone: null, ', `${name}: null, `),
    'contract: among the fields by which leads are selected': after(SCHEMAS, 'LeadStatusSchema, source: leadSource', `, ${name}`),
    'contract: in an example': after(EXAMPLES, `  phone: '+1-555-0123',\n`, `  ${name}: ${example},\n`),
    'contract: in the other example': after(EXAMPLES, `  email: 'jane@example.org',\n  phone: null,\n`, `  ${name}: null,\n`),
    'server: its line in the table of fields': after(
      FIELDS,
      `  source: { column: 'source', type: 'text' },\n`,
      `  ${name}: { column: '${name}', type: '${type}' },\n`,
    ),
    'server: its migration': {
      file: `packages/server/src/db/migrations/9000-${name}.sql`,
      create: `alter table leads add column ${name} ${type};\n${index};\n`,
    },
    'command line: its option': after(OPTIONS, 'const WORDS = {\n', `  ${name}: ['VALUE', 'the ${name}'],\n`),
    'command line: its option to select by': after(FILTERS, 'const WORDS = {\n', `  ${name}: ['VALUE', 'only leads with exactly this'],\n`),
  };
}

/** A new filter of lists and exports. */
export const FILTER: Recipe = {
  'contract: its parameter': before(
    SCHEMAS,
    `  createdBefore: timestampInput('Only leads created before this moment.'`,
    `  updatedAfter: timestampInput('Only leads last changed at this moment or later.', '2024-01-01T00:00:00Z').optional(),\n`,
  ),
  'server: its condition': after(
    'packages/server/src/leads/lead-filter.ts',
    `  createdBefore: (value, parameter) => \`created_at < \${parameter(new Date(value))}\`,\n`,
    `  updatedAfter: (value, parameter) => \`updated_at >= \${parameter(new Date(value))}\`,\n`,
  ),
  'command line: its option': after(FILTERS, 'const WORDS = {\n', `  updatedAfter: ['WHEN', 'only leads last changed then or later'],\n`),
};

const CONTRACT = 'packages/contract/src/leads/contract.ts';
const LEADS = 'packages/server/src/leads/leads.ts';

/** A new operation: how many leads there are. */
export const OPERATION: Recipe = {
  'contract: its route': after(
    CONTRACT,
    'export const leads = c.router({\n',
    `  count: {
    method: 'GET',
    path: '/api/v1/leads/count',
    summary: 'Count leads',
    description: 'Says how many leads there are.',
    responses: { 200: CountResponseSchema, ...errorResponses(...COMMON_ERRORS) },
    metadata: {
      scope: 'leads:read',
      successExamples: { two: { summary: 'Two', value: { success: true, data: { count: 2 } } } },
    } satisfies OperationMetadata,
  },\n`,
  ),
  'contract: the schema of its answer': before(
    CONTRACT,
    'export const leads = c.router({\n',
    `const CountResponseSchema = success(
  'CountResponse',
  z.strictObject({ count: z.int().min(0).meta({ description: 'How many there are.', examples: [2] }) }),
);\n\n`,
  ),
  'contract: what that needs': before(
    CONTRACT,
    `import { errorResponses } from '../errors/envelope.ts';\n`,
    `import * as z from 'zod';\nimport { success } from '../http/success.ts';\n`,
  ),
  'server: its file': {
    file: 'packages/server/src/leads/count-leads.ts',
    create: `import type { contract } from '@leads/contract';
import { run } from '../db/database.ts';
import type { OperationHandler } from '../http/implement.ts';

/** \`leads.count\`: how many leads there are, from the counters. */
export function countLeads(): OperationHandler<typeof contract.leads.count> {
  return async ({ caller, db }) => {
    const sql = 'select coalesce(sum(count), 0)::integer as count from lead_counts where workspace_id = $1';
    const [row] = await run<{ count: number }>(db, sql, [caller.workspaceId]);
    return { status: 200, body: { success: true, data: row! } };
  };
}
`,
  },
  'server: among the operations': after(LEADS, '    list: listLeads(),\n', '    count: countLeads(),\n'),
  'server: what that needs': before(
    LEADS,
    `import { createLead } from './create-lead.ts';\n`,
    `import { countLeads } from './count-leads.ts';\n`,
  ),
  'conformance: a call of it': after(
    'packages/conformance/src/valid-calls.ts',
    `  'leads.list': async () => ({}),\n`,
    `  'leads.count': async () => ({}),\n`,
  ),
  'collections: a step': after('scripts/collections/story.ts', `  { operation: 'leads.list' },\n`, `  { operation: 'leads.count' },\n`),
  'command line: a line that reaches it': after(
    'packages/client/test/cli/operations.test.ts',
    `  'leads.list': () => ['list'],\n`,
    `  'leads.count': () => ['count'],\n`,
  ),
};
