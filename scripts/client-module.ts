/** Writes the client's module out of the OpenAPI document: its table of routes, and types that read well where they are used. */
import {
  BODY_ERRORS,
  bodyOf,
  COMMON_ERRORS,
  type ErrorCode,
  ERRORS,
  type ErrorDefinition,
  type Operation,
  OPERATIONS,
  WRITE_ERRORS,
} from '@leads/contract';
import * as z from 'zod';
import {
  type Content,
  documented,
  type DocumentedOperation,
  literal,
  type Parameter,
  parametersOf,
  resolve,
  type Schema,
  schemas,
} from './document.ts';

/** The codes that say nothing about an operation of its own. */
const USUAL: ReadonlySet<string> = new Set([...COMMON_ERRORS, ...BODY_ERRORS, ...WRITE_ERRORS]);

/** The schemas of what only callers send. */
const SENT = /(Request|Filter)$/;

/** The text of the client's generated module. */
export function clientModule(): string {
  const interfaces: string[] = [];
  const resources = Map.groupBy(OPERATIONS, ({ id }) => id.split('.')[0]!);
  for (const [resource, operations] of resources) {
    const members = operations.map((operation) => member(operation, interfaces));
    interfaces.push(
      `/** The operations of \`client.${resource}\`. */\nexport interface ${pascal(resource)}Operations {\n${members.join('\n')}\n}`,
    );
  }
  return [
    '// Generated from the contract by `npm run generate`; do not edit.',
    `import type { ApiPromise, CallOptions, ConfirmedWriteOptions, GuardedWriteOptions, PagePromise, WriteOptions } from './types.ts';`,
    '',
    '/** Of every operation its method, its path, and what it takes: the media type of a body, a query, the query of a list that is answered in pages, or null. */',
    `export const ROUTES = {\n${OPERATIONS.map(route).join('\n')}\n} as const satisfies Readonly<Record<string, readonly [method: string, path: string, input: string | null]>>;`,
    '',
    '/** The id of an operation, such as `leads.delete`. */',
    'export type OperationId = keyof typeof ROUTES;',
    '',
    '/** The names of the fields that hold personal data: the contract marks them. */',
    `export const PERSONAL_FIELDS: readonly string[] = [${personalFields().map(literal).join(', ')}];`,
    '',
    ...namedSchemas(),
    ...interfaces.flatMap((text) => [text, '']),
    errorDetails(),
    '',
    '/** What went wrong, for programs: a code of the API. */',
    'export type ErrorCode = keyof ErrorDetailsByCode;',
    '',
    '/** Every operation of the API, by resource. */',
    `export interface Operations {\n${[...resources.keys()].map((resource) => `  readonly ${resource}: ${pascal(resource)}Operations;`).join('\n')}\n}`,
    '',
  ].join('\n');
}

function route({ id, route: { method, path, query }, metadata, route: whole }: Operation): string {
  const { shape = {} } = (query ?? {}) as { shape?: object };
  const input = bodyOf(whole)
    ? (metadata.bodyMediaType ?? 'application/json')
    : 'cursor' in shape
      ? 'pages'
      : Object.keys(shape).length > 0
        ? 'query'
        : null;
  return `  '${id}': ['${method}', '${path}', ${input === null ? input : literal(input)}],`;
}

/** The schemas with a name of their own, but for envelopes, which the client opens. */
function namedSchemas(): string[] {
  return Object.entries(schemas)
    .filter(([name]) => !/(Error|Response)$/.test(name))
    .flatMap(([name, schema]) => [
      comment([schema.description ?? name], ''),
      schema.properties
        ? `export interface ${name} ${objectType(schema, '', SENT.test(name))}`
        : `export type ${name} = ${typeOf(schema, '')};`,
      '',
    ]);
}

