import { randomUUID } from 'node:crypto';
import { LeadSchema, PAGE_LIMIT_DEFAULT, SCOPES, type Scope } from '@leads/contract';
import fc from 'fast-check';
import type { Call, Calls } from './calls.ts';
import type { ListId } from './contract-types.ts';
import { fieldsOf } from './fields.ts';
import type { Item } from './filters.ts';
import { demandEqual } from './mismatch.ts';
import { newSource } from './valid-calls.ts';

/** Items of a list that belong to a check. */
export interface Population {
  readonly params?: NonNullable<Call['params']>;
  /** The filter by which they alone are selected; undefined where the list may hold items of others, too. */
  readonly scope?: Readonly<Record<string, string>>;
  /** All of them, or in the list without the scope some more. */
  readonly items: readonly Item[];
}

/** More than a page holds when nothing is said. */
const COUNT = PAGE_LIMIT_DEFAULT + 4;

/** What tells an item of a list from the others. */
export function identityOf(item: Item): string {
  return String(item['id'] ?? item['leadId']);
}

/** More items than a page of each list. */
export const POPULATIONS: Readonly<Record<ListId, (caller: Calls) => Promise<Population>>> = {
  'leads.list': importedLeads,
  async 'activities.list'(caller) {
    const params = { leadId: (await caller.lead()).id as string };
    const make = (n: number) =>
      caller.call('activities.create', { params, body: { type: 'note', text: `Note ${n}`, occurredAt: dayOf(n % 7) } });
    return { params, scope: {}, items: await made(make) };
  },
  async 'campaigns.list'(caller) {
    const statuses = ['draft', 'active', 'paused', 'completed'];
    const [one, two] = [(await caller.lead()).id as string, (await caller.lead()).id as string];
    const enrolled = [[], [one], [two], [one, two], [one]];
    const make = async (n: number) => {
      const leadIds = enrolled[n % 5]!;
      const campaign = await caller.call('campaigns.create', { body: { name: ['Offer', ...leadIds].join(' '), status: statuses[n % 4] } });
      const params = { campaignId: campaign.body.data.id as string };
      if (leadIds.length > 0) await caller.call('campaigns.enroll', { params, body: { leadIds } });
      return campaign;
    };
    return { items: await made(make) };
  },
  async 'campaigns.listLeads'(caller) {
    const params = { campaignId: (await caller.campaign()).id as string };
    const enroll = async (leadId: string) => caller.call('campaigns.enrollLead', { params: { ...params, leadId } });
    return { params, scope: {}, items: await made(async () => enroll((await caller.lead()).id)) };
  },
  async 'backups.list'(caller) {
    const [one, two] = [await caller.lead(), await caller.lead()];
    const items = await made((n) => caller.call('backups.create', { params: { leadId: n === 1 ? two.id : one.id } }));
    return { scope: { leadId: one.id }, items };
  },
  async 'jobs.list'(caller) {
    const kinds = ['leads.bulkDelete', 'leads.bulkArchive', 'leads.bulkAnonymize'] as const;
    const items: Item[] = [];
    for (let n = 0; n < COUNT; n++) items.push(await caller.job(kinds[n % 3]!, { source: newSource() }));
    return { items };
  },
  async 'jobs.listOutcomes'(caller) {
    const filter = { source: newSource() };
    const { scope: _, items } = await importedLeads(caller, filter.source);
    const { id: campaignId } = await caller.campaign();
    const ids = items.filter(({ source }) => source === filter.source).map(identityOf);
    const [inUse, free] = [ids.slice(0, 3), ids.slice(3)];
    await caller.call('campaigns.enroll', { params: { campaignId }, body: { leadIds: inUse } });
    const { id: jobId } = await caller.job('leads.bulkDelete', filter);
    const failed = inUse.map((leadId) => ({ leadId, outcome: 'failed', code: 'LEAD_IN_USE' }));
    return { params: { jobId }, scope: {}, items: [...failed, ...free.map((leadId) => ({ leadId, outcome: 'deleted' }))] };
  },
  async 'auditLog.list'(caller) {
    const [one, two] = [await caller.apiKey(EVERY_SCOPE), await caller.apiKey(EVERY_SCOPE)];
    const leads = [await caller.lead(), await caller.lead()];
    for (let n = 0; n < COUNT; n++) {
      const call = { params: { leadId: leads[n % 2].id as string }, headers: { authorization: `Bearer ${(n === 1 ? two : one).key}` } };
      await caller.call(n % 3 === 0 ? 'leads.exportOne' : 'backups.create', call);
    }
    const entriesOf = async (keyId: string) =>
      (await caller.call('auditLog.list', { query: { keyId, limit: 100 } })).body.data.entries as Item[];
    const items = [...(await entriesOf(one.id)), ...(await entriesOf(two.id))];
    demandEqual(items.length, COUNT, 'how many entries the two keys have');
    return { scope: { keyId: one.id }, items };
  },
  async 'apiKeys.list'(caller) {
    const items: Item[] = [];
    for (let n = 0; n < COUNT; n++) {
      const { key: _, ...key } = (await caller.call('apiKeys.create', { body: { name: `Key ${n}`, scopes: ['leads:read'] } })).body.data;
      const { revokedAt } = (await caller.call('apiKeys.revoke', { params: { keyId: key.id } })).body.data;
      items.push({ ...key, revokedAt });
    }
    return { items };
  },
};

