import { codesOf, errorExample, errorSchema } from '../errors/envelope.ts';
import { ERRORS, type ErrorCode, type ErrorDefinition } from '../errors/registry.ts';
import { RATE_LIMIT_HEADERS, RESPONSE_HEADERS, type ResponseHeaderName } from '../http/headers.ts';
import { BODY_ERRORS, COMMON_ERRORS, WRITE_ERRORS } from '../http/operation.ts';
import type { Operation } from '../operations.ts';
import type { Components, Json } from './components.ts';
import { STATUS_CODES } from './status-codes.ts';

/** The codes that say nothing about an operation of its own, and so nothing in the name of a response. */
const USUAL: ReadonlySet<string> = new Set([...COMMON_ERRORS, ...BODY_ERRORS, ...WRITE_ERRORS]);

/** Writes the responses of errors; one that several operations have becomes a component. */
export class SharedErrorResponses {
  readonly #components: Components;
  readonly #uses = new Map<string, number>();

  constructor(components: Components, operations: readonly Operation[]) {
    this.#components = components;
    for (const schema of operations.flatMap(({ route }) => Object.values(route.responses))) {
      const key = codesOf(schema).join();
      this.#uses.set(key, (this.#uses.get(key) ?? 0) + 1);
    }
  }

  /** The response for the codes of one status. */
  of(codes: readonly ErrorCode[]): Json {
    const schemas = codes.map((code) => this.#components.schema(errorSchema(code), 'output'));
    const definitions: ErrorDefinition[] = codes.map((code) => ERRORS[code]);
    const authenticated = definitions[0]!.status !== 401;
    const headerNames = [...definitions.flatMap((definition) => definition.headers ?? []), ...(authenticated ? RATE_LIMIT_HEADERS : [])];
    const response = {
      description: [
        `${STATUS_CODES[definitions[0]!.status]}.`,
        ...codes.map((code) => `- \`${code}\`: ${ERRORS[code].cause} ${ERRORS[code].remedy}`),
      ].join('\n'),
      headers: headersOf([...new Set(headerNames)], this.#components, definitions[0]!.headerExamples),
      content: {
        'application/json': {
          schema: schemas.length === 1 ? schemas[0] : { oneOf: schemas },
          examples: Object.fromEntries(
            codes.map((code) => [
              code,
              this.#components.add('examples', code, { summary: ERRORS[code].message, value: errorExample(code) }),
            ]),
          ),
        },
      },
    };
    return this.#uses.get(codes.join()) === 1 ? response : this.#components.add('responses', nameOf(codes), response);
  }
}

/** The name of a response: of its only error, else of the errors that not every operation has, else of its status. */
function nameOf(codes: readonly ErrorCode[]): string {
  const names = (some: readonly ErrorCode[]) => some.map((code) => errorSchema(code).meta()!.id!);
  if (codes.length === 1) return names(codes)[0]!;
  const own = names(codes.filter((code) => !USUAL.has(code))).map((name) => name.replace(/Error$/, ''));
  const status = STATUS_CODES[ERRORS[codes[0]!].status]!.replace(/(?:^| )\w/g, (start) => start.trim().toUpperCase());
  return own.join('') || status;
}

/** Response headers, each a component unless it has an example of its own. */
export function headersOf(
  names: readonly ResponseHeaderName[],
  components: Components,
  examples: ErrorDefinition['headerExamples'] = {},
): Json {
  return Object.fromEntries(
    (['X-Request-Id', ...names] as const).map((name) => {
      const header = { ...RESPONSE_HEADERS[name] };
      const example = examples[name];
      return [name, example === undefined ? components.add('headers', name, header) : { ...header, example }];
    }),
  );
}