/** One operation as a function; the interfaces that it needs are added to `interfaces`. */
function member({ id, route: { path } }: Operation, interfaces: string[]): string {
  const operation = documented.get(id)!;
  const [resource, name] = id.split('.') as [string, string];
  const all = parametersOf(operation);
  const query = all.filter((parameter) => parameter.in === 'query');
  const args = [...path.matchAll(/:(\w+)/g)].map(([, parameter]) => `${parameter}: string`);
  if (operation.requestBody) {
    const { schema } = Object.values(operation.requestBody.content)[0]!;
    args.push(`body${operation.requestBody.required === false ? '?' : ''}: ${typeOf(schema, '  ')}`);
  }
  const queryName = `${pascal(resource)}${pascal(name)}Query`;
  if (query.length > 0) {
    interfaces.push(
      `/** The parameters of \`client.${id}\`. */\nexport interface ${queryName} {\n${query
        .map(
          (parameter) =>
            `${comment([parameter.description ?? '', bounds(parameter.schema)], '  ')}\n  ${parameter.name}?: ${typeOf(parameter.schema, '  ')} | undefined;`,
        )
        .join('\n')}\n}`,
    );
  }
  // Beside a body, which stands in its place, a query is an option.
  if (query.length > 0 && !operation.requestBody) args.push(`query?: ${queryName}`);
  const withQuery = query.length > 0 && operation.requestBody ? ` & { readonly query?: ${queryName} }` : '';
  args.push(`options?: ${optionsOf(all)}${withQuery}`);
  const codes = [...new Set(Object.values(operation.responses).flatMap((response) => codesIn(response)))];
  const own = codes.filter((code) => !USUAL.has(code));
  const thrown = own.length > 0 ? `@throws LeadsApiError with ${own.join(', ')}, and what any call can throw` : '';
  const doc = [`${operation.summary}.`, '', ...operation.description.split('\n'), '', thrown];
  return `${comment(doc, '  ')}\n  readonly ${name}: (${args.join(', ')}) => ${resultOf(id, operation, interfaces)};`;
}

function optionsOf(all: readonly Parameter[]): string {
  const headers = new Set(all.filter((parameter) => parameter.in === 'header').map(({ name }) => name.toLowerCase()));
  if (headers.has('x-confirmation-token')) return 'ConfirmedWriteOptions';
  if (headers.has('if-match')) return 'GuardedWriteOptions';
  return headers.has('idempotency-key') ? 'WriteOptions' : 'CallOptions';
}

/** What a call returns: the `data` of the envelopes of success, or the text of an export as it comes. */
function resultOf(id: string, operation: DocumentedOperation, interfaces: string[]): string {
  const types = Object.entries(operation.responses)
    .filter(([status]) => status < '300')
    .flatMap(([, response]) => dataOf(response, id, interfaces));
  if (types.length === 0) return 'ApiPromise<ReadableStream<Uint8Array>>';
  const type = types.join(' | ');
  const { items } = listIn(operation) ?? {};
  return items ? `PagePromise<${type}, ${typeOf(items, '  ')}>` : `ApiPromise<${type}>`;
}

function dataOf(response: object, id: string, interfaces: string[]): string[] {
  const data = dataSchema(response);
  if (!data) return [];
  if (!data.properties) return [typeOf(data, '  ')];
  const [resource, name] = id.split('.') as [string, string];
  const resultName = `${pascal(resource)}${pascal(name)}Result`;
  interfaces.push(`/** What \`client.${id}\` returns. */\nexport interface ${resultName} ${typeOf(data, '')}`);
  return [resultName];
}

function dataSchema(response: object): Schema | undefined {
  const json = (resolve(response) as { content?: Content }).content?.['application/json']?.schema;
  return json && resolve(json).properties!['data'];
}

/** The list of a page. */
function listIn(operation: DocumentedOperation): Schema | undefined {
  const properties = dataSchema(operation.responses['200'] ?? {})?.properties ?? {};
  return 'pagination' in properties ? Object.values(properties).find(({ type }) => type === 'array') : undefined;
}

function errorDetails(): string {
  const members = (Object.entries(ERRORS) as [ErrorCode, ErrorDefinition][]).map(([code, { message, remedy, details, status }]) => {
    // The components have names for what is shared; a code that no operation answers with has no component.
    const component = Object.values(schemas).find(({ properties }) => properties?.['code']?.const === code);
    const schema = component ? component.properties!['details'] : details && (z.toJSONSchema(details) as Schema);
    return `${comment([`${status}: ${message}.`, '', remedy], '  ')}\n  ${code}: ${schema ? typeOf(schema, '  ') : 'undefined'};`;
  });
  return `/** The codes of the API's errors, and what \`details\` holds for each. */\nexport interface ErrorDetailsByCode {\n${members.join('\n')}\n}`;
}

