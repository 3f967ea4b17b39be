import { type Lead, LEAD_METADATA_MAX_BYTES, type LeadRecord, LeadStatusSchema } from '@leads/contract';
import type { BulkOperation, Calls } from '../calls.ts';
import type { Check } from '../check.ts';
import type { Item } from '../filters.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newEmail, newSource } from '../valid-calls.ts';

type Params = { readonly leadId: string; readonly campaignId: string };

/** All that there is of one lead. */
interface State {
  readonly record: LeadRecord;
  readonly etag: string | undefined;
  readonly backups: readonly Item[];
}

/** So much text as the metadata of a lead that is nearly as large as it may be. */
const LEAD_ROOM = LEAD_METADATA_MAX_BYTES - 50;

/** The ways in which something is done to a lead of a source of its own: alone, among others, and by a job. */
const waysOf = (one: 'leads.archive' | 'leads.anonymize', many: BulkOperation) =>
  [
    [one, (caller: Calls, { id }: Lead, options: object) => caller.call(one, { params: { leadId: id }, body: options })],
    [many, (caller: Calls, { id }: Lead, options: object) => caller.call(many, { body: { ids: [id], ...options } })],
    [`${many} by filter`, (caller: Calls, { source }: Lead, options: object) => caller.job(many, { source }, options)],
  ] as const;

/** What is done with what hangs on a lead, or only looked at. */
const BESIDES: readonly [string, (caller: Calls, params: Params, source: string) => Promise<unknown>][] = [
  ['an activity', (caller, params) => caller.call('activities.create', { params, body: { type: 'note', text: 'Met' } })],
  [
    'the deletion of an activity',
    async (caller, params) => {
      const [{ id: activityId }] = (await caller.call('activities.list', { params })).body.data.activities;
      await caller.call('activities.delete', { params: { ...params, activityId } });
    },
  ],
  ['another status of its campaign', (caller, params) => caller.call('campaigns.update', { params, body: { status: 'paused' } })],
  ['its removal from a campaign', (caller, params) => caller.call('campaigns.removeLead', { params })],
  ['its enrollment', (caller, params) => caller.call('campaigns.enroll', { params, body: { leadIds: [params.leadId] } })],
  ['a backup', (caller, params) => caller.call('backups.create', { params })],
  ['a preview', (caller, params) => caller.call('leads.deletionPreview', { params })],
  ['a deletion that is refused', (caller, params) => caller.call('leads.delete', { params, headers: { 'if-match': '"another"' } })],
  ['a dry run', (caller, _, source) => caller.call('leads.bulkDelete', { body: { filter: { source }, dryRun: true } })],
  ['an export', (caller, _, source) => caller.call('leads.export', { query: { source } })],
  ['an import of its id', (caller, params) => importAgain(caller, params)],
];

