import { expect, it } from 'vitest';
import { adviceOn } from '../compat/advice.ts';
import type { Document } from '../compat/comparable.ts';
import { type Change, compare } from '../compat/compare.ts';

/** Anything that a change may reach into. */
// oxlint-disable-next-line typescript/no-explicit-any -- a document is edited in a hundred places here, each of another type
type Open = any;

const error = (code: string) => ({
  type: 'object',
  properties: {
    success: { type: 'boolean', const: false },
    code: { type: 'string', const: code },
    error: { type: 'string', examples: ['Text'], 'x-for-people': true },
    details: { type: 'object', properties: { leadId: { type: 'string' } }, required: ['leadId'] },
  },
  required: ['success', 'code', 'error', 'details'],
});
const json = (schema: object) => ({ 'application/json': { schema } });

const components = {
  schemas: {
    Lead: {
      type: 'object',
      title: 'Lead',
      description: 'A lead.',
      properties: {
        id: { type: 'string', maxLength: 64, pattern: '^lead_[0-9a-z]+$' },
        name: { type: 'string', maxLength: 200, description: 'Its name.', examples: ['John Doe'] },
        phone: { anyOf: [{ type: 'string', maxLength: 50 }, { type: 'null' }] },
        status: { type: 'string', enum: ['new', 'lost'] },
        action: { type: 'string', enum: ['lead.deleted'] },
        count: { type: 'integer', minimum: 0 },
        note: { type: 'string' },
        createdAt: { type: 'string', format: 'date-time' },
        result: { anyOf: [{ $ref: '#/components/schemas/Done' }, { $ref: '#/components/schemas/Plan' }] },
      },
      required: ['id', 'name', 'status'],
    },
    Done: { type: 'object', properties: { done: { type: 'boolean' } }, required: ['done'] },
    Plan: { type: 'object', properties: { matched: { type: 'integer' } }, required: ['matched'] },
    NotFound: error('LEAD_NOT_FOUND'),
    InUse: error('LEAD_IN_USE'),
    Stale: error('CONFIRMATION_STALE'),
  },
  parameters: {
    Limit: { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } },
  },
  headers: { ETag: { description: 'Its version.', schema: { type: 'string' } } },
  securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } },
};

const operation = (id: string) => ({
  operationId: `${id}.create`,
  summary: 'Create',
  description: 'Creates.',
  tags: ['Leads'],
  security: [{ apiKey: [] }],
  'x-required-scope': 'leads:write',
  parameters: [
    { name: 'leadId', in: 'path', required: true, schema: { type: 'string', minLength: 1, maxLength: 64 } },
    { $ref: '#/components/parameters/Limit' },
    { name: 'status', in: 'query', schema: { type: 'string', enum: ['new', 'lost'] } },
    { name: 'sort', in: 'query', schema: { type: 'string', pattern: '^[a-z]+$' } },
    { name: 'If-Match', in: 'header', schema: { type: 'string' } },
  ],
  requestBody: {
    required: true,
    content: json({
      type: 'object',
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 200 },
        email: { type: 'string', format: 'email' },
        status: { type: 'string', enum: ['new', 'lost'] },
        tags: { type: 'array', items: { type: 'string' }, maxItems: 10 },
        score: { type: 'integer', minimum: 0, maximum: 10 },
        dryRun: { type: 'boolean', const: true },
      },
      required: ['name'],
      additionalProperties: false,
    }),
  },
  responses: {
    200: {
      description: 'Done.',
      headers: { ETag: { $ref: '#/components/headers/ETag' } },
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/Lead' }, examples: { one: { value: {} } } },
        'text/csv': { schema: { type: 'string' } },
      },
    },
    404: { description: 'None.', content: json({ $ref: '#/components/schemas/NotFound' }) },
    409: {
      description: 'Not now.',
      content: json({ oneOf: [{ $ref: '#/components/schemas/InUse' }, { $ref: '#/components/schemas/Stale' }] }),
    },
  },
});

