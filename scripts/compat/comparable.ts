/**
 * A document as those meet it who call the API: what `docs/guides/evolution.md` leaves free is taken out, and what a general tool
 * could not know is said in OpenAPI's own words, so that two documents can be compared by one.
 */

/** Any part of a document. */
export type Json = { readonly [key: string]: unknown };
type Direction = 'request' | 'response';

/** An OpenAPI document. */
export interface Document extends Json {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
interface Operation extends Json {
  readonly parameters?: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<string, Json>>;
}

/** The response that stands for all errors of an operation: a property for each status and code. */
export const ERRORS = 'default';

/** Words for people, which are no part of the contract. */
const TEXT = new Set(['description', 'title', 'examples', 'example', 'x-for-people', 'x-personal-data']);

/** What may become wider or narrower in answers: nobody reads a text by its bounds. */
const BOUNDS = new Set([
  'minLength',
  'maxLength',
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'propertyNames',
  'default',
]);

/** The fields of answers whose values may become more: error codes, and actions in the audit log. */
const GROWING = new Set(['code', 'action']);

/** The document without words for people, without names of components, without its addresses, and without what is only planned. */
export function comparable(document: Document): Document {
  const paths = Object.entries(document.paths).map(([path, methods]) => {
    const operations = Object.entries(methods).filter(([, operation]) => !operation['x-planned']);
    return [path, Object.fromEntries(operations.map(([method, it]) => [method, comparableOperation(it, document)]))] as const;
  });
  return {
    openapi: document['openapi'],
    info: {},
    paths: Object.fromEntries(paths.filter(([, methods]) => Object.keys(methods).length > 0)),
    components: { securitySchemes: (document['components'] as Json | undefined)?.['securitySchemes'] ?? {} },
  };
}

function comparableOperation(operation: Operation, document: Document): Operation {
  const scope = operation['x-required-scope'];
  const security = (operation['security'] ?? document['security'] ?? []) as readonly Readonly<Record<string, string[]>>[];
  const { summary: _summary, description: _description, tags: _tags, 'x-required-scope': _scope, ...rest } = operation;
  const body = operation.requestBody && resolved(operation.requestBody, document);
  const responses = Object.entries(operation.responses).map(([status, it]) => [status, resolved(it, document)] as const);
  return {
    ...rest,
    // A key without the scope is refused, as one is that lacks a scope of OAuth.
    security: security.map((scheme) =>
      Object.fromEntries(Object.entries(scheme).map(([name, scopes]) => [name, scope ? [...scopes, scope] : scopes])),
    ),
    parameters: (operation.parameters ?? []).map((it) => {
      const { schema, ...parameter } = resolved(it, document);
      return { ...withoutText(parameter), schema: comparableSchema(schema, 'request', document) };
    }),
    ...(body && { requestBody: { required: body['required'] ?? false, content: content(body, 'request', document) } }),
    responses: {
      ...Object.fromEntries(
        responses.map(([status, response]) => [
          status,
          {
            description: '',
            headers: headers(response, document),
            ...(!isError(status) && { content: content(response, 'response', document) }),
          },
        ]),
      ),
      [ERRORS]: { description: '', content: { 'application/json': { schema: errorsOf(responses, document) } } },
    },
  };
}

function isError(status: string): boolean {
  return Number(status) >= 400;
}

/** An object with a property for each status and code: a code may be added, as a field of an answer may. */
function errorsOf(responses: readonly (readonly [string, Json])[], document: Document): Json {
  const bodies = responses
    .filter(([status]) => isError(status))
    .flatMap(([status, response]) =>
      Object.values((response['content'] ?? {}) as Record<string, Json>).flatMap(({ schema }) => {
        const { oneOf } = resolved(schema as Json, document) as { oneOf?: Json[] };
        return (oneOf ?? [schema as Json]).map((one) => {
          const { properties } = resolved(one, document) as { properties?: Record<string, Json> };
          return [`${status} ${String(properties?.['code']?.['const'])}`, comparableSchema(one, 'response', document)] as const;
        });
      }),
    );
  return { type: 'object', properties: Object.fromEntries(bodies) };
}

function content(body: Json, direction: Direction, document: Document): Json {
  return Object.fromEntries(
    Object.entries((body['content'] ?? {}) as Record<string, Json>).map(([mediaType, { schema }]) => [
      mediaType,
      { schema: comparableSchema(schema, direction, document) },
    ]),
  );
}

function headers(response: Json, document: Document): Json {
  return Object.fromEntries(
    Object.entries((response['headers'] ?? {}) as Record<string, Json>).map(([name, it]) => {
      const { schema, ...header } = resolved(it, document);
      return [name, { ...withoutText(header), schema: comparableSchema(schema, 'response', document) }];
    }),
  );
}

function comparableSchema(schema: unknown, direction: Direction, document: Document, within: readonly unknown[] = [], name = ''): unknown {
  if (Array.isArray(schema)) return schema.map((it) => comparableSchema(it, direction, document, within));
  if (typeof schema !== 'object' || schema === null) return schema;
  const target = resolved(schema as Json, document);
  // A schema that holds itself is compared once.
  if (within.includes(target)) return {};
  const deeper = (it: unknown, property?: string) => comparableSchema(it, direction, document, [...within, target], property);
  const grows = direction === 'response' && GROWING.has(name);
  // The length of an id is promised, since ids are stored; that of a text which people write is not.
  const isId = typeof target['pattern'] === 'string';
  const entries = Object.entries(withoutText(target)).flatMap(([keyword, value]): [string, unknown][] => {
    if (grows && (keyword === 'enum' || keyword === 'const')) return [];
    // Answers are open for more fields, whatever a document says.
    if (direction === 'response' && keyword === 'additionalProperties' && value === false) return [];
    if (direction === 'response' && BOUNDS.has(keyword) && !(isId && keyword === 'maxLength')) return [];
    if (keyword === 'const') return [['enum', [value]]];
    if (keyword === 'enum' || keyword === 'required') return [[keyword, (value as unknown[]).toSorted(byJson)]];
    // The names of properties are no keywords.
    if (keyword === 'properties')
      return [[keyword, Object.fromEntries(Object.entries(value as Json).map(([property, it]) => [property, deeper(it, property)]))]];
    if (keyword === 'anyOf' || keyword === 'oneOf' || keyword === 'allOf') {
      const members = (value as Json[]).toSorted((a, b) => byJson(nameOf(a), nameOf(b))).map((it) => deeper(it, name));
      return nullable(keyword, members as Json[]);
    }
    return [[keyword, deeper(value)]];
  });
  return Object.fromEntries(entries);
}

/** `null` beside one other schema is a type of it. */
function nullable(keyword: string, members: readonly Json[]): [string, unknown][] {
  const others = members.filter(({ type }) => type !== 'null');
  const [only] = others;
  if (others.length !== 1 || members.length !== 2 || only?.['type'] === undefined) return [[keyword, members]];
  const { enum: values, ...schema } = only;
  return Object.entries({
    ...schema,
    type: [only['type'], 'null'].flat(),
    ...(values !== undefined && { enum: [...(values as unknown[]), null].toSorted(byJson) }),
  });
}

function nameOf(schema: Json): string {
  return typeof schema['$ref'] === 'string' ? schema['$ref'] : JSON.stringify(schema);
}

function byJson(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

function withoutText(part: Json): Json {
  return Object.fromEntries(Object.entries(part).filter(([key]) => !TEXT.has(key)));
}

/** What a reference stands for. */
function resolved(part: Json, document: Document): Json {
  const { $ref } = part as { $ref?: string };
  if (!$ref) return part;
  let target: unknown = document;
  for (const step of $ref.slice(2).split('/')) target = (target as Json)[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  return resolved(target as Json, document);
}