/** What each change makes of a lead with everything that hangs on it, compared as a whole. */
export const changeChecks: readonly Check[] = [
  {
    name: 'create: what is left out is as it is documented',
    async run({ caller }) {
      const before = await caller.lead();
      const body = { name: 'Ann', email: newEmail() };
      const lead = (await caller.call('leads.create', { body })).body.data;
      const { id, createdAt, updatedAt, workspaceId } = lead;
      const rest = { phone: null, source: null, status: 'new', metadata: {} };
      demandEqual(lead, { ...body, ...rest, id, createdAt, updatedAt, workspaceId }, 'the lead');
      demandEqual([workspaceId, updatedAt], [before.workspaceId, createdAt], 'its workspace, and when it was changed last');
      demand(createdAt >= before.createdAt, `createdAt is ${createdAt}`);
      const none = { statusBeforeArchive: null, activities: [], campaigns: [] };
      demandEqual(await stateOf(caller, id).then(({ record }) => record), { lead, ...none }, 'its record');
      const campaign = (await caller.call('campaigns.create', { body: { name: 'Spring offer' } })).body.data;
      demandEqual([campaign.status, campaign.updatedAt], ['draft', campaign.createdAt], 'status and updatedAt of a campaign');
      const activity = (await caller.call('activities.create', { params: { leadId: id }, body: { type: 'note', text: 'Met' } })).body.data;
      demandEqual([activity.leadId, activity.metadata, activity.occurredAt], [id, {}, activity.createdAt], 'an activity');
    },
  },
  {
    name: 'update: metadata is merged at every level, lists are replaced, and null takes keys away where they are',
    async run({ caller }) {
      const metadata = { a: { b: { c: 1, d: 2 }, e: 1 }, list: [1, { x: 1 }], scalar: 1, object: { y: 1 }, same: { z: null } };
      const { id } = await caller.lead({ metadata });
      const patch = { a: { b: { c: null }, f: null }, list: [null, { x: null }], scalar: { y: null, z: 2 }, object: 3, new: { n: null } };
      const { data } = (await caller.call('leads.update', { params: { leadId: id }, body: { metadata: patch } })).body;
      const merged = { a: { b: { d: 2 }, e: 1 }, list: [null, { x: null }], scalar: { z: 2 }, object: 3, same: { z: null }, new: {} };
      demandEqual(data.metadata, merged, 'the metadata');
    },
  },
  {
    name: 'changes: what selects a lead follows each change of it',
    async run({ caller }) {
      const [source, target, one, two] = [newSource(), newSource(), newEmail(), newEmail()];
      const { id } = await caller.lead({ source, email: one, name: 'Zoe Miller' });
      const params = { leadId: id as string };
      const found = async (query: Readonly<Record<string, string>>) =>
        (await caller.call('leads.list', { query })).body.data.leads.map((lead: Lead) => lead.id).includes(id);
      const demandFound = async (what: string, selecting: readonly Item[], others: readonly Item[]) => {
        for (const query of selecting as Record<string, string>[])
          demand(await found(query), `${what}: ${JSON.stringify(query)} misses it`);
        for (const query of others as Record<string, string>[])
          demand(!(await found(query)), `${what}: ${JSON.stringify(query)} selects it`);
      };
      const open = { source, archived: 'false' };
      await demandFound('when it is new', [open, { email: one }, { source, search: 'oe mil' }], [{ source, archived: 'true' }]);
      await caller.call('leads.update', { params, body: { source: target, email: two, name: 'Eve Smith', status: 'qualified' } });
      const changed = [
        { source: target, status: 'qualified' },
        { email: two },
        { source: target, search: 'VE SMI' },
        { search: two.slice(1) },
      ];
      await demandFound('updated', changed, [
        { source },
        { email: one },
        { source: target, search: 'Zoe' },
        { source: target, status: 'new' },
      ]);
      await caller.call('leads.archive', { params });
      const archived = { source: target, archived: 'true' };
      await demandFound('archived', [archived, { source: target, status: 'lost' }], [{ ...archived, status: 'qualified' }]);
      await caller.call('leads.unarchive', { params });
      await demandFound('unarchived', [{ source: target, archived: 'false', status: 'qualified' }], [archived]);
      await caller.call('leads.update', { params, body: { metadata: { archived: true } } });
      await demandFound('archived by its metadata', [archived], [{ source: target, archived: 'false' }]);
      await caller.call('leads.update', { params, body: { metadata: { archived: null } } });
      await demandFound('not any more', [{ source: target, archived: 'false' }], [archived]);
      await caller.call('leads.anonymize', { params });
      await demandFound('anonymized', [{ source: target }], [{ email: two }, { source: target, search: 'Eve' }, { search: two.slice(1) }]);
    },
  },
  {
    name: 'changes: what hangs on a lead is no part of it: neither its fields nor its ETag change with that, nor by looking at it',
    async run({ caller }) {
      const source = newSource();
      const { params } = await caller.enrolledLead({ source, email: newEmail() });
      const read = async () => {
        const { headers, body } = await caller.call('leads.get', { params });
        return [body.data, headers.etag];
      };
      const before = await read();
      for (const [what, act] of BESIDES) {
        await act(caller, params, source);
        demandEqual(await read(), before, `the lead and its ETag after ${what}`);
      }
    },
  },
  ...waysOf('leads.archive', 'leads.bulkArchive').flatMap(([way, archive]) =>
    [undefined, 'Ticket 4711'].map((reason): Check => ({
      name: `${way} ${reason === undefined ? 'without a reason' : 'with a reason'}: writes what is published, leaves the rest, and does nothing to what is archived`,
      async run({ caller }) {
        const before = await furnished(caller);
        const { lead } = before.record;
        const since = (await caller.lead()).createdAt;
        const answer = await archive(caller, lead, { ...(reason && { reason }) });
        const after = await stateOf(caller, lead.id);
        const { updatedAt, metadata } = after.record.lead;
        const at = String(metadata['archived_at']);
        const mark = { archived: true, archived_at: at, archived_reason: reason ?? null };
        const archived = { ...lead, status: 'lost', updatedAt, metadata: { ...lead.metadata, ...mark } };
        demandEqual(after.record, { ...before.record, lead: archived, statusBeforeArchive: lead.status }, 'the record');
        demand(new Date(at).toISOString() === at && at >= since && at <= updatedAt, `archived_at is ${at}, and updatedAt ${updatedAt}`);
        demand(after.etag !== before.etag, 'the ETag is still the same');
        demandEqual(after.backups, before.backups, 'the backups');
        if (way === 'leads.archive') demandEqual((answer as Answered).body.data, archived, 'the answer');
        await archive(caller, lead, { reason: 'Ticket 4712' });
        demandEqual(await stateOf(caller, lead.id), after, 'the state when it is archived again');
      },
    })),
  ),
  ...LeadStatusSchema.options.map((status): Check => ({
    name: `leads.unarchive: a lead that was ${status} is as it was, and one that is not archived stays as it is`,
    async run({ caller }) {
      const before = await furnished(caller, { status });
      const params = { leadId: before.record.lead.id };
      await caller.call('leads.unarchive', { params });
      demandEqual(await stateOf(caller, params.leadId), before, 'the state of one that is not archived');
      await caller.call('leads.archive', { params });
      const since = (await caller.lead()).createdAt;
      const { body, headers } = await caller.call('leads.unarchive', { params });
      const after = await stateOf(caller, params.leadId);
      demandEqual([body.data, headers.etag], [after.record.lead, after.etag], 'the answer, and its ETag');
      const { updatedAt } = after.record.lead;
      demandEqual(after.record, { ...before.record, lead: { ...before.record.lead, updatedAt } }, 'the record');
      demand(updatedAt >= since && after.etag !== before.etag, `updatedAt is ${updatedAt}`);
    },
  })),
  ...waysOf('leads.anonymize', 'leads.bulkAnonymize').flatMap(([way, anonymize]) =>
    (
      [
        ['not archived', false, false],
        ['archived', true, false],
        ['archived for a reason that is to stay', true, true],
      ] as const
    ).map(([which, isArchived, isReasonKept]): Check => ({
      name: `${way}: takes the person out of a lead that is ${which}, and leaves every number and time`,
      async run({ caller }) {
        const first = await furnished(caller, { phone: '0049 1', metadata: { kept: { a: 1 }, gone: 1 } });
        const { id } = first.record.lead;
        if (isArchived) await caller.call('leads.archive', { params: { leadId: id }, body: { reason: 'Ticket 4711' } });
        const before = await stateOf(caller, id);
        const { lead, activities } = before.record;
        const answer = await anonymize(caller, lead, {
          keepMetadata: ['kept', 'never', ...(isReasonKept ? ['archived_reason'] : [])],
          reason: 'Ticket 4712',
        });
        const after = await stateOf(caller, id);
        const { name, email } = after.record.lead;
        demand(name !== lead.name && email !== lead.email, 'name or e-mail address are still there');
        const { kept, archived, archived_at: at, archived_reason: why } = lead.metadata;
        const metadata = { kept, ...(isArchived && { archived, archived_at: at }), ...(isReasonKept && { archived_reason: why }) };
        const texts = after.record.activities.map(({ text }) => text);
        demandEqual(
          after.record,
          {
            ...before.record,
            lead: { ...lead, name, email, phone: null, metadata },
            activities: activities.map((activity, i) => ({ ...activity, text: texts[i]!, metadata: {} })),
          },
          'the record',
        );
        demand(!activities.some(({ text }) => texts.includes(text)), 'the text of an activity is still there');
        demandEqual(after.backups, [], 'the backups');
        demand(after.etag !== before.etag, 'the ETag is still the same');
        if (way !== 'leads.anonymize') return;
        const { data } = (answer as Answered).body;
        const removed = { activityTexts: activities.length, backups: before.backups.length };
        demandEqual(data, { lead: after.record.lead, removed }, 'the answer');
      },
    })),
  ),
  {
    name: 'leads.archive: metadata that has no room for it is refused, and nothing is changed',
    async run({ caller }) {
      const { id } = await fullLead(caller);
      const before = await stateOf(caller, id);
      const { status, body } = await caller.call('leads.archive', { params: { leadId: id }, body: { reason: 'x'.repeat(100) } });
      demandEqual([status, body.code], [400, 'VALIDATION_ERROR'], 'the answer');
      demandEqual(await stateOf(caller, id), before, 'the state');
    },
  },
];