/** The body of the request, and the lead of the answer, which becomes one of the operation's own. */
const body = (op: Open) => op.requestBody.content['application/json'].schema;
const lead = (op: Open) => (op.responses[200].content['application/json'].schema = structuredClone(components.schemas.Lead) as Open);
const query = (op: Open, name: string) => op.parameters.find((it: Open) => it.name === name).schema;
const limit = (op: Open) => (op.parameters[1] = structuredClone(components.parameters.Limit) as Open);

/** `text` is what stands in the document, but is promised to nobody. */
type Verdict = 'breaking' | 'addition' | 'text';
type Row = [change: string, verdict: Verdict, edit: (operation: Open, item: Open, document: Open) => void];

const ROWS: Row[] = [
  // What everybody finds.
  ['an operation goes', 'breaking', (_, item) => delete item.post],
  ['an operation moves to another method', 'breaking', (op, item) => ((item.put = op), delete item.post)],
  ['an operation gets another id', 'breaking', (op) => (op.operationId = 'other')],
  ['a parameter goes', 'breaking', (op) => op.parameters.splice(2, 1)],
  ['a required parameter comes', 'breaking', (op) => op.parameters.push({ name: 'x', in: 'query', required: true, schema: {} })],
  ['a parameter becomes required', 'breaking', (op) => (op.parameters[2].required = true)],
  ['a header becomes required', 'breaking', (op) => (op.parameters[4].required = true)],
  ['a parameter is renamed', 'breaking', (op) => (op.parameters[2].name = 'state')],
  ['an optional parameter comes', 'addition', (op) => op.parameters.push({ name: 'x', in: 'query', schema: { type: 'string' } })],
  ['a field of the body goes, which is closed', 'breaking', (op) => delete body(op).properties.email],
  ['a field of the body becomes required', 'breaking', (op) => body(op).required.push('email')],
  ['a field of the body becomes optional', 'addition', (op) => (body(op).required = [])],
  ['an optional field of the body comes', 'addition', (op) => (body(op).properties.company = { type: 'string' })],
  ['a required field of the body comes', 'breaking', (op) => ((body(op).properties.company = {}), body(op).required.push('company'))],
  ['the body becomes optional', 'addition', (op) => (op.requestBody.required = false)],
  ['the body gets another format', 'addition', (op) => (op.requestBody.content['text/csv'] = { schema: { type: 'string' } })],
  ['a format of the answer goes', 'breaking', (op) => delete op.responses[200].content['text/csv']],
  ['a field of the answer goes', 'breaking', (op) => delete lead(op).properties.note],
  [
    'a field of the answer is renamed',
    'breaking',
    (op) => ((lead(op).properties.memo = { type: 'string' }), delete lead(op).properties.note),
  ],
  ['a field of the answer becomes optional', 'breaking', (op) => (lead(op).required = ['id', 'status'])],
  ['a field of the answer becomes sure', 'addition', (op) => lead(op).required.push('note')],
  ['a field of the answer gets another type', 'breaking', (op) => (lead(op).properties.count = { type: 'string' })],
  ['an integer of the answer becomes a number', 'breaking', (op) => (lead(op).properties.count = { type: 'number' })],
  ['a moment of the answer becomes a day', 'breaking', (op) => (lead(op).properties.createdAt.format = 'date')],
  ['a header of the answer goes', 'breaking', (op) => (op.responses[200].headers = {})],
  ['a header of the answer comes', 'addition', (op) => (op.responses[200].headers['Sunset'] = { schema: { type: 'string' } })],
  ['the success gets another status', 'breaking', (op) => ((op.responses[201] = op.responses[200]), delete op.responses[200])],

  // Bounds of requests.
  ['a maximum of the request shrinks', 'breaking', (op) => (limit(op).schema.maximum = 50)],
  ['a maximum of the request grows', 'addition', (op) => (limit(op).schema.maximum = 200)],
  ['a minimum of the request grows', 'breaking', (op) => (body(op).properties.score.minimum = 1)],
  ['a text of the request may be longer', 'addition', (op) => (body(op).properties.name.maxLength = 300)],
  ['a text of the request may be shorter', 'addition', (op) => (body(op).properties.name.minLength = 0)],
  ['a text of the request gets a length', 'breaking', (op) => (query(op, 'sort').maxLength = 10)],
  ['a list of the request may be longer', 'addition', (op) => (body(op).properties.tags.maxItems = 20)],
  ['a list of the request gets a lower bound', 'breaking', (op) => (body(op).properties.tags.minItems = 1)],
  ['a value of the request goes', 'breaking', (op) => (query(op, 'status').enum = ['new'])],
  ['a value of the request comes', 'addition', (op) => query(op, 'status').enum.push('won')],
  ['any text of the request becomes one of a few', 'breaking', (op) => (body(op).properties.email.enum = ['a@b.c'])],
  ['a text of the request gets a pattern', 'breaking', (op) => (body(op).properties.name.pattern = '^x')],
  ['a pattern of the request becomes another', 'breaking', (op) => (query(op, 'sort').pattern = '^[a-y]+$')],
  ['a pattern of the request goes', 'addition', (op) => delete query(op, 'sort').pattern],

  // What tools for every API get wrong.
  ['a parameter gets another default', 'breaking', (op) => (limit(op).schema.default = 50)],
  ['an operation needs another scope', 'breaking', (op) => (op['x-required-scope'] = 'leads:delete')],
  ['a parameter of the path is renamed', 'breaking', (_, item, document) => rename(document, item)],
  ['a further success', 'breaking', (op) => (op.responses[202] = { description: 'Later.', content: json({ type: 'object' }) })],
  ['a pattern of the request takes more', 'addition', (op) => (query(op, 'sort').pattern = '^[a-z]+$|^-[a-z]+$')],
  [
    'a field of the request may be null',
    'addition',
    (op) => (body(op).properties.email = { anyOf: [{ type: 'string', format: 'email' }, { type: 'null' }] }),
  ],
  ['a field of the answer may be null', 'breaking', (op) => (lead(op).properties.note = { anyOf: [{ type: 'string' }, { type: 'null' }] })],
  ['null is said in another way', 'text', (op) => (lead(op).properties.phone = { type: ['string', 'null'], maxLength: 50 })],
  [
    'a constant of the request becomes a choice',
    'addition',
    (op) => (body(op).properties.dryRun = { type: 'boolean', enum: [true, false] }),
  ],
  ['a status comes', 'breaking', (op) => lead(op).properties.status.enum.push('won')],
  ['a status goes', 'addition', (op) => (lead(op).properties.status.enum = ['new'])],
  ['an action of the audit log comes', 'text', (op) => lead(op).properties.action.enum.push('lead.read')],
  ['a text of the answer may be longer', 'text', (op) => (lead(op).properties.name.maxLength = 300)],
  ['a number of the answer may be smaller', 'text', (op) => (lead(op).properties.count.minimum = -1)],
  ['an id gets another form', 'text', (op) => (lead(op).properties.id.pattern = '^[0-9a-z-]+$')],
  ['an id gets longer', 'breaking', (op) => (lead(op).properties.id.maxLength = 128)],
  ['a field of the answer comes', 'addition', (op) => (lead(op).properties.company = { type: 'string' })],
  ['the answer is closed', 'text', (op) => (lead(op).additionalProperties = false)],
  ['the answer gets another form', 'breaking', (op) => lead(op).properties.result.anyOf.push({ type: 'string' })],
  ['a code comes', 'addition', (op) => op.responses[409].content['application/json'].schema.oneOf.push(error('NEW_CODE'))],
  [
    'a code comes with a status of its own',
    'addition',
    (op) => (op.responses[412] = { description: '', content: json(error('NEW_CODE')) }),
  ],
  [
    'a code comes beside one that was alone',
    'addition',
    (op) => (op.responses[404].content = json({ oneOf: [error('NEW_CODE'), { $ref: '#/components/schemas/NotFound' }] })),
  ],
  ['a code becomes another', 'breaking', (op) => (op.responses[404].content = json(error('GONE')))],
  ['a code moves to another status', 'breaking', (op) => ((op.responses[410] = op.responses[404]), delete op.responses[404])],
  ['a code is answered no more', 'addition', (op) => delete op.responses[404]],
  [
    'details of an error lose a field',
    'breaking',
    (op) => (
      (op.responses[404].content = json(error('LEAD_NOT_FOUND'))),
      (op.responses[404].content['application/json'].schema.properties.details = { type: 'object', properties: {} })
    ),
  ],
  ['an operation goes that was only planned', 'text', (_, item) => delete item.patch],
  ['an operation changes that is only planned', 'text', (_, item) => (item.patch.parameters = [])],
  ['an operation ends after its sunset', 'addition', (_, item) => delete item.delete],
  ['an operation ends before its sunset', 'breaking', (_, item) => delete item.get],
  ['an operation is deprecated', 'addition', (op) => (op.deprecated = true)],

  // What is none of a caller's business.
  ['a description changes', 'text', (op) => (op.description = 'Makes one.')],
  ['an example changes', 'text', (op) => (op.responses[200].content['application/json'].examples = {})],
  ['another text for people', 'text', (op) => (lead(op).properties.name.description = 'What it is called.')],
  ['a tag changes', 'text', (op) => (op.tags = ['People'])],
  [
    'a component gets another name',
    'text',
    (op, _, document) => (
      (document.components.schemas.Person = components.schemas.Lead),
      (op.responses[200].content['application/json'].schema.$ref = '#/components/schemas/Person')
    ),
  ],
  ['a component is written out', 'text', (op) => limit(op)],
  ['parameters stand in another order', 'text', (op) => (op.parameters = op.parameters.toReversed())],
  ['values stand in another order', 'text', (op) => (query(op, 'status').enum = ['lost', 'new'])],
  [
    'forms stand in another order',
    'text',
    (op) => (lead(op).properties.result.anyOf = components.schemas.Lead.properties.result.anyOf.toReversed()),
  ],
  [
    'codes stand in another order',
    'text',
    (op) => (op.responses[409].content['application/json'].schema.oneOf = [error('CONFIRMATION_STALE'), error('LEAD_IN_USE')]),
  ],
];

