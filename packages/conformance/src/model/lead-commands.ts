import { CreateLeadSchema, type Lead, LeadStatusSchema } from '@leads/contract';
import fc from 'fast-check';
import type { BulkOperation } from '../calls.ts';
import { fieldsOf } from '../fields.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newRecord } from '../valid-calls.ts';
import { losslessValues } from '../values.ts';
import { addActivity } from './activity-commands.ts';
import { BULK_OPTIONS, bulkByFilter, bulkByIds, keepMetadata, reason } from './bulk.ts';
import { about, change, type ChangingOf, type Commands, guard, metadata, number, numbers, step } from './command.ts';
import { anonymized, archived, readBackup, unarchived, withoutLost } from './deeds.ts';
import { merged, pick } from './world.ts';

const source = fc.nat(1);
const status = fc.constantFrom(...LeadStatusSchema.options);
const patch = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.oneof(fc.constantFrom(null, 2, [1, null]), fc.dictionary(fc.constantFrom('x', 'y'), fc.option(fc.nat(3)))),
  { maxKeys: 3 },
);
/** Fields of a lead that this file knows nothing of, from their schema. */
const KNOWN = new Set(['name', 'email', 'source', 'status', 'metadata', 'phone']);
const others = fieldsOf(CreateLeadSchema)
  .filter(({ name }) => !KNOWN.has(name))
  .map((field) => [field.name, fc.constantFrom(...losslessValues(field))] as const);
// Long enough not to stand in an id or a reason, where it would be made unreadable.
const name = fc.constantFrom('Zoe Miller', `Bo  O'Neil-Smith`, 'Åsa 日本語 👩‍👩‍👧');
const phone = fc.option(fc.constantFrom('+49 (0) 170 55512-0', '0049 170 5551299'));
const fields = { name, phone, source, status, ...Object.fromEntries(others) };

const bulk = (operation: BulkOperation) =>
  step(
    operation,
    fc.tuple(fc.boolean(), numbers, source, fc.boolean(), BULK_OPTIONS[operation]),
    async (world, byFilter, which, from, atomic, options) => {
      if (byFilter) return bulkByFilter(world, operation, { source: world.source(from) }, options);
      const ids = world.pickLeads(which);
      if (ids.length > 0) await bulkByIds(world, operation, ids, atomic, options);
    },
  );

