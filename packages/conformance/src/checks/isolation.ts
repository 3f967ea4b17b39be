import { IMPLEMENTED_OPERATIONS, type OperationId } from '@leads/contract';
import type { Call, Calls } from '../calls.ts';
import type { Check } from '../check.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newEmail, newRecord, newSource, VALID_CALLS } from '../valid-calls.ts';

/** Operations with a path parameter: what it names may be another workspace's. */
const aboutOne = IMPLEMENTED_OPERATIONS.filter(({ route }) => route.path.includes(':')).map(({ id }) => id as OperationId);

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
];

function unknownParams({ params = {} }: Call): Record<string, string> {
  return Object.fromEntries(Object.keys(params).map((name) => [name, 'unknown']));
}

function withoutIds(text: string, { params = {} }: Call): string {
  return Object.values(params).reduce((rest, id) => rest.replaceAll(id, '?'), text);
}