function rename(document: Open, item: Open): void {
  const [path] = Object.entries(document.paths).find(([, it]) => it === item)!;
  delete document.paths[path];
  item.post.parameters[0].name = 'id';
  document.paths[path.replace('{leadId}', '{id}')] = item;
}

/** One path for each row, so that all of them take one comparison. */
const base = {
  openapi: '3.1.0',
  info: { title: 'API', version: '1.0.0' },
  paths: Object.fromEntries(
    ROWS.map(([, , edit], row) => [
      `/row-${row}/{leadId}`,
      {
        post: operation(`row${row}`),
        ...(edit.length > 1 && {
          patch: { ...operation(`planned${row}`), 'x-planned': true },
          delete: { ...operation(`ended${row}`), deprecated: true, 'x-sunset': '2026-01-31' },
          get: { ...operation(`ending${row}`), deprecated: true, 'x-sunset': '2026-12-31' },
        }),
      },
    ]),
  ),
  components,
};
const revision = structuredClone(base) as Open;
for (const [row, [, , edit]] of ROWS.entries()) {
  const item = revision.paths[`/row-${row}/{leadId}`];
  edit(item.post, item, revision);
}
const changes = compare(base, revision as Document, new Date('2026-06-30'));

function verdictOn(row: number): Verdict {
  const own = changes.filter(({ operations }) => operations.some((it) => it.includes(`/row-${row}/`)));
  return own.some(({ verdict }) => verdict === 'breaking') ? 'breaking' : own.length > 0 ? 'addition' : 'text';
}

it.each(ROWS.map(([change, verdict], row) => ({ change, verdict, row })))('$change: $verdict', ({ verdict, row }) => {
  expect(verdictOn(row), JSON.stringify(changes.filter(({ operations }) => operations.some((it) => it.includes(`/row-${row}/`))))).toBe(
    verdict,
  );
});

it('each breaking change says where, whom it breaks, and what to do instead', () => {
  const breaking = changes.filter(({ verdict }) => verdict === 'breaking');
  for (const change of breaking) {
    expect(change.message).toMatch(/\.$/);
    expect(Object.values(adviceOn(change.rule!)).every((text) => text.length > 10)).toBe(true);
  }
  expect(breaking.find(({ operations }) => operations[0]!.includes('/row-17/'))).toMatchObject({
    rule: 'property-removed',
    where: 'answer 200 note',
    message: 'Property `note` was removed.',
  } satisfies Partial<Change>);
});
