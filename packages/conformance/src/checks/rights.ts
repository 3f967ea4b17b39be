import { bodyOf, type OperationId, OPERATIONS, type Scope, SCOPES } from '@leads/contract';
import type * as z from 'zod';
import type { Calls } from '../calls.ts';
import type { Check } from '../check.ts';
import { fieldsOf } from '../fields.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { scopesBut } from '../provoke.ts';
import { newSource, VALID_CALLS } from '../valid-calls.ts';

const ALL = Object.keys(SCOPES) as Scope[];

/** The operations that do more where a switch named `force` is sent. */
const FORCED = OPERATIONS.filter(({ route, metadata }) =>
  [route.query as z.ZodType | undefined, metadata.bodyMediaType ? undefined : bodyOf(route)].some((schema) =>
    fieldsOf(schema).some(({ name }) => name === 'force'),
  ),
).map(({ id }) => id as OperationId);

/** A key may do what its scopes say, and nothing else. */
export const rightChecks: readonly Check[] = [
  ...OPERATIONS.map(({ id, metadata: { scope } }): Check => ({
    name: `rights: ${scope} is enough for ${id}`,
    async run({ caller }) {
      const operation = id as OperationId;
      // A key can give and rotate no more than it has itself.
      const scopes: Scope[] = scope === 'keys:manage' ? [scope, 'leads:read'] : [scope];
      const { status, text } = await caller.call(operation, {
        ...(await VALID_CALLS[operation](caller)),
        headers: await caller.only(scopes),
      });
      demand(status !== 401 && status !== 403, `refused: ${text.slice(0, 300)}`);
    },
  })),
  ...OPERATIONS.filter(({ route }) => route.method !== 'GET').map(({ id, metadata: { scope } }): Check => ({
    name: `rights: ${id} without ${scope} changes nothing`,
    async run({ caller }) {
      const operation = id as OperationId;
      const call = await VALID_CALLS[operation](caller);
      const before = await stateOf(caller, call.params ?? {});
      const { status } = await caller.call(operation, { ...call, headers: await caller.only(scopesBut(scope)) });
      demandEqual([status, await stateOf(caller, call.params ?? {})], [403, before], 'the status, and what there is');
    },
  })),
  ...FORCED.map((operation): Check => ({
    name: `rights: ${operation} with force takes leads:force, whether the lead is in a campaign or not`,
    async run({ caller }) {
      const headers = await caller.only(scopesBut('leads:force'));
      const bySwitch = OPERATIONS.find(({ id }) => id === operation)!.route.method === 'DELETE';
      for (const { id } of [await caller.lead({ name: 'Zoe Free' }), (await caller.enrolledLead({ name: 'Zoe Bound' })).lead]) {
        const about = operation === 'erasures.create' ? { leadId: id, dryRun: true } : { ids: [id] };
        const call = bySwitch ? { params: { leadId: id as string }, query: 'force=true' } : { body: { ...about, force: true } };
        const { status, body } = await caller.call(operation, { ...call, headers });
        demandEqual(
          [status, body.details?.requiredScopes?.includes('leads:force')],
          [403, true],
          'the status, and whether the scope is named',
        );
        demandEqual((await caller.call('leads.get', { params: { leadId: id } })).status, 200, 'the lead');
      }
    },
  })),
  {
    name: 'rights: a bulk deletion by filter with force takes leads:force',
    async run({ caller }) {
      const filter = { source: newSource() };
      const { lead } = await caller.enrolledLead(filter);
      const { planToken } = (await caller.call('leads.bulkDelete', { body: { filter, dryRun: true } })).body.data;
      const headers = await caller.only(scopesBut('leads:force'));
      const { status } = await caller.call('leads.bulkDelete', { body: { filter, planToken, force: true }, headers });
      demandEqual(
        [status, (await caller.call('leads.get', { params: { leadId: lead.id } })).status],
        [403, 200],
        'the status, and the lead',
      );
    },
  },
  ...ALL.filter((scope) => scope !== 'keys:manage').map((scope): Check => ({
    name: `rights: a key without ${scope} neither gives it to another nor rotates one that has it`,
    async run({ caller }) {
      const headers = await caller.only(scopesBut(scope));
      const created = await caller.call('apiKeys.create', { body: { name: 'More than its own', scopes: [scope] }, headers });
      const { id: keyId } = await caller.apiKey([scope]);
      const rotated = await caller.call('apiKeys.rotate', { params: { keyId }, body: {}, headers });
      demandEqual([created.status, rotated.status], [403, 403], 'creating and rotating');
    },
  })),
];

/** What there is of what a call names. */
async function stateOf(caller: Calls, params: Readonly<Record<string, string>>): Promise<unknown> {
  const reads = OPERATIONS.filter(({ route }) => route.method === 'GET' && route.path.includes(':')).filter(({ route }) =>
    [...route.path.matchAll(/:(\w+)/g)].every(([, name = '']) => name in params),
  );
  const answers = [];
  for (const { id } of reads) {
    const { status, body } = await caller.call(id as OperationId, { params });
    // A token is another one each time.
    const { confirmationToken: _, confirmationExpiresAt: __, ...data } = body.data ?? {};
    answers.push([id, status, data]);
  }
  return answers;
}
