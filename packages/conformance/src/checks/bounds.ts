import { bodyOf, ID_MAX_LENGTH, IMPLEMENTED_OPERATIONS, type Operation, type OperationId } from '@leads/contract';
import type * as z from 'zod';
import type { Call } from '../calls.ts';
import type { Check } from '../check.ts';
import type { Answer } from '../exchange.ts';
import { type Bounds, type Field, fieldsOf } from '../fields.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { VALID_CALLS, waitsForJob } from '../valid-calls.ts';
import { filled, most, mostBytes, nested } from '../values.ts';

/** A value at an edge of what a field allows. */
interface Edge {
  readonly what: string;
  readonly value: unknown;
  readonly allowed: boolean;
  /** No JSON Schema can say it, so that whoever only has the document cannot know. */
  readonly isUnpublished?: true;
}

type Part = 'path' | 'query' | 'headers' | 'body';

/** The longest value that is looked for where a pattern alone says how long one may be. */
const PATTERN_MAX_LENGTH = 1_000;

/** Every parameter, header and field of a body, at the edges of what its schema allows. */
export const boundChecks: readonly Check[] = IMPLEMENTED_OPERATIONS.flatMap((operation) => {
  const { route, metadata } = operation;
  return [
    ...checksOf(operation, 'body', metadata.bodyMediaType ? undefined : bodyOf(route)),
    ...checksOf(operation, 'query', route.query as z.ZodType | undefined),
    ...checksOf(operation, 'headers', route.headers as z.ZodType | undefined),
    ...checksOf(operation, 'path', route.pathParams as z.ZodType | undefined),
    ...togetherCheck(operation),
  ];
});

/** A request of which every part is wrong. */
function togetherCheck({ id, route, metadata }: Operation): Check[] {
  const params = Object.fromEntries([...route.path.matchAll(/:(\w+)/g)].map(([, name]) => [name!, 'x'.repeat(ID_MAX_LENGTH + 1)]));
  const header = edgesOf('headers', route.headers as z.ZodType | undefined, undefined).find(
    ({ allowed, value }) => !allowed && value !== '',
  );
  const hasBody = bodyOf(route) !== undefined && !metadata.bodyMediaType;
  const parts: Part[] = [
    ...(Object.keys(params).length > 0 ? ['path' as const] : []),
    'query',
    ...(header ? ['headers' as const] : []),
    ...(hasBody ? ['body' as const] : []),
  ];
  if (parts.length === 1) return [];
  return [
    {
      name: `bounds: ${id} names what is wrong in ${parts.join(', ')} at once`,
      stateless: true,
      async run({ caller }) {
        const { body } = await caller.call(id as OperationId, {
          params,
          query: 'unknown=1',
          ...(header && { headers: { [header.field[0]!]: header.value as string } }),
          ...(hasBody && { body: { unknown: 1 } }),
        });
        const issues: { location: string }[] = body?.details?.issues ?? [];
        const named = new Set(issues.map(({ location }) => location.split('.')[0]));
        demandEqual(
          parts.filter((part) => !named.has(part)),
          [],
          'what is not named',
        );
      },
    },
  ];
}

function checksOf({ id, metadata }: Operation, part: Part, schema: z.ZodType | undefined): Check[] {
  const operation = id as OperationId;
  return (
    edgesOf(part, schema, metadata.bodyMaxBytes)
      // A path without its id is another path.
      .filter(({ allowed, field, value }) => (allowed ? isTakenAsItIs(operation, part, field) : part !== 'path' || value !== ''))
      .map(({ field, what, value, allowed, isUnpublished = false }) => ({
        name: `bounds: ${operation} ${part}.${field.join('.')}, ${what}`,
        stateless: !waitsForJob(operation) && !isUnpublished,
        async run({ caller }) {
          const answer = await caller.call(operation, callWith(await VALID_CALLS[operation](caller), part, field, value));
          judge(answer, allowed, [part, ...field].join('.'));
        },
      }))
  );
}

/** Whether any value within the bounds will do. An id or a token still has to be one, an idempotency key a new one, a cursor one that was given out. */
function isTakenAsItIs(operation: OperationId, part: Part, [field]: readonly string[]): boolean {
  // Whom an erasure is about is said in one of three ways, which exclude each other.
  if (operation === 'erasures.create') return false;
  if (part === 'body') return field !== 'planToken' && field !== 'ids' && field !== 'leadIds' && field !== 'filter';
  return part === 'query' && field === 'limit';
}

function callWith(call: Call, part: Part, [field, inner]: readonly string[], value: unknown): Call {
  const changed = { [field!]: inner === undefined ? value : { [inner]: value } };
  if (part === 'body') return { ...call, body: { ...(call.body as object), ...changed } };
  if (part === 'query') return { ...call, query: changed as Record<string, string> };
  if (part === 'headers') return { ...call, headers: changed as Record<string, string> };
  return { ...call, params: { ...call.params, ...(changed as Record<string, string>) } };
}

