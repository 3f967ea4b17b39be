import { describe, expect, it } from 'vitest';
import {
  codesOf,
  ERRORS,
  type ErrorCode,
  type ErrorDefinition,
  errorBody,
  errorExample,
  errorResponses,
  errorSchema,
  generateOpenApi,
  OPERATIONS,
} from '../src/index.ts';
import { STATUS_CODES } from '../src/openapi/status-codes.ts';

const CODES = Object.keys(ERRORS) as ErrorCode[];
/** What is answered outside every operation, and so stands in no operation of the document. */
const OUTSIDE_CODES: readonly ErrorCode[] = [
  'BAD_REQUEST',
  'ROUTE_NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'REQUEST_TIMEOUT',
  'NOT_IMPLEMENTED',
  'HEADERS_TOO_LARGE',
];

describe('the registry of errors', () => {
  it('the registry, the operations and the document list exactly the same codes', () => {
    const declared = new Set(OPERATIONS.flatMap(({ route }) => Object.values(route.responses).flatMap((schema) => codesOf(schema))));
    expect([...declared, ...OUTSIDE_CODES].toSorted()).toEqual(CODES.toSorted());
    const { components } = generateOpenApi() as {
      components: {
        examples: Record<string, { value: { code: string } }>;
        schemas: Record<string, { properties?: { code?: { const?: string } } }>;
      };
    };
    expect(
      Object.entries(components.examples)
        .map(([name, { value }]) => (name === value.code ? name : `${name} ≠ ${value.code}`))
        .toSorted(),
    ).toEqual([...declared].toSorted());
    expect(
      Object.values(components.schemas)
        .flatMap(({ properties }) => properties?.code?.const ?? [])
        .toSorted(),
    ).toEqual([...declared].toSorted());
  });

  describe.each(CODES)('%s', (code) => {
    const definition: ErrorDefinition = ERRORS[code];

    it('has the envelope that the server sends and the schema describes', () => {
      const example = errorExample(code) as { details?: never };
      expect(errorBody(code, example.details as never)).toEqual(example);
      expect(errorSchema(code).parse(example)).toEqual(example);
      expect(errorSchema(code).safeParse({ ...example, extra: 1 }).success).toBe(false);
      expect(errorSchema(code).safeParse({ ...example, error: 'Another text' }).success).toBe(true);
      expect(errorSchema(code).safeParse({ ...example, error: '' }).success).toBe(false);
      expect('details' in example).toBe(definition.details !== undefined);
    });

    it('has a status with a name, a text, a cause and a remedy that are sentences, and headers that fit its status', () => {
      expect(STATUS_CODES).toHaveProperty(String(definition.status));
      expect(definition.message).toMatch(/^[A-Z].*[^.]$/);
      expect(definition.cause).toMatch(/^[A-Z`][^.]+\.$/);
      expect(definition.cause.toLowerCase()).not.toContain(definition.message.toLowerCase());
      expect(definition.remedy).toMatch(/^[A-Z].*\.$/);
      const headers = { 401: ['WWW-Authenticate'], 405: ['Allow'], 429: ['Retry-After'], 503: ['Retry-After'] }[definition.status] ?? [];
      expect(definition.headers ?? []).toEqual(headers);
    });

    it('is told apart from every other code of its status', () => {
      for (const other of CODES.filter((name) => name !== code))
        expect(errorSchema(other).safeParse(errorExample(code)).success).toBe(false);
    });
  });

  it('codes of one status make one response, and it knows them', () => {
    const responses = errorResponses('LEAD_NOT_FOUND', 'MISSING_AUTH_HEADER', 'INVALID_API_KEY');
    expect(Object.keys(responses)).toEqual(['401', '404']);
    expect(codesOf(responses[401])).toEqual(['MISSING_AUTH_HEADER', 'INVALID_API_KEY']);
    expect(responses[401].safeParse(errorExample('LEAD_NOT_FOUND')).success).toBe(false);
  });
});
