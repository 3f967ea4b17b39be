import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import {
  BulkAnonymizeSchema,
  BulkArchiveSchema,
  BulkDeleteSchema,
  CreateLeadSchema,
  LEAD_CSV_COLUMNS,
  LeadSchema,
  openApiJson,
  OPERATIONS,
} from '../src/index.ts';

const document = JSON.parse(openApiJson()) as object;

/** A validator of the kind that others generate from the document. */
function validator(component: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'document');
  return ajv.compile({ $ref: `document#/components/schemas/${component}` });
}

/** Every choice of one value of each list. */
function combinations(fields: Readonly<Record<string, readonly unknown[]>>): object[] {
  return Object.entries(fields).reduce<object[]>(
    (made, [field, values]) => made.flatMap((body) => [body, ...values.map((value) => ({ ...body, [field]: value }))]),
    [{}],
  );
}

const SELECTION = {
  ids: [['lead_1'], []],
  atomic: [true],
  filter: [{ status: 'lost' }, {}],
  dryRun: [true, false],
  planToken: ['x'],
};

describe('a validator made from the document agrees with the server about', () => {
  it.each([
    ['BulkDeleteRequest', BulkDeleteSchema, { backup: [true, false], erase: [true, false] }],
    ['BulkArchiveRequest', BulkArchiveSchema, {}],
    ['BulkAnonymizeRequest', BulkAnonymizeSchema, {}],
  ])('which fields of %s belong together', (component, schema, options) => {
    const validate = validator(component);
    const bodies = combinations({ ...SELECTION, ...options });
    const accepted = bodies.filter((body) => validate(body));
    expect(accepted).toEqual(bodies.filter((body) => schema.safeParse(body).success));
    expect([accepted.length > 3, accepted.length < bodies.length]).toEqual([true, true]);
  });
});

describe('a validator made from the document', () => {
  it.each([
    'u@example.xn--p1ai',
    'info@münchen.de',
    'a&b@x.com',
    'ÄÖ@x.de',
    'jo+tag@example.com',
    '用户@例子.公司',
    'ann@exаmple.com',

    'ann@example',
    'ann',
    '@x.com',
    'a b@x.com',
    'ann@x..com',
    'ann@-x.com',
    'ann\u200b@x.com',
    'ann\u00a0@x.com',
    '👩@x.com',
    'ann\ud83d@x.com',
    `ann@${'b'.repeat(63)}.com`,
    `ann@${'b'.repeat(64)}.com`,
    'ann@x.com\n',
    `${'a'.repeat(249)}@x.com`,
    `${'a'.repeat(248)}@x.com`,
  ])('takes the e-mail address %j where the server takes it', (email) => {
    const body = { name: 'Ann', email };
    expect(validator('CreateLeadRequest')(body)).toBe(CreateLeadSchema.safeParse(body).success);
  });
});

describe('a CSV of leads', () => {
  it('has a column for every field of a lead but its workspace, and so has its example', () => {
    expect([...LEAD_CSV_COLUMNS, 'workspaceId'].toSorted()).toEqual(Object.keys(LeadSchema.shape).toSorted());
    const { value } = OPERATIONS.find(({ id }) => id === 'leads.export')!.metadata.successExamples['csv']!;
    const [header, ...lines] = String(value).trimEnd().split('\r\n');
    expect(header).toBe(LEAD_CSV_COLUMNS.join(','));
    for (const line of lines) expect(line.split(',').length).toBe(LEAD_CSV_COLUMNS.length);
  });
});