function judge(answer: Answer, allowed: boolean, location: string): void {
  if (allowed) return demand(answer.status < 300, `refused: ${answer.text.slice(0, 300)}`);
  const issues: { location: string }[] = answer.body?.details?.issues ?? [];
  demand(answer.status === 400, `accepted: ${answer.status} ${answer.text.slice(0, 300)}`);
  demand(
    issues.some((issue) => issue.location === location || issue.location.startsWith(`${location}.`)),
    `${location} is not named: ${answer.text.slice(0, 300)}`,
  );
}

/** The edges of the fields of a schema, and of the fields of those that are objects themselves. */
function edgesOf(
  part: Part,
  schema: z.ZodType | undefined,
  maxBytes: number | undefined,
): (Edge & { readonly field: readonly string[] })[] {
  return fieldsOf(schema).flatMap((field) => [
    ...(field.nullable || part !== 'body' ? [] : [{ ...refused('null', null), field: [field.name] }]),
    ...edges(field, maxBytes).map((edge) => ({ ...edge, field: [field.name] })),
    ...field.fields.flatMap((inner) => edges(inner, maxBytes).map((edge) => ({ ...edge, field: [field.name, inner.name] }))),
    ...(field.fields.length > 0 ? [{ ...refused('a name that is not known', 'x'), field: [field.name, 'unknown'] }] : []),
  ]);
}

/** Values at the edges of what a field allows. */
export function edges({ bounds, fields, allows }: Field, maxBytes: number | undefined): Edge[] {
  if (bounds.enum) return [refused('a value that is not in the list', 'no_such_value')];
  if (bounds.type === 'array') return arrayEdges(bounds, maxBytes);
  if (bounds.type === 'object') return fields.length > 0 ? [] : objectEdges(allows);
  if (bounds.type === 'boolean') return [refused('neither true nor false', 'yes')];
  if (bounds.type === 'string' || bounds.maxLength !== undefined) return textEdges(bounds);
  if (bounds.type === 'integer' || bounds.type === 'number') return numberEdges(bounds);
  return [];
}

/** How deep an object of any content may nest, and how many bytes it may have, as the schema itself has it. */
function objectEdges(allows: Field['allows']): Edge[] {
  const levels = most((depth) => allows(nested(depth)), 100);
  const bytes = mostBytes(allows);
  return [
    { what: `${levels} levels`, value: nested(levels), allowed: true },
    { ...refused(`${levels + 1} levels`, nested(levels + 1)), isUnpublished: true },
    { what: `${bytes} bytes`, value: filled(bytes), allowed: true },
    { ...refused(`${bytes + 1} bytes`, filled(bytes + 1)), isUnpublished: true },
    refused('a list', []),
  ];
}

function arrayEdges({ minItems = 0, maxItems, items: item }: Bounds, maxBytes = Infinity): Edge[] {
  const items = (length: number) => Array.from({ length }, (_, n) => `item${n}`);
  const tooMany = maxItems === undefined ? undefined : items(maxItems + 1);
  return [
    ...(minItems > 0 ? [refused(`${minItems - 1} items`, items(minItems - 1))] : []),
    ...(tooMany && !item?.enum ? [{ what: `${maxItems} items`, value: tooMany.slice(1), allowed: true }] : []),
    ...(tooMany && JSON.stringify(tooMany).length < maxBytes ? [refused(`${tooMany.length} items`, tooMany)] : []),
  ];
}

function textEdges({ format, pattern, minLength = 0, maxLength = longestMatch(pattern, format) }: Bounds): Edge[] {
  const text = (length: number) => (format === 'idn-email' ? `${'a'.repeat(length - 12)}@example.com` : 'x'.repeat(length));
  return [
    // The part of an e-mail address before the @ has bounds of its own.
    ...(maxLength !== undefined && !format ? [{ what: `${maxLength} characters`, value: text(maxLength), allowed: true }] : []),
    ...(maxLength === undefined ? [] : [refused(`${maxLength + 1} characters`, text(maxLength + 1))]),
    ...(minLength > 0 ? [refused(`${minLength - 1} characters`, 'x'.repeat(minLength - 1))] : []),
    ...(format ? [refused(`no ${format}`, 'x')] : []),
  ];
}

function longestMatch(pattern: string | undefined, format: string | undefined): number | undefined {
  if (pattern === undefined || format !== undefined) return undefined;
  const expression = new RegExp(pattern);
  const lengths = Array.from({ length: PATTERN_MAX_LENGTH }, (_, n) => n + 1).filter((length) => expression.test('x'.repeat(length)));
  const longest = lengths.at(-1);
  return longest === PATTERN_MAX_LENGTH ? undefined : longest;
}

function numberEdges({ type, minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER }: Bounds): Edge[] {
  const at = (value: number, beyond: number): Edge[] => [{ what: `${value}`, value, allowed: true }, refused(`${beyond}`, beyond)];
  return [
    ...(type === 'integer' ? [refused('1.5', 1.5)] : []),
    ...(minimum > Number.MIN_SAFE_INTEGER ? at(minimum, minimum - 1) : []),
    ...(maximum < Number.MAX_SAFE_INTEGER ? at(maximum, maximum + 1) : []),
  ];
}

function refused(what: string, value: unknown): Edge {
  return { what, value, allowed: false };
}
