import { randomUUID } from 'node:crypto';
import { bodyOf, IMPLEMENTED_OPERATIONS, type OperationId } from '@leads/contract';
import type * as z from 'zod';
import type { Check } from '../check.ts';
import { fieldsOf } from '../fields.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { VALID_CALLS, waitsForJob } from '../valid-calls.ts';

const takes = (header: string) =>
  IMPLEMENTED_OPERATIONS.filter(({ route }) => fieldsOf(route.headers as z.ZodType | undefined).some(({ name }) => name === header));
const switchesOf = (schema: unknown) =>
  fieldsOf(schema as z.ZodType | undefined)
    // A dry run does nothing that could be done twice.
    .filter(({ name, bounds }) => bounds.type === 'boolean' && name !== 'dryRun')
    .map(({ name }) => name);

/** What a request may send along so that it is safe to send again, or to send late. */
export const repeatingChecks: readonly Check[] = [
  ...takes('idempotency-key').flatMap(({ id, route, metadata }) => {
    const operation = id as OperationId;
    // That of a job comes after its end, and is refused.
    if (waitsForJob(operation)) return [];
    const inQuery = switchesOf(route.query);
    const inBody = metadata.bodyMediaType ? [] : switchesOf(bodyOf(route));
    return [
      ...[undefined, ...inQuery, ...inBody].map((on): Check => ({
        name: `Idempotency-Key: ${id}${on === undefined ? '' : ` with ${on}`} is answered the same when it is repeated`,
        async run({ caller }) {
          const call = await VALID_CALLS[operation](caller);
          const repeated = {
            ...call,
            headers: { 'idempotency-key': randomUUID() },
            ...(inQuery.includes(on!) && { query: { [on!]: 'true' } }),
            ...(inBody.includes(on!) && { body: { ...(call.body as object), [on!]: true } }),
          };
          const first = await caller.call(operation, repeated);
          const second = await caller.call(operation, repeated);
          demand(first.status < 300, `refused: ${first.text.slice(0, 300)}`);
          demandEqual([second.status, second.body], [first.status, first.body], 'the second answer');
          demandEqual(second.headers['idempotency-replayed'], 'true', 'Idempotency-Replayed of the second');
        },
      })),
      ...inQuery.map((on): Check => ({
        name: `Idempotency-Key: ${id} is another request with ${on}, or without`,
        async run({ caller }) {
          const call = { ...(await VALID_CALLS[operation](caller)), headers: { 'idempotency-key': randomUUID() } };
          const first = await caller.call(operation, call);
          const isOther: boolean[] = [];
          for (const value of ['true', 'false']) {
            const { status } = await caller.call(operation, { ...call, query: { [on]: value } });
            isOther.push(status === 422);
          }
          // One of them is what holds where nothing is said.
          demandEqual(
            [first.status < 300, isOther[0] !== isOther[1]],
            [true, true],
            'whether it is done, and whether one of the two is another',
          );
        },
      })),
    ];
  }),
  ...takes('if-match').map(({ id }): Check => ({
    name: `If-Match: ${id} takes the ETag of the lead among others, and marked as weak, and no other`,
    async run({ caller }) {
      const operation = id as OperationId;
      const statuses: boolean[] = [];
      for (const match of [(etag: string) => `"one", ${etag}`, (etag: string) => `W/${etag}`, () => '"one", "another"']) {
        const call = await VALID_CALLS[operation](caller);
        const { etag } = (await caller.call('leads.get', { params: call.params! })).headers;
        const { status } = await caller.call(operation, { ...call, headers: { 'if-match': match(etag!) } });
        statuses.push(status < 300);
      }
      demandEqual(
        statuses,
        [true, true, false],
        'whether it is done: with it as the second of two, with it as a weak one, with two others',
      );
    },
  })),
];