/** Commands of the operations on leads, and on the jobs that work on them. */
export const LEAD_COMMANDS: Commands<ChangingOf<'leads' | 'jobs'>> = {
  'leads.create': step(
    'leads.create',
    fc.tuple(fc.record({ ...fields, metadata }, { requiredKeys: ['name', 'source'] })),
    async (world, given) => {
      const body = { ...given, source: world.source(given.source), email: world.email() };
      const lead: Lead = await world.done('leads.create', { body });
      demandEqual(lead, { ...DEFAULTS, ...body, ...serverSet(lead) }, 'the created lead');
      demandEqual(lead.updatedAt, lead.createdAt, 'updatedAt of a new lead');
      world.add({ lead, statusBeforeArchive: null, activities: [], campaigns: [] });
    },
  ),
  'leads.import': step('leads.import', fc.tuple(number, number, source), async (world, back, there, from) => {
    const [returning, existing] = [pick([...world.gone.values()], back), pick([...world.leads.values()], there)];
    const made = newRecord({ source: world.source(from) });
    const complete = { statusBeforeArchive: null, activities: [], campaigns: [], ...made };
    const lines = [...(returning ? [returning] : []), '', ...(existing ? [existing] : []), '{}', complete];
    const body = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
    const { outcomes, ...counts } = await world.done('leads.import', { query: { allowDuplicateEmail: 'true' }, body });
    const code = { failed: 'VALIDATION_ERROR', skipped: 'LEAD_EXISTS', imported: undefined };
    const expected = lines.flatMap((line, i) => {
      if (line === '') return [];
      const outcome = line === '{}' ? 'failed' : line === existing ? 'skipped' : 'imported';
      return [{ line: i + 1, leadId: typeof line === 'string' ? null : line.lead.id, outcome, code: code[outcome] }];
    });
    demandEqual(
      outcomes.map(({ line, leadId, outcome, code: why }: (typeof expected)[number]) => ({ line, leadId, outcome, code: why })),
      expected,
      'the outcomes of the import',
    );
    const { imported, skipped, failed } = counts;
    demandEqual([imported, skipped, failed], [returning ? 2 : 1, existing ? 1 : 0, 1], 'the counts of the import');
    if (returning) world.add(withoutLost(world, returning, outcomes[0].missingCampaigns));
    const { lead } = await world.done('leads.exportOne', { params: { leadId: made.lead.id } });
    demandEqual(lead, { ...made.lead, workspaceId: lead.workspaceId }, 'the imported lead');
    world.add({ ...complete, lead });
  }),
  'leads.update': about(
    'leads.update',
    fc.tuple(fc.record({ ...fields, metadata: patch }, { requiredKeys: [] }), guard),
    async (world, leadId, given, ifMatch) => {
      const body = { ...given, ...(given.source !== undefined && { source: world.source(given.source) }) };
      if (Object.keys(body).length === 0) return;
      const answer = await change(world, 'leads.update', leadId, body, ifMatch);
      if (!answer) return;
      const { lead } = world.leads.get(leadId)!;
      const { updatedAt } = answer;
      demandEqual(
        answer,
        { ...lead, ...body, metadata: body.metadata ? merged(lead.metadata, body.metadata) : lead.metadata, updatedAt },
        'the updated lead',
      );
      demand(updatedAt >= lead.updatedAt, 'updatedAt went back');
      world.change(leadId, { lead: answer });
    },
  ),
  'leads.delete': about(
    'leads.delete',
    fc.tuple(BULK_OPTIONS['leads.bulkDelete'], guard, fc.constantFrom('none', 'none', 'fresh', 'stale')),
    async (world, leadId, options, ifMatch, confirmation) => {
      const params = { leadId };
      const record = world.leads.get(leadId);
      world.touched.add(leadId);
      let token: string | undefined;
      if (record && confirmation !== 'none') {
        const preview = await world.done('leads.deletionPreview', { params });
        const attached = { activities: record.activities.length, campaigns: record.campaigns.length };
        const blockers = world.holding(record.campaigns.map(({ id }) => id));
        const { lead, backups, deletable } = preview;
        demandEqual(
          [lead, preview.attached, backups, deletable, preview.blockers],
          [record.lead, attached, world.backupsOf(leadId).length, blockers.length === 0, blockers],
          'the preview',
        );
        token = preview.confirmationToken;
        if (confirmation === 'stale') await addActivity(world, leadId, { type: 'note', text: 'Met in between' });
      }
      // What erasing makes of what is left of a lead is another matter.
      const switches = Object.entries(record ? options : { ...options, erase: false }).filter(([, value]) => value !== undefined);
      const query = Object.fromEntries(switches.map(([key, value]) => [key, String(value)]));
      const headers = { ...(ifMatch && { 'if-match': ifMatch }), ...(token && { 'x-confirmation-token': token }) };
      const { status, body, headers: answered } = await world.call('leads.delete', { params, query, headers });
      if (!record) return demandEqual(status, 404, 'deleting a lead that is not there');
      if (ifMatch === '"another"') return demandEqual([status, body.details?.leadId], [412, leadId], 'deleting another version');
      if (token && confirmation === 'stale')
        return demandEqual([status, body.code], [409, 'CONFIRMATION_STALE'], 'deleting what was not confirmed');
      const blockers = world.holding(record.campaigns.map(({ id }) => id));
      if (blockers.length > 0 && options['force'] !== true)
        return demandEqual([status, body.details], [409, { leadId, campaigns: blockers }], 'the refusal');
      demandEqual(
        [status, body.data?.id, body.data?.backupId !== undefined],
        [200, leadId, options['backup'] === true],
        'status, id and whether there is a backup',
      );
      const { deletedAt, backupId = null } = body.data;
      demand(deletedAt >= record.lead.createdAt, 'deleted before it was made');
      const said = {
        deletedAt,
        requestId: String(answered['x-request-id']),
        jobId: null,
        reason: (options['reason'] as string | undefined) ?? null,
        backupId,
      };
      const attached = backupId === null ? {} : { attached: await readBackup(world, backupId) };
      world.remove(leadId, said, { erase: options['erase'] === true, ...attached });
    },
  ),
  'leads.archive': about('leads.archive', fc.tuple(reason, guard), async (world, leadId, why, ifMatch) => {
    const answer = await change(world, 'leads.archive', leadId, { reason: why }, ifMatch);
    if (!answer) return;
    await archived(world, leadId, why ?? null);
    demandEqual(answer, world.leads.get(leadId)!.lead, 'the archived lead');
  }),
  'leads.unarchive': about('leads.unarchive', fc.tuple(guard), async (world, leadId, ifMatch) => {
    const answer = await change(world, 'leads.unarchive', leadId, undefined, ifMatch);
    if (!answer) return;
    unarchived(world, leadId, answer.updatedAt);
    demandEqual(answer, world.leads.get(leadId)!.lead, 'the unarchived lead');
  }),
  'leads.anonymize': about('leads.anonymize', fc.tuple(keepMetadata, reason, guard), async (world, leadId, kept, why, ifMatch) => {
    const expected = { activityTexts: world.leads.get(leadId)?.activities.length, backups: world.backupsOf(leadId).length };
    const answer = await change(world, 'leads.anonymize', leadId, { keepMetadata: kept, reason: why }, ifMatch);
    if (!answer) return;
    await anonymized(world, leadId, kept);
    const { lead, removed } = answer as unknown as { lead: Lead; removed: object };
    demandEqual([lead, removed], [world.leads.get(leadId)!.lead, expected], 'the anonymized lead, and what was removed');
  }),
  'leads.bulkDelete': bulk('leads.bulkDelete'),
  'leads.bulkArchive': bulk('leads.bulkArchive'),
  'leads.bulkAnonymize': bulk('leads.bulkAnonymize'),
  'jobs.cancel': step('jobs.cancel', fc.tuple(source), (world, from) =>
    bulkByFilter(world, 'leads.bulkArchive', { source: world.source(from) }, {}, true),
  ),
};

const DEFAULTS = { phone: null, status: 'new', metadata: {} };

function serverSet({ id, createdAt, updatedAt, workspaceId }: Lead) {
  return { id, createdAt, updatedAt, workspaceId };
}
