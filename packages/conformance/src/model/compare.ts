import type { Calls } from '../calls.ts';
import type { Item } from '../filters.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { walk } from '../walk.ts';
import { inOrder, type World } from './world.ts';

const PAGE = { limit: 100 };

/** What a step was about is as the model has it, and so are the lists of the leads of this world. */
export async function compareTouched(world: World): Promise<void> {
  for (const leadId of world.touched) {
    if (world.leads.has(leadId)) await compareLead(world, leadId);
    else await compareReceipt(world, leadId);
  }
  world.touched.clear();
  for (const source of world.sources) await compareSource(world, source);
}

async function compareLead(world: World, leadId: string): Promise<void> {
  const record = world.leads.get(leadId)!;
  const params = { leadId };
  const found = await world.done('leads.exportOne', { params });
  demandEqual(found, { ...record, activities: inOrder(record.activities) }, 'the lead with all that hangs on it');
  const { headers } = await world.call('leads.get', { params });
  const known = world.etags.get(leadId);
  const isSame = known && JSON.stringify(known.lead) === JSON.stringify(record.lead);
  if (known && !isSame) demand(known.etag !== headers.etag, 'the lead was changed, and its ETag was not');
  world.etags.set(leadId, { lead: record.lead, etag: headers.etag });
}

async function compareReceipt(world: World, leadId: string): Promise<void> {
  const params = { leadId };
  demandEqual((await world.call('leads.get', { params })).status, 404, 'reading a lead that is deleted');
  const { auditEntryId: _, auditHash: __, restoredAt, erasedAt, ...receipt } = await world.done('deletions.get', { params });
  demandEqual({ ...receipt, restored: restoredAt !== null, erased: erasedAt !== null }, world.receipts.get(leadId), 'the receipt');
  world.etags.delete(leadId);
}

async function compareSource(world: World, source: string): Promise<void> {
  const { items, pages } = await walk(world.caller, 'leads.list', { query: { ...PAGE, source } });
  const leads = leadsOf(world, source);
  demandEqual(byId(items), byId(leads), 'the leads of a source');
  demandEqual(pages[0]!.total, leads.length, 'their total');
}

/** Everything is as the model has it. */
export async function compareAll(world: World): Promise<void> {
  for (const leadId of [...world.leads.keys(), ...world.receipts.keys()]) {
    const query = { ...PAGE, leadId };
    const { items } = await walk(world.caller, 'backups.list', { query });
    const expected = world.backupsOf(leadId).map((id) => world.backups.get(id)!.backup);
    demandEqual(byId(items), byId(expected), 'the backups of a lead');
    if (!world.leads.has(leadId)) await compareReceipt(world, leadId);
    else await compareActivities(world, leadId);
  }
  for (const { backup, content } of world.backups.values()) {
    const found = await world.done('backups.get', { params: { backupId: backup.id } });
    demandEqual(found, { backup, content: { ...content, activities: inOrder(content.activities) } }, 'a backup');
  }
  for (const campaign of world.campaigns.values()) {
    const params = { campaignId: campaign.id };
    demandEqual(await world.done('campaigns.get', { params }), campaign, 'a campaign');
    const enrolled = [...world.leads.values()].flatMap(({ lead, campaigns }) =>
      campaigns.filter(({ id }) => id === campaign.id).map(({ enrolledAt }) => ({ campaignId: campaign.id, leadId: lead.id, enrolledAt })),
    );
    const { items } = await walk(world.caller, 'campaigns.listLeads', { params, query: PAGE });
    demandEqual(
      items,
      enrolled.toSorted((a, b) => (a.leadId < b.leadId ? -1 : 1)),
      'the leads of a campaign',
    );
  }
  for (const [jobId, job] of world.jobs) demandEqual(await world.done('jobs.get', { params: { jobId } }), job, 'a job');
  if (world.keys.size > 0) await compareKeys(world.caller, world);
  for (const source of world.sources) await compareExport(world, source);
  for (const status of ['new', 'lost']) await compareFilter(world, { status });
  for (const archived of ['true', 'false']) await compareFilter(world, { archived });
}

async function compareActivities(world: World, leadId: string): Promise<void> {
  const { items } = await walk(world.caller, 'activities.list', { params: { leadId }, query: PAGE });
  demandEqual(items, inOrder(world.leads.get(leadId)!.activities).toReversed(), 'the activities of a lead');
}

async function compareKeys(caller: Calls, world: World): Promise<void> {
  const { items } = await walk(caller, 'apiKeys.list', { query: PAGE }, (found) =>
    [...world.keys.keys()].every((id) => found.some((item) => item['id'] === id)),
  );
  for (const { item } of world.keys.values()) {
    const { lastUsedAt: _, ...found } = items.find(({ id }) => id === item.id) ?? {};
    demandEqual(found, item, 'an API key');
  }
}

async function compareExport(world: World, source: string): Promise<void> {
  const { text } = await world.call('leads.export', { query: { source } });
  const records: Item[] = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter((line) => line.lead);
  const ids = leadsOf(world, source)
    .map(({ id }) => id)
    .toSorted();
  const expected = ids.map((id) => world.leads.get(id)!).map((record) => ({ ...record, activities: inOrder(record.activities) }));
  demandEqual(records, expected, 'the export');
}

async function compareFilter(world: World, filter: Readonly<Record<string, string>>): Promise<void> {
  for (const source of world.sources) {
    const { items, pages } = await walk(world.caller, 'leads.list', { query: { ...PAGE, source, ...filter } });
    const leads = leadsOf(world, source).filter(({ status, metadata }) =>
      filter['status'] === undefined ? String(metadata['archived'] === true) === filter['archived'] : status === filter['status'],
    );
    demandEqual(byId(items), byId(leads), `the leads of a source with ${JSON.stringify(filter)}`);
    demandEqual(pages[0]!.total, leads.length, `the total with ${JSON.stringify(filter)}`);
  }
}

function leadsOf(world: World, wanted: string) {
  return [...world.leads.values()].map(({ lead }) => lead).filter(({ source }) => source === wanted);
}

function byId(items: readonly object[]): Item[] {
  return (items as readonly Item[]).toSorted((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1));
}
