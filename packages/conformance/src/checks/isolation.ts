import { bodyOf, IMPLEMENTED_OPERATIONS, type OperationId } from '@leads/contract';
import type { Call, Calls } from '../calls.ts';
import type { Check } from '../check.ts';
import { fieldsOf } from '../fields.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newEmail, newRecord, newSource, VALID_CALLS } from '../valid-calls.ts';

/** Operations with a path parameter: what it names may be another workspace's. */
const aboutOne = IMPLEMENTED_OPERATIONS.filter(({ route }) => route.path.includes(':')).map(({ id }) => id as OperationId);

/** Members of a body that name something by its id. */
const isId = (name: string) => /^ids?$|Ids?$/.test(name);
/** Operations whose body names what may be another workspace's, too. */
const aboutIds = IMPLEMENTED_OPERATIONS.filter(
  ({ route, metadata }) => !metadata.bodyMediaType && fieldsOf(bodyOf(route)).some(({ name }) => isId(name)),
).map(({ id }) => id as OperationId);

/** What is another workspace's is answered as what never was. */
export const isolationChecks: readonly Check[] = [
  ...aboutOne.map((operation) => ({
    name: `isolation: ${operation} answers for another workspace as for what never was`,
    needsOther: true,
    async run({ caller, other }: { caller: Calls; other: Calls | undefined }) {
      const call = await VALID_CALLS[operation](caller);
      const foreign = await other!.call(operation, call);
      const unknown = await other!.call(operation, { ...call, params: unknownParams(call) });
      demandEqual(foreign.status, 404, 'the status');
      demandEqual(withoutIds(foreign.text, call), withoutIds(unknown.text, { params: unknownParams(call) }), 'the body');
    },
  })),
  ...aboutIds.map((operation) => ({
    name: `isolation: ${operation} does with ids of another workspace as with those of what never was`,
    needsOther: true,
    async run({ caller, other }: { caller: Calls; other: Calls | undefined }) {
      const [own, foreign] = [await VALID_CALLS[operation](other!), await VALID_CALLS[operation](caller)];
      const answerTo = (ids: object) => other!.call(operation, { ...own, body: { ...(own.body as object), ...ids } });
      const [ids, unknown] = [idsIn(foreign.body, (id) => id), idsIn(foreign.body, () => 'unknown')];
      demand(Object.keys(ids).length > 0, 'nothing is named by an id');
      const [answer, expected] = [await answerTo(ids), await answerTo(unknown)];
      const named = Object.values(ids).flat();
      const seen = named.reduce((text, id) => text.replaceAll(id, 'unknown'), answer.text);
      demandEqual([answer.status, seen], [expected.status, expected.text], 'the answer');
      demand(!/_NOT_FOUND/.test((await caller.call(operation, foreign)).text), 'what was named is gone');
    },
  })),
  {
    name: 'isolation: a workspace has one id, and another workspace has another',
    needsOther: true,
    async run({ caller, other }) {
      const idsOf = async (each: Calls) => {
        const made = [await each.lead(), await each.campaign(), await each.apiKey(['leads:read'])] as { workspaceId: string }[];
        return new Set(made.map(({ workspaceId }) => workspaceId));
      };
      const [own, foreign] = [await idsOf(caller), await idsOf(other!)];
      demandEqual([own.size, foreign.size, new Set([...own, ...foreign]).size], [1, 1, 2], 'ids of the one, of the other, and of both');
    },
  },
  {
    name: 'isolation: lists, search, statistics and bulk deletion see one workspace only',
    needsOther: true,
    async run({ caller, other }) {
      const source = newSource();
      const year = 1000 + Math.floor(Math.random() * 800);
      const at = `${year}-03-01T12:00:00.000Z`;
      const { lead } = newRecord({ source, createdAt: at, updatedAt: at });
      await caller.call('leads.import', { body: JSON.stringify({ lead }) });
      const { id } = lead;
      demandEqual((await other!.call('leads.list', { query: { source } })).body.data.leads, [], 'the list');
      const days = (await other!.call('leads.stats', { query: { from: `${year}-03-01`, to: `${year}-03-02` } })).body.data.byDay;
      demandEqual(days, [], 'the statistics of that day');
      demand(!(await other!.call('leads.stats')).text.includes(source), 'the statistics name the source');
      const { outcomes } = (await other!.call('leads.bulkDelete', { body: { ids: [id] } })).body.data;
      demandEqual(outcomes, [{ leadId: id, outcome: 'skipped', code: 'LEAD_NOT_FOUND' }], 'the outcome');
      demandEqual((await caller.call('leads.get', { params: { leadId: id } })).status, 200, 'the lead');
    },
  },
  {
    name: 'isolation: an address that another workspace has stands in the way of nobody',
    needsOther: true,
    async run({ caller, other }) {
      const [record, email] = [newRecord(), newEmail()];
      for (const address of [record.lead['email'], email]) await other!.lead({ email: address });
      const imported = (await caller.call('leads.import', { body: JSON.stringify(record) })).body.data.outcomes[0];
      const params = { leadId: (await caller.lead({ email })).id as string };
      const { backupId } = (await caller.call('leads.delete', { params, query: 'backup=true' })).body.data;
      const restored = await caller.call('backups.restore', { params: { backupId } });
      demandEqual([imported.outcome, restored.status], ['imported', 201], 'an import, and a restoring');
    },
  },
  {
    name: 'isolation: an id that a lead of another workspace has, or an erased one had, stands in the way of nobody',
    needsOther: true,
    async run({ caller, other }) {
      const [there, erased] = [await other!.lead(), await other!.lead()];
      await other!.call('leads.delete', { params: { leadId: erased.id }, query: 'erase=true' });
      for (const { id } of [there, erased]) {
        const { lead } = newRecord({ id });
        const { outcomes } = (await caller.call('leads.import', { body: JSON.stringify({ lead }) })).body.data;
        demandEqual(outcomes[0].outcome, 'imported', 'the outcome');
        demandEqual((await caller.call('leads.get', { params: { leadId: id } })).body.data.email, lead['email'], 'the address of the lead');
      }
      demandEqual((await other!.call('leads.get', { params: { leadId: there.id } })).body.data, there, 'the lead of the other workspace');
    },
  },
];

/** The members of a body that name something, each id made into another one. */
function idsIn(body: unknown, make: (id: string) => string): Record<string, string | string[]> {
  const members = Object.entries(body as Record<string, string | string[]>).filter(([name]) => isId(name));
  return Object.fromEntries(members.map(([name, id]) => [name, typeof id === 'string' ? make(id) : id.map(make)]));
}

function unknownParams({ params = {} }: Call): Record<string, string> {
  return Object.fromEntries(Object.keys(params).map((name) => [name, 'unknown']));
}

function withoutIds(text: string, { params = {} }: Call): string {
  return Object.values(params).reduce((rest, id) => rest.replaceAll(id, '?'), text);
}
