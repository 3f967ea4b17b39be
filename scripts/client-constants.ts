/** Writes what the client and its command line must know of the contract at run time: limits, and the fields of what is sent and answered. */
import {
  API_KEY_PREFIX,
  IMPORT_MAX_BYTES,
  IMPORT_MAX_LINES,
  LEAD_CSV_COLUMNS,
  OPERATIONS,
  OUTCOMES_LIMIT_MAX,
  PAGE_LIMIT_DEFAULT,
  PAGE_LIMIT_MAX,
  TOKEN_LIFETIME_SECONDS,
  TOTAL_COUNT_MAX,
} from '@leads/contract';
import { documented, type DocumentedOperation, literal, parametersOf, resolve, type Schema, schemas } from './document.ts';

const fieldsOf = (schema: Schema) => Object.entries(resolve(schema).properties ?? {});

/** The text of the module of the client's constants. */
export function constantsModule(): string {
  const bulk = new Map(inputsOf(documented.get('leads.bulkDelete')!).map(({ name, schema }) => [name, schema]));
  return [
    '// Generated from the contract by `npm run generate`; do not edit.',
    `import type { OperationId } from './api.generated.ts';`,
    '',
    ...constant('API_PATH', apiPath(), 'What the path of every operation begins with.'),
    ...constant('API_KEY_PREFIX', API_KEY_PREFIX, 'What every API key begins with.'),
    ...constant('PAGE_LIMIT_DEFAULT', PAGE_LIMIT_DEFAULT, 'How many items a page holds when `limit` is left out.'),
    ...constant('PAGE_LIMIT_MAX', PAGE_LIMIT_MAX, 'How many items a page holds at most.'),
    ...constant('OUTCOMES_LIMIT_MAX', OUTCOMES_LIMIT_MAX, 'How many outcomes of a job a page holds at most.'),
    ...constant('TOTAL_COUNT_MAX', TOTAL_COUNT_MAX, 'Up to where the `total` of a list is exact that has to be counted.'),
    ...constant('IDS_MAX', resolve(bulk.get('ids')!).maxItems, 'How many ids one request can name.'),
    ...constant('IMPORT_MAX_LINES', IMPORT_MAX_LINES, 'How many lines one import can have.'),
    ...constant('IMPORT_MAX_BYTES', IMPORT_MAX_BYTES, 'How many bytes one import can have.'),
    ...constant('TOKEN_LIFETIME_SECONDS', TOKEN_LIFETIME_SECONDS, 'How long the token of a preview or a plan is valid, in seconds.'),
    ...constant('LEAD_CSV_COLUMNS', LEAD_CSV_COLUMNS, 'The columns of a CSV of leads.'),
    INPUT_TYPE,
    '/** What a list and an export of leads can be narrowed by. */',
    `export const LEAD_FILTERS = ${inputs(leadFilters(), '')} as const satisfies Inputs;`,
    '',
    '/** What a bulk operation can be narrowed by. */',
    `export const BULK_FILTERS = ${inputs(propertiesOf(bulk.get('filter')!), '')} as const satisfies Inputs;`,
    '',
    '/** Of every operation what its query or its body can hold. */',
    `export const INPUTS = {\n${OPERATIONS.map(({ id }) => `  '${id}': ${inputs(inputsOf(documented.get(id)!), '  ')},`).join('\n')}\n} as const satisfies Record<OperationId, Inputs>;`,
    '',
    '/** The names of the fields of everything that is answered. */',
    `export const FIELDS = {\n${answered()
      .map(
        ([name, schema]) =>
          `  ${name}: [${fieldsOf(schema)
            .map(([field]) => literal(field))
            .join(', ')}],`,
      )
      .join('\n')}\n} as const satisfies Record<string, readonly string[]>;`,
    '',
  ].join('\n');
}

const INPUT_TYPE = `/** What its caller can write into a query or a body. */
export interface Input {
  /** \`moment\`: a time with its zone; \`day\`: a day in UTC. */
  readonly type: 'text' | 'number' | 'boolean' | 'moment' | 'day' | 'list' | 'object';
  readonly required?: true;
  /** Whether null clears it. */
  readonly nullable?: true;
  /** The values that it can have, where they are named. */
  readonly values?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Fields by name. */
export type Inputs = Readonly<Record<string, Input>>;
`;

interface NamedInput {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
}

function constant(name: string, value: unknown, meaning: string): string[] {
  const text = Array.isArray(value) ? `[${value.map(literal).join(', ')}] as const` : literal(value);
  if (value === undefined) throw new Error(`The contract does not say ${name}`);
  return [`/** ${meaning} */`, `export const ${name} = ${text};`, ''];
}

/** The first two segments of the paths, which all have in common. */
function apiPath(): string {
  const [path, ...others] = new Set(OPERATIONS.map(({ route }) => route.path.split('/').slice(0, 3).join('/')));
  if (path === undefined || others.length > 0) throw new Error('The paths of the operations begin differently');
  return path;
}

/** What both know; the rest says how a list is sorted and paged, and the format of an export. */
function leadFilters(): NamedInput[] {
  const exported = new Set(inputsOf(documented.get('leads.export')!).map(({ name }) => name));
  return inputsOf(documented.get('leads.list')!).filter(({ name }) => exported.has(name));
}

function inputsOf(operation: DocumentedOperation): NamedInput[] {
  const query = parametersOf(operation)
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, schema, required = false }) => ({ name, schema, required }));
  const [body] = Object.values(operation.requestBody?.content ?? {});
  return [...query, ...(body ? propertiesOf(body.schema) : [])];
}

function propertiesOf(schema: Schema): NamedInput[] {
  const { required = [] } = resolve(schema);
  return fieldsOf(schema).map(([name, property]) => ({ name, schema: property, required: required.includes(name) }));
}

function inputs(named: readonly NamedInput[], indent: string): string {
  if (named.length === 0) return '{}';
  return `{\n${named.map((input) => `${indent}  ${input.name}: { ${input.required ? 'required: true, ' : ''}${typeOf(input.schema)} },`).join('\n')}\n${indent}}`;
}

/** The type of an input, as members of an object. */
function typeOf(schema: Schema): string {
  const parts = (schema.anyOf ?? [schema]).map((part) => resolve(part));
  const types = parts.flatMap(({ type }) => type ?? []);
  const whole = parts.find(({ type }) => type !== 'null')!;
  const { items } = whole;
  const values = (items ? resolve(items) : whole).enum as string[] | undefined;
  return [
    `type: ${literal(kindOf(whole))}`,
    ...(types.includes('null') ? ['nullable: true'] : []),
    ...(values ? [`values: [${values.map(literal).join(', ')}]`] : []),
    ...(['minimum', 'maximum'] as const).flatMap((bound) => (whole[bound] === undefined ? [] : [`${bound}: ${whole[bound]}`])),
  ].join(', ');
}

function kindOf({ type, format }: Schema): string {
  switch (type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return 'list';
    case 'boolean':
    case 'object':
      return type;
    default:
      return format === 'date-time' ? 'moment' : format === 'date' ? 'day' : 'text';
  }
}

/** The schemas with a name and fields that answers are made of, but for envelopes, errors and what is only sent. */
function answered(): [name: string, schema: Schema][] {
  return Object.entries(schemas).filter(([name, { properties }]) => properties && !/(Request|Filter|Response|Error)$/.test(name));
}