const EVERY_SCOPE = Object.keys(SCOPES) as Scope[];

async function made(make: (n: number) => ReturnType<Calls['call']>): Promise<Item[]> {
  const items: Item[] = [];
  for (let n = 0; n < COUNT; n++) items.push((await make(n)).body.data);
  return items;
}

function dayOf(n: number): string {
  return `2024-01-1${n}T12:00:00.08${n}Z`;
}

/** Leads whose fields are like each other in every way by which a filter could take one for the other, with times of long ago. */
async function importedLeads(caller: Calls, source = `${newSource()}_a`): Promise<Population> {
  const year = 1000 + Math.floor(Math.random() * 800);
  const moments = ['-05-01T00:00:00.000Z', '-05-01T00:00:00.001Z', '-05-02T23:59:59.999Z', '-05-03T00:00:00.000Z'].map(
    (rest) => year + rest,
  );
  const special: Readonly<Record<string, (n: number) => readonly unknown[]>> = {
    id: () => [`lead_${randomUUID().replaceAll('-', '')}`],
    email: (n) => [`jö_e.q${n}@example.com`, `xjö_e.q${n - 1}@example.com`, `Jöye.Q${n - 2}@Example.org`],
    source: (n) => (n < COUNT ? [source] : [source.toUpperCase(), `${source}x`, source.replace('_', 'y'), source.slice(0, -1), null]),
    metadata: () => [{}, { archived: true }, { archived: 'true' }, { archived: false, n: 1 }],
    createdAt: () => moments,
    updatedAt: () => moments,
    workspaceId: () => ['ws_other'],
  };
  const leadOf = (n: number) =>
    Object.fromEntries(
      fieldsOf(LeadSchema).map((field) => {
        const values = special[field.name]?.(n) ?? [...(field.bounds.enum ?? texts(field.bounds.type)), ...(field.nullable ? [null] : [])];
        return [field.name, fc.constantFrom(...values.filter(field.allows))];
      }),
    );
  const leads = Array.from({ length: COUNT + 5 }, (_, n) => fc.sample(fc.record(leadOf(n)), { seed: n + 1, numRuns: 1 })[0]!);
  const { body } = await caller.call('leads.import', {
    query: { allowDuplicateEmail: 'true' },
    body: leads.map((lead) => JSON.stringify({ lead })).join('\n'),
  });
  demandEqual(body.data.imported, leads.length, 'how many leads are imported');
  const items: Item[] = [];
  for (const { id } of leads) items.push((await caller.call('leads.get', { params: { leadId: String(id) } })).body.data);
  demandEqual(
    items,
    leads.map((lead, n) => ({ ...lead, workspaceId: items[n]!['workspaceId'] })),
    'what was imported',
  );
  return { scope: { source }, items };
}

function texts(type: string | undefined): unknown[] {
  if (type === 'boolean') return [true, false];
  if (type === 'array') return [];
  if (type === 'integer' || type === 'number') return [1, 2, 10, 100];
  return ['Zö_e%Q Ann', 'ZÖ_E%Q ANN', 'Zöye%Q Ann', 'Zö_exxQ Ann', 'xZö_e%Q Ann', 'Bob'];
}
