import type { ReadRequest } from './answer-request.ts';
import type { HttpOperation } from './prism.ts';
import type { Issue } from './refusal.ts';

/** What Prism finds wrong with a request. */
interface Violation {
  readonly code?: string | number;
  readonly message: string;
  /** Where it is, `['body', 'email']`; parameters are in lower case. Absent when there is no body where one is required. */
  readonly path?: readonly string[];
}

/** The code with which the server reports what a keyword of JSON Schema refuses. */
const CODES: Readonly<Record<string, string>> = {
  type: 'invalid_type',
  required: 'invalid_type',
  format: 'invalid_format',
  pattern: 'invalid_format',
  enum: 'invalid_value',
  const: 'invalid_value',
  minimum: 'too_small',
  minLength: 'too_small',
  minItems: 'too_small',
  maximum: 'too_big',
  maxLength: 'too_big',
  maxItems: 'too_big',
  additionalProperties: 'unrecognized_key',
};

// Prism tells which field is missing, and which is one too many, in its text only.
const FIELD_IN_TEXT = /must have required property '(.+)'$|must NOT have additional properties; found '(.+)'$/;

/** A violation as the server reports it: at the field that is missing or unknown, parameters spelled as they are declared, headers in lower case. */
export function issueOf(operation: HttpOperation, { code, message, path = ['body'] }: Violation): Issue {
  const [, missing, unknown] = FIELD_IN_TEXT.exec(message) ?? [];
  const field = missing ?? unknown;
  const [part, ...steps] = field === undefined ? path : [...path, field];
  const names = part === 'path' || part === 'query' ? steps.map((step) => asDeclared(operation, step)) : steps;
  return { location: [part === 'header' ? 'headers' : part, ...names].join('.'), message, code: CODES[String(code)] ?? 'custom' };
}

/** What Prism lets pass: parameters of the query that the operation does not have, and empty parameters and headers. */
export function overlookedIssues({ request }: HttpOperation, { query, headers }: ReadRequest): Issue[] {
  const known = request?.query?.map(({ name }) => name) ?? [];
  return [
    ...Object.entries(query).flatMap(([name, value]) => {
      const location = `query.${name}`;
      if (!known.includes(name)) return [{ location, message: 'Unknown parameter', code: 'unrecognized_key' }];
      return value === '' ? [{ location, ...EMPTY }] : [];
    }),
    ...(request?.headers ?? []).flatMap(({ name }) => {
      const declared = name.toLowerCase();
      return headers[declared] === '' ? [{ location: `headers.${declared}`, ...EMPTY }] : [];
    }),
  ];
}

const EMPTY = { message: 'Must not be empty', code: 'too_small' };

/** The name of a parameter of the path or the query as the document spells it: Prism reports all of them in lower case. */
function asDeclared({ request }: HttpOperation, name: string): string {
  const declared = [...(request?.path ?? []), ...(request?.query ?? [])];
  return declared.find((parameter) => parameter.name.toLowerCase() === name)?.name ?? name;
}
