import { randomUUID } from 'node:crypto';
import { bodyOf, IMPLEMENTED_OPERATIONS, type OperationId } from '@leads/contract';
import type * as z from 'zod';
import type { Check, Context } from '../check.ts';
import type { Answer } from '../exchange.ts';
import { fieldsOf } from '../fields.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newEmail, newSource, VALID_CALLS, waitsForJob } from '../valid-calls.ts';

/** How many requests are sent without waiting for the answers of the others. */
const AT_ONCE = 6;

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
          const headersOf = ({ headers }: Answer) => (metadata.successHeaders ?? []).map((name) => headers[name.toLowerCase()]);
          demandEqual(headersOf(second), headersOf(first), 'the headers of the second');
        },
      })),
      {
        name: `Idempotency-Key: ${id} remembers no refusal, and is not taken for another request`,
        async run({ caller }: Context) {
          const headers = { 'idempotency-key': randomUUID() };
          const [call, other] = [await VALID_CALLS[operation](caller), await VALID_CALLS[operation](caller)];
          const refused = await caller.call(operation, { ...call, query: 'unknown=1', headers });
          const first = await caller.call(operation, { ...call, headers });
          demandEqual([refused.status, first.status < 300], [400, true], 'the status of a refusal, and whether it is done then');
          demandEqual(first.headers['idempotency-replayed'], undefined, 'Idempotency-Replayed of the first that is done');
          if (JSON.stringify(other) === JSON.stringify(call)) return;
          const second = await caller.call(operation, { ...other, headers });
          demandEqual([second.status, second.body?.code], [422, 'IDEMPOTENCY_KEY_REUSED'], 'the answer to another request');
        },
      },
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
  ...takes('if-match').map(({ id, route }): Check => ({
    name: `Idempotency-Key: ${id} is answered the same once more, although its If-Match does not hold any more`,
    async run({ caller }) {
      const operation = id as OperationId;
      const call = await VALID_CALLS[operation](caller);
      const { etag } = (await caller.call('leads.get', { params: call.params! })).headers;
      const confirmed = fieldsOf(route.headers as z.ZodType).some(({ name }) => name === 'x-confirmation-token');
      const token = confirmed && (await caller.call('leads.deletionPreview', { params: call.params! })).body.data.confirmationToken;
      const headers = { 'idempotency-key': randomUUID(), 'if-match': etag!, ...(token && { 'x-confirmation-token': token }) };
      const first = await caller.call(operation, { ...call, headers });
      const second = await caller.call(operation, { ...call, headers });
      demandEqual([first.status, second.status, second.body], [200, 200, first.body], 'both answers');
    },
  })),
  ...(['leads.bulkDelete', 'leads.bulkArchive', 'leads.bulkAnonymize'] as const).map((operation): Check => ({
    name: `Idempotency-Key: ${operation} by filter makes one job, however often it is asked for`,
    async run({ caller }) {
      const filter = { source: newSource() };
      await caller.lead(filter);
      const { planToken } = (await caller.call(operation, { body: { filter, dryRun: true } })).body.data;
      const call = { body: { filter, planToken }, headers: { 'idempotency-key': randomUUID() } };
      const first = await caller.call(operation, call);
      await caller.jobDone(first.body.data.id);
      const second = await caller.call(operation, call);
      demandEqual([first.status, second.status, second.body], [202, 202, first.body], 'both answers');
      demandEqual(second.headers['idempotency-replayed'], 'true', 'Idempotency-Replayed of the second');
    },
  })),
  {
    name: 'Idempotency-Key: of several requests at once one is carried out, and the others get its answer or are told of it',
    async run({ caller }) {
      const source = newSource();
      const call = { body: { name: 'Ann', email: newEmail(), source }, headers: { 'idempotency-key': randomUUID() } };
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => caller.call('leads.create', call)));
      const { leads } = (await caller.call('leads.list', { query: { source } })).body.data;
      demandEqual(leads.length, 1, 'leads');
      for (const { status, body } of answers)
        demandEqual(status === 201 ? body.data : body.code, status === 201 ? leads[0] : 'IDEMPOTENCY_KEY_IN_USE', 'an answer');
    },
  },
  {
    name: 'If-Match: of several changes of one version at once one is made',
    async run({ caller }) {
      const { id: leadId } = await caller.lead();
      const { etag } = (await caller.call('leads.get', { params: { leadId } })).headers;
      const change = (n: number) =>
        caller.call('leads.update', { params: { leadId }, body: { metadata: { [n]: n } }, headers: { 'if-match': etag! } });
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => change(n)));
      const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
      demandEqual(statuses, [200, ...Array(AT_ONCE - 1).fill(412)], 'the statuses');
      const { metadata } = (await caller.call('leads.get', { params: { leadId } })).body.data;
      demandEqual(Object.keys(metadata).length, 1, 'how many of them are seen');
    },
  },
  ...takes('if-match').map(({ id }): Check => ({
    name: `If-Match: ${id} of another version changes nothing, and tells the present one`,
    async run({ caller }) {
      const call = await VALID_CALLS[id as OperationId](caller);
      const { params = {} } = call;
      const record = async () => (await caller.call('leads.exportOne', { params })).body.data;
      const [before, { headers }] = [await record(), await caller.call('leads.get', { params })];
      const { status, body } = await caller.call(id as OperationId, { ...call, headers: { 'if-match': '"another"' } });
      demandEqual([status, body.details], [412, { leadId: params['leadId'], etag: headers.etag }], 'the answer');
      demandEqual(await record(), before, 'the record');
    },
  })),
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
