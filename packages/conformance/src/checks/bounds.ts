import { bodyOf, OPERATIONS, type Operation } from '@leads/contract';
import * as z from 'zod';
import type { Check } from '../check.ts';
import type { OperationId } from '@leads/contract';
import type { Answer } from '../exchange.ts';
import { demand } from '../mismatch.ts';
import { VALID_CALLS, waitsForJob } from '../valid-calls.ts';

interface Bounded {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Bounded[];
}

/** The fields of bodies and queries, at the edges of what their schemas allow. */
export const boundChecks: readonly Check[] = OPERATIONS.flatMap((operation) => [...bodyChecks(operation), ...queryChecks(operation)]);

function bodyChecks({ id, route, metadata }: Operation): Check[] {
  const body = bodyOf(route);
  if (!body || metadata.bodyMediaType) return [];
  return Object.entries(fieldsOf(body)).flatMap(([field, bounds]) =>
    edges(bounds)
      // A token of any length within its bounds still has to be one.
      .filter(({ allowed }) => !allowed || field !== 'planToken')
      .map(({ what, value, allowed }) => ({
        name: `bounds: ${id} body.${field}, ${what}`,
        stateless: true,
        async run({ caller }) {
          const call = await VALID_CALLS[id as OperationId](caller);
          const answer = await caller.call(id as OperationId, { ...call, body: { ...(call.body as object), [field]: value } });
          judge(answer, allowed, `body.${field}`);
        },
      })),
  );
}

function queryChecks({ id, route }: Operation): Check[] {
  return Object.entries(fieldsOf(route.query as z.ZodType)).flatMap(([field, bounds]) =>
    edges(bounds)
      // A cursor or an id of any length within its bounds still has to be one.
      .filter(({ allowed }) => !allowed || (bounds.type === 'integer' && field === 'limit'))
      .map(({ what, value, allowed }) => ({
        name: `bounds: ${id} query.${field}, ${what}`,
        stateless: !waitsForJob(id as OperationId),
        async run({ caller }) {
          const call = await VALID_CALLS[id as OperationId](caller);
          judge(await caller.call(id as OperationId, { ...call, query: { [field]: value } }), allowed, `query.${field}`);
        },
      })),
  );
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

interface ObjectSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, object>>;
  readonly properties?: Readonly<Record<string, Bounded>>;
}

/** Only those of a body whose fields do not exclude each other. */
function fieldsOf(schema: z.ZodType): Record<string, Bounded> {
  const root = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as ObjectSchema;
  const resolved = <Schema extends { $ref?: string }>(node: Schema): Schema =>
    node.$ref ? { ...(root.$defs?.[node.$ref.replace('#/$defs/', '')] as Schema), ...node, $ref: undefined } : node;
  return Object.fromEntries(Object.entries(resolved(root).properties ?? {}).map(([name, field]) => [name, resolved(field)]));
}

function edges(bounds: Bounded): { what: string; value: string | number; allowed: boolean }[] {
  const branch = bounds.anyOf?.find(({ type }) => type === 'string' || type === 'integer');
  const { type, format, minLength, maxLength, minimum, maximum, enum: values } = { ...branch, ...bounds };
  const text = (length: number) => (format === 'email' ? `${'a'.repeat(length - 12)}@example.com` : 'x'.repeat(length));
  const found: { what: string; value: string | number; allowed: boolean }[] = [];
  if (values) found.push({ what: 'a value that is not in the list', value: 'no_such_value', allowed: false });
  else if (type === 'string' || maxLength !== undefined) {
    if (maxLength !== undefined) {
      // The part of an e-mail address before the @ has bounds of its own.
      if (!format) found.push({ what: `${maxLength} characters`, value: text(maxLength), allowed: true });
      found.push({ what: `${maxLength + 1} characters`, value: text(maxLength + 1), allowed: false });
    }
    if (minLength !== undefined && minLength > 0)
      found.push({ what: `${minLength - 1} characters`, value: 'x'.repeat(minLength - 1), allowed: false });
  } else if (type === 'integer' || type === 'number') {
    if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) {
      found.push({ what: `${minimum}`, value: minimum, allowed: true }, { what: `${minimum - 1}`, value: minimum - 1, allowed: false });
    }
    if (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) {
      found.push({ what: `${maximum}`, value: maximum, allowed: true }, { what: `${maximum + 1}`, value: maximum + 1, allowed: false });
    }
  }
  return found;
}
