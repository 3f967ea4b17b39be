import { BODY_ERRORS, COMMON_ERRORS, type ErrorCode, type ErrorDefinition, ERRORS, WRITE_ERRORS } from '@leads/contract';
import { examplesOf, type Operation, OPERATIONS, type Schema } from './document.ts';
import { answeredFields, type Field } from './fields.ts';

/** An error code with what the contract's registry says of it. */
export type DocumentedError = ErrorDefinition & { readonly code: ErrorCode };

/** Every code of the registry, by status. */
export const ALL_ERRORS: readonly DocumentedError[] = (Object.entries(ERRORS) as [ErrorCode, ErrorDefinition][])
  .map(([code, definition]) => ({ code, ...definition }))
  .toSorted((one, other) => one.status - other.status);

const SHARED = new Set<string>([...COMMON_ERRORS, ...BODY_ERRORS, ...WRITE_ERRORS]);

/** The codes that an operation documents: first those that are about what it does, then those that others give as well. */
export function errorsOf({ responses }: Operation): { readonly own: DocumentedError[]; readonly shared: DocumentedError[] } {
  const codes = new Set(Object.values(responses).flatMap(({ content }) => examplesOf(content).map(({ name }) => name)));
  const documented = ALL_ERRORS.filter(({ code }) => codes.has(code));
  return { own: documented.filter(({ code }) => !SHARED.has(code)), shared: documented.filter(({ code }) => SHARED.has(code)) };
}

/** The operations that document a code. */
export function operationsWith(code: ErrorCode): readonly Operation[] {
  return OPERATIONS.filter((operation) => Object.values(errorsOf(operation)).some((errors) => errors.some((error) => error.code === code)));
}

/** The fields of a code's `details`. */
export function detailsOf({ details }: DocumentedError): Field[] {
  if (!details) return [];
  const schema = details.toJSONSchema() as Schema & { readonly $defs?: Readonly<Record<string, Schema>> };
  return answeredFields(inPlace(schema, schema.$defs ?? {}) as Schema);
}

/** A schema with its own definitions where it refers to them: the document does not know them. */
function inPlace(value: unknown, definitions: Readonly<Record<string, Schema>>): unknown {
  if (Array.isArray(value)) return value.map((part) => inPlace(part, definitions));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref, ...own } = value as Schema;
  const whole = $ref === undefined ? own : { ...definitions[$ref.split('/').at(-1)!], ...own };
  return Object.fromEntries(Object.entries(whole).map(([key, part]) => [key, inPlace(part, definitions)]));
}