interface Answered {
  readonly body: { readonly data: unknown };
}

/** A lead with no room in its metadata. */
export function fullLead(caller: Calls, fields: object = {}) {
  return caller.lead({ email: newEmail(), metadata: { text: 'x'.repeat(LEAD_ROOM) }, ...fields });
}

/** A lead with all that can hang on one, in a source of its own, and all that there is of it. */
async function furnished(caller: Calls, fields: object = {}): Promise<State> {
  const given = { name: 'Zoe Miller', source: newSource(), email: newEmail(), status: 'qualified', metadata: { a: 1 }, ...fields };
  const { params } = await caller.enrolledLead(given);
  await caller.call('campaigns.enrollLead', { params: { ...params, campaignId: (await caller.campaign({ status: 'draft' })).id } });
  const body = { type: 'call', text: 'Asked Zoe', metadata: { b: 1 }, occurredAt: '2024-01-15T11:00:00.123Z' };
  await caller.call('activities.create', { params, body });
  for (let n = 0; n < 2; n++) await caller.call('backups.create', { params });
  return stateOf(caller, params.leadId);
}

async function stateOf(caller: Calls, leadId: string): Promise<State> {
  const params = { leadId };
  const record: LeadRecord = (await caller.call('leads.exportOne', { params })).body.data;
  const { headers, body } = await caller.call('leads.get', { params });
  demandEqual(body.data, record.lead, 'the lead that is read');
  return { record, etag: headers.etag, backups: (await caller.call('backups.list', { query: { leadId } })).body.data.backups };
}

async function importAgain(caller: Calls, params: Params): Promise<void> {
  const { lead, ...rest } = (await caller.call('leads.exportOne', { params })).body.data;
  await caller.call('leads.import', { body: JSON.stringify({ ...rest, lead: { ...lead, name: 'Another' } }) });
}