function codesIn(response: object): string[] {
  const schema = (resolve(response) as { content?: Content }).content?.['application/json']?.schema;
  const alternatives = (schema as { oneOf?: readonly Schema[] })?.oneOf ?? (schema ? [schema] : []);
  return alternatives.flatMap((alternative) => {
    const code = resolve(alternative).properties?.['code']?.const;
    return typeof code === 'string' ? [code] : [];
  });
}

function personalFields(): string[] {
  const names = new Set<string>();
  const visit = (node: unknown, name?: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const schema = node as Schema;
    if (name !== undefined && schema['x-personal-data']) names.add(name);
    for (const [property, child] of Object.entries(schema.properties ?? {})) visit(child, property);
    for (const child of schema.anyOf ?? []) visit(child, name);
    if (name !== undefined && schema.$ref && resolve(schema)['x-personal-data']) names.add(name);
    if (schema.items) visit(schema.items);
  };
  for (const schema of Object.values(schemas)) visit(schema);
  for (const operation of documented.values()) {
    for (const { name, schema } of parametersOf(operation)) visit(schema, name);
  }
  return [...names].toSorted();
}

/** A schema as a type, written where lines begin with `indent`. */
function typeOf(schema: Schema, indent: string): string {
  if (schema.$ref) return schema.$ref.split('/').at(-1)!;
  if ('const' in schema) return literal(schema.const);
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  if (schema.anyOf) return schema.anyOf.map((part) => typeOf(part, indent)).join(' | ');
  if (Array.isArray(schema.type)) return schema.type.map((type: string) => typeOf({ ...schema, type }, indent)).join(' | ');
  switch (schema.type) {
    case 'array': {
      const item = typeOf(schema.items ?? {}, indent);
      return item.includes(' | ') ? `(${item})[]` : `${item}[]`;
    }
    case 'object':
      return schema.properties ? objectType(schema, indent) : `Record<string, ${typeOf(valuesOf(schema), indent)}>`;
    case 'integer':
      return 'number';
    case undefined:
      return 'unknown';
    default:
      return schema.type as string;
  }
}

/** In what is `sent`, a field that is undefined is one that is left out. */
function objectType({ properties = {}, required = [] }: Schema, indent: string, sent = false): string {
  const lines = Object.entries(properties).map(([name, property]) => {
    const doc = comment([describe(property), bounds(property)], `${indent}  `);
    const type = typeOf(property, `${indent}  `);
    const key = /^\w+$/.test(name) ? name : literal(name);
    const member = required.includes(name) ? `${key}: ${type}` : `${key}?: ${type}${sent ? ' | undefined' : ''}`;
    return `${doc}${doc && '\n'}${indent}  ${member};`;
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function valuesOf({ additionalProperties }: Schema): Schema {
  return typeof additionalProperties === 'object' ? additionalProperties : {};
}

function describe(schema: Schema): string {
  return schema.description ?? schema.anyOf?.find(({ description }) => description)?.description ?? '';
}

/** What a type cannot say: the default and the bounds. */
function bounds(schema: Schema): string {
  const whole = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;
  const { minimum, maximum, maxLength, maxItems } = whole;
  return [
    minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER && `${minimum} to ${maximum}.`,
    maxLength !== undefined && `At most ${maxLength} characters.`,
    maxItems !== undefined && `At most ${maxItems} items.`,
    schema.default !== undefined && schema.default !== null && `Default: \`${JSON.stringify(schema.default).replaceAll('"', '')}\`.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function comment(lines: readonly string[], indent: string): string {
  const text = lines.join('\n').trim().replaceAll('*/', '*\\/');
  if (!text) return '';
  if (!text.includes('\n')) return `${indent}/** ${text} */`;
  const body = text.split('\n').map((line) => `${indent} * ${line}`.trimEnd());
  return `${indent}/**\n${body.join('\n')}\n${indent} */`;
}

function pascal(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1);
}
