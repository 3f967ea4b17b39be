import * as z from 'zod';
import { textForPeople } from '../http/text.ts';
import { ERRORS, type ErrorCode, type ErrorDefinition, type ErrorDetails } from './registry.ts';

/** The body of every error: `{ success: false, error, code, details? }`, with `details` where the code has them. */
export type ErrorBody<Code extends ErrorCode = ErrorCode> = {
  [C in Code]: ErrorDetails<C> extends undefined
    ? { success: false; error: string; code: C }
    : { success: false; error: string; code: C; details: ErrorDetails<C> };
}[Code];

/** The codes that are answered with a status. */
export type CodeOfStatus<Code extends ErrorCode, Status> = { [C in Code]: (typeof ERRORS)[C]['status'] extends Status ? C : never }[Code];

type ErrorResponses<Code extends ErrorCode> = {
  [Status in (typeof ERRORS)[Code]['status']]: z.ZodType<ErrorBody<CodeOfStatus<Code, Status>>>;
};

/** The envelope of a code, as the server sends it. */
export function errorBody<Code extends ErrorCode>(code: Code, details: ErrorDetails<Code>): ErrorBody<Code> {
  const envelope = { success: false, error: ERRORS[code].message, code };
  return (details === undefined ? envelope : { ...envelope, details }) as ErrorBody<Code>;
}

/** The schema of a code's envelope. In the document it is the component named after the code, such as `LeadNotFoundError`. */
export function errorSchema(code: ErrorCode): z.ZodType {
  return SCHEMAS[code];
}

/** The example of a code's envelope, for the reference and the mock. */
export function errorExample(code: ErrorCode): unknown {
  const { message, example } = ERRORS[code] as ErrorDefinition;
  return { success: false, error: message, code, ...(example === undefined ? {} : { details: example }) };
}

/** The responses of a route for the codes that it can answer with: a schema by status, a union where a status has several. */
export function errorResponses<const Code extends ErrorCode>(...codes: Code[]): ErrorResponses<Code> {
  const byStatus: Record<number, [ErrorCode, ...ErrorCode[]]> = {};
  for (const code of codes) {
    if (!(code in ERRORS)) {
      throw new Error(`${code} has no entry in errors/registry.ts. Add one, or answer with a code that has one.`);
    }
    const status = ERRORS[code].status;
    if (byStatus[status]) byStatus[status].push(code);
    else byStatus[status] = [code];
  }
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, [first, ...rest]]) => {
      const schema = rest.length === 0 ? errorSchema(first) : z.union([errorSchema(first), ...rest.map(errorSchema)]);
      CODES_OF_SCHEMA.set(schema, [first, ...rest]);
      return [status, schema];
    }),
  ) as ErrorResponses<Code>;
}

/** The error codes that a response schema of a route stands for; empty for a success. */
export function codesOf(responseSchema: unknown): readonly ErrorCode[] {
  return CODES_OF_SCHEMA.get(responseSchema as z.ZodType) ?? [];
}

const CODES_OF_SCHEMA = new WeakMap<z.ZodType, readonly ErrorCode[]>();

const SCHEMAS = Object.fromEntries(
  (Object.entries(ERRORS) as [ErrorCode, ErrorDefinition][]).map(([code, { message, cause, remedy, details }]) => {
    const name = componentName(code);
    const schema = z
      .strictObject({
        success: z.literal(false),
        error: textForPeople(message, 'What went wrong, for people; decide by `code`.'),
        code: z.literal(code),
        ...(details && { details }),
      })
      .meta({ id: name, title: name, description: `${cause} ${remedy}` });
    return [code, schema];
  }),
) as unknown as Record<ErrorCode, z.ZodType>;

function componentName(code: string): string {
  const words = code
    .toLowerCase()
    .split('_')
    .map((word) => word[0]!.toUpperCase() + word.slice(1));
  return words.join('').replace(/(Error)?$/, 'Error');
}
