import { bodyOf, IMPLEMENTED_OPERATIONS, type OperationId, OPERATIONS } from '@leads/contract';
import type { Call, Calls } from '../calls.ts';
import type { Check } from '../check.ts';
import { fieldsOf } from '../fields.ts';
import { filtersOf, type Item } from '../filters.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { identityOf, POPULATIONS } from '../populations.ts';
import { newEmail, newRecord, newSource, VALID_CALLS } from '../valid-calls.ts';
import { LISTS, readPage, walk } from '../walk.ts';

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
  ...IMPLEMENTED_OPERATIONS.filter(({ route }) => (route.path.match(/:\w+/g) ?? []).length > 1).map(({ id, route }): Check => ({
    name: `isolation: ${id} takes what is another workspace's neither for what is its own, nor the other way round`,
    needsOther: true,
    async run({ caller, other }) {
      const operation = id as OperationId;
      const [own, foreign] = [await VALID_CALLS[operation](other!), await VALID_CALLS[operation](caller)];
      for (const [, name = ''] of route.path.matchAll(/:(\w+)/g)) {
        const answer = async (value: string) => {
          const { status, text } = await other!.call(operation, { ...own, params: { ...own.params, [name]: value } });
          return [status, text.replaceAll(value, 'unknown')];
        };
        demandEqual(await answer(foreign.params![name]!), await answer('unknown'), `the answer for another ${name}`);
      }
    },
  })),
  ...LISTS.filter(({ id }) => !OPERATIONS.find((operation) => operation.id === id)!.route.path.includes(':')).map(({ id }): Check => ({
    name: `isolation: ${id} holds nothing of another workspace, whatever is asked for, and goes on with no cursor of it`,
    needsOther: true,
    async run({ other, once }) {
      const { items, scope = {} } = await once(POPULATIONS[id]);
      const foreign = new Set(items.map(identityOf));
      const byId = filtersOf(id).filter(({ name }) => name.endsWith('Id'));
      const queries: Item[] = [{}, scope, ...byId.map(({ name, values }) => ({ [name]: values(items)[0] }))];
      for (const query of queries as Record<string, string>[]) {
        const found = (await walk(other!, id, { query: { limit: 100, ...query } }, ({ length }) => length > items.length)).items;
        const others = found.map(identityOf).filter((each) => foreign.has(each));
        demandEqual(others, [], `what ${JSON.stringify(query)} selects and should not`);
      }
      const { page } = await once((caller) => readPage(caller, id, { query: { limit: 2 } }));
      const { status, text } = await other!.call(id, { query: { cursor: String(page.nextCursor), limit: 100 } });
      demand(status === 200 || status === 400, `the status is ${status}`);
      demand(
        ![...foreign].some((each) => text.includes(`"${each}"`)),
        'a page after a cursor of the other workspace shows what is its own',
      );
    },
  })),
  {
    name: 'isolation: an import brings leads into no campaign of another workspace, and an export has none of its leads',
    needsOther: true,
    async run({ caller, other }) {
      const [source, { campaign }] = [newSource(), await caller.enrolledLead()];
      const record = { ...newRecord({ source }), campaigns: [{ id: campaign.id, enrolledAt: '2024-01-15T10:30:00.000Z' }] };
      const { outcomes } = (await other!.call('leads.import', { body: JSON.stringify(record) })).body.data;
      demandEqual(outcomes[0].missingCampaigns, [campaign.id], 'the missing campaigns');
      const { enrollments } = (await caller.call('campaigns.listLeads', { params: { campaignId: campaign.id } })).body.data;
      demandEqual(enrollments.length, 1, 'leads in the campaign');
      const { text } = await caller.call('leads.export', { query: { source } });
      demand(!text.includes(record.lead.id), 'the export has a lead of the other workspace');
    },
  },
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
