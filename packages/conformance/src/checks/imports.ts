import { IMPORT_MAX_LINES, type Lead, LeadSchema } from '@leads/contract';
import type { Calls } from '../calls.ts';
import type { Check } from '../check.ts';
import { fieldsOf } from '../fields.ts';
import { demandEqual } from '../mismatch.ts';
import { newEmail, newRecord, newSource } from '../valid-calls.ts';
import { edges } from './bounds.ts';

const ALLOW = { query: { allowDuplicateEmail: 'true' } };
/** So far ahead a moment may be, and a bit less, for the time that a request takes. */
const AHEAD_MS = 240_000;

const recordOf = async (caller: Calls, leadId: unknown) =>
  (await caller.call('leads.exportOne', { params: { leadId: String(leadId) } })).body.data;
const importOf = async (caller: Calls, lines: readonly unknown[], query: Readonly<Record<string, string>> = {}) =>
  (await caller.call('leads.import', { query, body: linesOf(lines) })).body.data;

/** What an import of lines of JSON takes, and what it says of each. */
export const importChecks: readonly Check[] = [
  {
    name: 'import: each line has the outcome that fits it, with what it met, and a dry run says the same and changes nothing',
    async run({ caller }) {
      const [taken, erasedEmail, { id: campaignId }] = [await caller.lead({ email: newEmail() }), newEmail(), await caller.campaign()];
      const erased = await caller.lead({ email: newEmail() });
      await caller.call('leads.delete', { params: { leadId: erased.id }, query: 'erase=true' });
      const { planToken } = (await caller.call('erasures.create', { body: { email: erasedEmail, dryRun: true } })).body.data;
      const { erasure } = (await caller.call('erasures.create', { body: { email: erasedEmail, planToken } })).body.data;
      const enrolledAt = '2024-01-15T10:30:00.123Z';
      const ids = ['camp_never', campaignId];
      const [plain, enrolled] = [newRecord(), { ...newRecord(), campaigns: ids.map((id) => ({ id, enrolledAt })) }];
      const [late, kept, wrong] = [
        newRecord({ email: taken.email.toUpperCase() }),
        newRecord({ email: erasedEmail }),
        newRecord({ name: '' }),
      ];
      const lines = [plain, enrolled, { lead: taken }, late, newRecord({ id: erased.id }), kept, wrong, '{"lead":', plain];
      const expected = [
        { leadId: plain.lead.id, outcome: 'imported' },
        { leadId: enrolled.lead.id, outcome: 'imported', missingCampaigns: ['camp_never'] },
        { leadId: taken.id, outcome: 'skipped', code: 'LEAD_EXISTS' },
        { leadId: late.lead.id, outcome: 'failed', code: 'EMAIL_EXISTS', existingLeadId: taken.id },
        { leadId: erased.id, outcome: 'failed', code: 'LEAD_ERASED' },
        { leadId: kept.lead.id, outcome: 'failed', code: 'SUPPRESSED', erasureId: erasure.id },
        { leadId: wrong.lead.id, outcome: 'failed', code: 'VALIDATION_ERROR', issues: ['lead.name'] },
        { leadId: null, outcome: 'failed', code: 'INVALID_JSON' },
        { leadId: plain.lead.id, outcome: 'failed', code: 'VALIDATION_ERROR', issues: ['lead.id'] },
      ].map((outcome, i) => ({ line: i + 1, ...outcome }));
      const there = async () => [await recordOf(caller, plain.lead.id), await recordOf(caller, enrolled.lead.id)].map(Boolean);
      for (const [query, isThere] of [
        [{ dryRun: 'true' }, false],
        [{}, true],
      ] as const) {
        const { outcomes, ...counts } = await importOf(caller, lines, query);
        demandEqual(outcomes.map(withLocations), expected, `the outcomes with ${JSON.stringify(query)}`);
        demandEqual(counts, { imported: 2, skipped: 1, failed: 6 }, 'the counts');
        demandEqual(await there(), [isThere, isThere], `whether they are there with ${JSON.stringify(query)}`);
      }
      demandEqual((await caller.call('leads.get', { params: { leadId: taken.id } })).body.data, taken, 'the lead that was there');
      const { imported, outcomes } = await importOf(caller, [late, kept], ALLOW.query);
      demandEqual([imported, outcomes[1].code], [1, 'SUPPRESSED'], 'with allowDuplicateEmail');
    },
  },
  {
    name: 'import: moments with an offset come back in UTC, wherever they stand in a record',
    async run({ caller }) {
      const { id: campaignId } = await caller.campaign();
      const at = (n: number) => `2024-07-04T0${n}:06:07.08${n}+02:00`;
      const utc = (n: number) => `2024-07-04T0${n - 2}:06:07.08${n}Z`;
      const { lead } = newRecord({ createdAt: at(2), updatedAt: at(3) });
      const activity = { id: `act_${lead.id.slice(5)}`, leadId: lead.id, type: 'call', text: 'Asked', metadata: {} };
      const campaign = { id: campaignId };
      await importOf(caller, [
        {
          lead,
          activities: [{ ...activity, occurredAt: at(4), createdAt: at(5) }],
          campaigns: [{ ...campaign, enrolledAt: at(6) }],
        },
      ]);
      const found = await recordOf(caller, lead.id);
      demandEqual([found.lead.createdAt, found.lead.updatedAt], [utc(2), utc(3)], 'createdAt and updatedAt');
      demandEqual(found.activities, [{ ...activity, occurredAt: utc(4), createdAt: utc(5) }], 'the activities');
      demandEqual(found.campaigns, [{ ...campaign, enrolledAt: utc(6) }], 'the campaigns');
    },
  },
  {
    name: 'import: activities come in the order in which they happened, wherever the record goes',
    async run({ caller }) {
      const { lead } = newRecord({ source: newSource() });
      const at = '2024-01-15T10:30:00.000Z';
      const activities = [3, 1, 2, 0].map((n) => ({
        id: `act_${9 - n}${lead.id.slice(6)}`,
        leadId: lead.id,
        type: 'note',
        text: `Note ${n}`,
        metadata: { n },
        // Of two at one moment the ids decide.
        occurredAt: `2024-01-1${Math.max(1, n)}T10:30:00.000Z`,
        createdAt: at,
      }));
      await importOf(caller, [{ lead, activities }]);
      const params = { leadId: lead.id };
      const orderOf = ({ occurredAt, id }: (typeof activities)[number]) => `${occurredAt} ${id}`;
      const sorted = activities.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
      const { text } = await caller.call('leads.export', { query: { source: String(lead['source']) } });
      const { id: backupId } = (await caller.call('backups.create', { params })).body.data;
      const { content } = (await caller.call('backups.get', { params: { backupId } })).body.data;
      demandEqual((await recordOf(caller, lead.id)).activities, sorted, 'those of the record');
      demandEqual(JSON.parse(text.split('\n')[0]!).activities, sorted, 'those of the export');
      demandEqual(content.activities, sorted, 'those of the backup');
      demandEqual((await caller.call('activities.list', { params })).body.data.activities, sorted.toReversed(), 'their list, latest first');
    },
  },
  {
    name: 'import: what is done may be a few minutes ahead of the clock, and what is still to come years',
    async run({ caller }) {
      const ahead = new Date(Date.parse((await caller.lead()).createdAt) + AHEAD_MS).toISOString();
      const { lead } = newRecord({ createdAt: ahead, updatedAt: ahead });
      const activity = { id: `act_${lead.id.slice(5)}`, leadId: lead.id, type: 'meeting', text: 'To meet', metadata: {}, createdAt: ahead };
      const record = { lead, activities: [{ ...activity, occurredAt: '2098-12-31T23:59:59.999Z' }] };
      demandEqual((await importOf(caller, [record])).imported, 1, 'how many are imported');
      const { activities, lead: found } = await recordOf(caller, lead.id);
      demandEqual([found.createdAt, activities], [ahead, record.activities], 'createdAt, and the activity');
    },
  },
  {
    name: 'import: a line with a name that is not known, or of what belongs to another lead, is refused by its place',
    async run({ caller }) {
      const at = '2024-01-15T10:30:00.000Z';
      const { lead } = newRecord();
      const activity = {
        id: `act_${lead.id.slice(5)}`,
        leadId: lead.id,
        type: 'note',
        text: 'Met',
        metadata: {},
        occurredAt: at,
        createdAt: at,
      };
      const lines = [
        ['unknown', { lead, unknown: 1 }],
        ['lead.unknown', { lead: { ...lead, unknown: 1 } }],
        ['activities.0.unknown', { lead, activities: [{ ...activity, unknown: 1 }] }],
        ['campaigns.0.unknown', { lead, campaigns: [{ id: 'camp_never', enrolledAt: at, unknown: 1 }] }],
        ['activities.0.leadId', { lead, activities: [{ ...activity, leadId: 'lead_another' }] }],
        ['statusBeforeArchive', { lead, statusBeforeArchive: 'asleep' }],
      ] as const;
      const { outcomes } = await importOf(
        caller,
        lines.map(([, line]) => line),
      );
      demandEqual(
        outcomes.map(withLocations).map(({ outcome, issues }: { outcome: string; issues?: unknown }) => [outcome, issues]),
        lines.map(([location]) => ['failed', [location]]),
        'the outcomes',
      );
    },
  },
  {
    name: 'import: each field of a lead has the bounds that it has elsewhere',
    async run({ caller }) {
      const cases = fieldsOf(LeadSchema)
        // Where a lead comes from does not matter, and where it goes is the workspace of the key.
        .filter(({ name }) => name !== 'workspaceId')
        .flatMap((field) => [
          ...edges(field, undefined).map((edge) => ({ ...edge, field: field.name })),
          { what: 'none', value: undefined, allowed: false, field: field.name },
          ...(field.nullable ? [] : [{ what: 'null', value: null, allowed: false, field: field.name }]),
        ])
        .filter(({ field, allowed }) => !allowed || field !== 'id');
      const lines = cases.map(({ field, value }) => newRecord({ [field]: value }));
      const { outcomes } = await importOf(caller, lines);
      for (const [i, { field, what, allowed }] of cases.entries()) {
        const { outcome, issues } = withLocations(outcomes[i]);
        demandEqual([outcome, issues ?? []], allowed ? ['imported', []] : ['failed', [`lead.${field}`]], `${field}, ${what}`);
      }
    },
  },
  {
    name: 'import: an end that says another number of leads than stand before it refuses all, and the right one is no line',
    async run({ caller }) {
      const [{ lead }, end] = [newRecord(), (leads: number) => ({ export: { leads } })];
      for (const leads of [0, 2]) {
        const { status } = await caller.call('leads.import', { body: linesOf([{ lead }, end(leads)]) });
        demandEqual([status, await recordOf(caller, lead.id)], [400, undefined], `the answer to an end of ${leads}`);
      }
      const { imported, outcomes } = await importOf(caller, [{ lead }, end(1)]);
      demandEqual([imported, outcomes.length], [1, 1], 'with the right end');
    },
  },
  {
    name: `import: takes no more than ${IMPORT_MAX_LINES} lines`,
    async run({ caller }) {
      const { status, body } = await caller.call('leads.import', { body: '{}\n'.repeat(IMPORT_MAX_LINES + 1) });
      demandEqual([status, body.code], [400, 'VALIDATION_ERROR'], 'the answer');
    },
  },
  {
    name: 'import: a lead that comes back archived is selected, counted and unarchived as it was',
    async run({ caller }) {
      const source = newSource();
      const metadata = { archived: true, archived_at: '2024-01-15T10:30:00.000Z', archived_reason: 'Not now', kept: 1 };
      const { lead } = newRecord({ source, status: 'lost', metadata });
      await importOf(caller, [{ lead, statusBeforeArchive: 'qualified' }]);
      const listed = async (archived: string) =>
        (await caller.call('leads.list', { query: { source, archived } })).body.data.leads.map(({ id }: Lead) => id);
      demandEqual([await listed('true'), await listed('false')], [[lead.id], []], 'by archived');
      demandEqual((await recordOf(caller, lead.id)).statusBeforeArchive, 'qualified', 'statusBeforeArchive');
      const { status, metadata: left } = (await caller.call('leads.unarchive', { params: { leadId: lead.id } })).body.data;
      demandEqual([status, left], ['qualified', { kept: 1 }], 'status and metadata of the unarchived lead');
      demandEqual([await listed('true'), await listed('false')], [[], [lead.id]], 'by archived, afterwards');
    },
  },
];

function linesOf(lines: readonly unknown[]): string {
  return lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
}

/** An outcome with the places of its issues alone: their texts are for people. */
function withLocations({ issues, ...outcome }: { readonly issues?: readonly { readonly location: string }[]; readonly outcome?: string }) {
  return { ...outcome, ...(issues && { issues: [...new Set(issues.map(({ location }) => location))] }) };
}
