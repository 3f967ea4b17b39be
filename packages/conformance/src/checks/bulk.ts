import {
  type BulkOutcome,
  BULK_SAMPLE_MAX_LEADS,
  bodyOf,
  type Lead,
  type OperationId,
  OPERATIONS,
  type Scope,
  SCOPES,
} from '@leads/contract';
import type { BulkOperation, Calls } from '../calls.ts';
import type { Caller } from '../caller.ts';
import type { Check } from '../check.ts';
import { fieldsOf } from '../fields.ts';
import type { Item } from '../filters.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newEmail, newRecord, newSource, VALID_CALLS } from '../valid-calls.ts';
import { fullLead } from './changes.ts';

const EVERY_SCOPE = Object.keys(SCOPES) as Scope[];
const LONG_AGO = '2024-01-15T10:30:00.000Z';

/** What each operation does, and what it says of a lead in an active campaign, and of one whose metadata has no room. */
const BULK: Readonly<Record<BulkOperation, { readonly done: string; readonly held?: string; readonly full?: string }>> = {
  'leads.bulkDelete': { done: 'deleted', held: 'LEAD_IN_USE' },
  'leads.bulkArchive': { done: 'archived', full: 'VALIDATION_ERROR' },
  'leads.bulkAnonymize': { done: 'anonymized' },
};
const EACH = Object.entries(BULK) as [BulkOperation, (typeof BULK)[BulkOperation]][];

/** How the leads of a dry run become others than they were. */
const DRIFTS: readonly [string, number, (caller: Calls, leads: readonly Lead[]) => Promise<unknown>][] = [
  ['one came', 1, (caller, [lead]) => caller.lead({ source: lead!.source })],
  ['one went', -1, (caller, [lead]) => caller.call('leads.delete', { params: { leadId: lead!.id } })],
  ['one changed', 0, (caller, [lead]) => caller.call('leads.update', { params: { leadId: lead!.id }, body: { name: 'Eve' } })],
  [
    'one took the place of another',
    0,
    async (caller, [lead]) => {
      await caller.call('leads.delete', { params: { leadId: lead!.id } });
      await caller.lead({ source: lead!.source });
    },
  ],
];

/** Each condition of a filter, and a lead that meets it and one that does not. */
const CONDITIONS: readonly [Item, object, object][] = [
  [{ status: 'qualified' }, { status: 'qualified' }, { status: 'new' }],
  [{ archived: true }, { metadata: { archived: true } }, { metadata: { archived: 'true' } }],
  [{ archived: false }, {}, { metadata: { archived: true } }],
  [
    { createdBefore: '2024-01-15T12:30:00.001+02:00' },
    {},
    { createdAt: '2024-01-15T10:30:00.001Z', updatedAt: '2024-01-15T10:30:00.001Z' },
  ],
  [{ updatedBefore: '2024-01-15T10:30:00.001Z' }, {}, { updatedAt: '2024-01-15T10:30:00.001Z' }],
];

/** What is promised of doing something to many leads. */
export const bulkChecks: readonly Check[] = [
  ...EACH.map(([operation, { done, held, full }]): Check => ({
    name: `${operation}: says of each id what came of it, in the order of the request, and counts that`,
    async run({ caller }) {
      const { ids, leads } = await mixed(caller);
      const [, heldId, , fullId] = ids;
      const codes = new Map(
        [
          ['lead_never', 'LEAD_NOT_FOUND'],
          [heldId, held],
          [fullId, full],
        ].filter(([, code]) => code) as [string, string][],
      );
      const expected = ids.map((leadId) => outcomeOf(leadId, codes.get(leadId), done));
      const by = await caller.keyOf(EVERY_SCOPE);
      const call = { body: { ids, reason: 'x'.repeat(100) }, headers: { authorization: `Bearer ${by.key}` } };
      const { headers, body } = await caller.call(operation, call);
      const { outcomes, ...counts } = body.data;
      demandEqual(outcomes, expected, 'the outcomes');
      const count = (wanted: string) => expected.filter(({ outcome }) => outcome === wanted).length;
      demandEqual(counts, { dryRun: false, succeeded: count(done), skipped: count('skipped'), failed: count('failed') }, 'the counts');
      for (const { id } of leads) demandEqual(await isDone(caller, operation, id), !codes.has(id), `whether ${id} is ${done}`);
      const { entries } = (await caller.call('auditLog.list', { query: { keyId: by.id, limit: 100 } })).body.data;
      const own = entries.filter(({ requestId }: Item) => requestId === headers['x-request-id']);
      const written = own.map(({ leadId, action }: Item) => `${String(leadId)} ${String(action)}`).toSorted();
      const doneIds = ids.filter((id) => !codes.has(id));
      demandEqual(written, doneIds.map((id) => `${id} lead.${done}`).toSorted(), 'the entries in the audit log');
    },
  })),
  ...EACH.map(([operation, { held, full }]): Check => ({
    name: `${operation}: atomic is refused with those leads that stand in the way, and each why, and does nothing`,
    async run({ caller }) {
      const { ids, leads } = await mixed(caller);
      const [, heldId, , fullId] = ids;
      const { status, body } = await caller.call(operation, { body: { ids, atomic: true, reason: 'x'.repeat(100) } });
      const expected = [
        ...(held ? [outcomeOf(heldId!, held, '')] : []),
        outcomeOf('lead_never', 'LEAD_NOT_FOUND', ''),
        ...(full ? [outcomeOf(fullId!, full, '')] : []),
      ];
      demandEqual([status, body.details?.outcomes], [409, expected], 'the answer');
      for (const lead of leads) demandEqual(await read(caller, lead.id), lead, 'a lead');
      const { data } = (await caller.call(operation, { body: { ids: [ids[0]], atomic: true } })).body;
      demandEqual([data.succeeded, await isDone(caller, operation, ids[0]!)], [1, true], 'one that can be done');
    },
  })),
  ...OPERATIONS.flatMap(({ id, route, metadata }) =>
    (metadata.bodyMediaType ? [] : fieldsOf(bodyOf(route)))
      .filter(({ name, bounds }) => bounds.type === 'array' && /ids$/i.test(name))
      .map(({ name }): Check => ({
        name: `${id}: ${name} that name one twice are refused`,
        async run({ caller }) {
          const call = await VALID_CALLS[id as OperationId](caller);
          const ids = (call.body as Record<string, string[]>)[name]!;
          const { status, body } = await caller.call(id as OperationId, { ...call, body: { [name]: [...ids, ...ids] } });
          demandEqual([status, body.details?.issues?.[0]?.location], [400, `body.${name}`], 'the answer');
        },
      })),
  ),
  ...EACH.map(([operation]): Check => ({
    name: `${operation}: a dry run says how many there are, which are archived, and which stand in active campaigns, and shows the oldest`,
    async run({ caller }) {
      const source = newSource();
      const at = (n: number) => `2024-01-15T10:30:00.0${10 + n}Z`;
      const records = Array.from({ length: BULK_SAMPLE_MAX_LEADS + 2 }, (_, n) =>
        newRecord({ source, createdAt: at(n), updatedAt: at(20), metadata: { n, ...(n % 5 === 1 && { archived: true }) } }),
      );
      await caller.call('leads.import', {
        body: records
          .toReversed()
          .map((record) => JSON.stringify(record))
          .join('\n'),
      });
      await caller.lead();
      const campaigns = [
        await caller.campaign({ name: 'One' }),
        await caller.campaign({ name: 'Two' }),
        await caller.campaign({ status: 'paused' }),
      ];
      const enrolled = [records.slice(0, 2), records.slice(1, 3), records.slice(3, 6)];
      for (const [i, { id: campaignId }] of campaigns.entries())
        await caller.call('campaigns.enroll', { params: { campaignId }, body: { leadIds: enrolled[i]!.map(({ lead }) => lead.id) } });
      const { planToken, planExpiresAt: _, workspaceTotal, ...plan } = await dryRun(caller, operation, { source });
      const { workspaceId } = await read(caller, records[0]!.lead.id);
      const expected = {
        dryRun: true,
        count: records.length,
        archived: records.filter(({ lead }) => (lead['metadata'] as Item)['archived']).length,
        newestCreatedAt: at(records.length - 1),
        sample: records.slice(0, BULK_SAMPLE_MAX_LEADS).map(({ lead }) => ({ ...lead, workspaceId })),
        blocked: 3,
        blockers: campaigns.slice(0, 2).map(({ id, name }) => ({ id, name })),
      };
      demandEqual({ ...plan, blockers: byId(plan.blockers) }, { ...expected, blockers: byId(expected.blockers) }, 'the plan');
      demand(workspaceTotal > records.length && planToken.length > 0, `workspaceTotal is ${workspaceTotal}`);
      const none = await dryRun(caller, operation, { source: newSource() });
      const { count, archived, newestCreatedAt, sample, blocked, blockers } = none;
      demandEqual([count, archived, newestCreatedAt, sample, blocked, blockers], [0, 0, null, [], 0, []], 'the plan for none');
    },
  })),
  ...EACH.flatMap(([operation]) =>
    DRIFTS.map(([what, more, drift]): Check => ({
      name: `${operation}: where ${what} since the dry run, nothing is done, and both numbers are told`,
      async run({ caller }) {
        const source = newSource();
        const leads: Lead[] = [await caller.lead({ source }), await caller.lead({ source }), await caller.lead({ source })];
        const { planToken } = await dryRun(caller, operation, { source });
        await drift(caller, leads);
        const { status, body } = await caller.call(operation, { body: { filter: { source }, planToken } });
        demandEqual([status, body.code, body.details], [409, 'PLAN_DRIFTED', { planned: 3, found: 3 + more }], 'the answer');
        for (const lead of leads.slice(1)) demandEqual(await read(caller, lead.id), lead, 'another lead');
      },
    })),
  ),
  ...CONDITIONS.map(([condition, meets, fails]): Check => ({
    name: `bulk by filter: a job with ${JSON.stringify(condition)} does those leads alone, and says so`,
    async run({ caller }) {
      const source = newSource();
      const records = [meets, fails].map((fields) => newRecord({ source, createdAt: LONG_AGO, updatedAt: LONG_AGO, ...fields }));
      await caller.call('leads.import', { body: records.map((record) => JSON.stringify(record)).join('\n') });
      const job = await caller.job('leads.bulkDelete', { source, ...condition });
      demandEqual(inUtc(job.filter), inUtc({ source, ...condition }), 'the filter of the job');
      demandEqual([job.total, job.succeeded], [1, 1], 'total and succeeded');
      const statuses: number[] = [];
      for (const { lead } of records) statuses.push((await caller.call('leads.get', { params: { leadId: lead.id } })).status);
      demandEqual(statuses, [404, 200], 'the statuses of the one that meets it, and of the other');
    },
  })),
  ...EACH.map(([operation, { done, held, full }]): Check => ({
    name: `${operation}: its job says who asked for what, what came of each lead, and ends with counts that fit`,
    async run({ caller }) {
      const filter = { source: newSource(), status: 'new' };
      const { ids, leads } = await mixed(caller, filter);
      const [, heldId, , fullId] = ids;
      const codes = new Map(
        [
          [heldId, held],
          [fullId, full],
        ].filter(([, code]) => code) as [string, string][],
      );
      const by = await caller.keyOf(EVERY_SCOPE);
      const headers = { authorization: `Bearer ${by.key}` };
      const { planToken } = await dryRun(caller, operation, filter);
      const asked = await caller.call(operation, { body: { filter, planToken, reason: 'x'.repeat(100) }, headers });
      const { id: jobId, total, done: soFar } = asked.body.data;
      demand(total === leads.length && soFar <= total, `it begins with ${soFar} of ${total}`);
      const job = await finished(caller, jobId);
      const { createdAt, startedAt, finishedAt } = job;
      const count = leads.length;
      demandEqual(
        job,
        {
          id: jobId,
          kind: asked.body.data.kind,
          status: 'completed',
          stopReason: null,
          filter,
          keyId: by.id,
          total: count,
          done: count,
          succeeded: count - codes.size,
          skipped: 0,
          failed: codes.size,
          createdAt,
          startedAt,
          finishedAt,
        },
        'the job',
      );
      demand(createdAt >= leads[0]!.createdAt && createdAt <= startedAt && startedAt <= finishedAt, 'its times are out of order');
      const { outcomes } = (await caller.call('jobs.listOutcomes', { params: { jobId } })).body.data;
      const expected = leads.map(({ id }) => outcomeOf(id, codes.get(id), done));
      demandEqual(byLead(outcomes), byLead(expected), 'the outcomes');
      for (const { id } of leads) demandEqual(await isDone(caller, operation, id), !codes.has(id), `whether ${id} is ${done}`);
      const { entries } = (await caller.call('auditLog.list', { query: { keyId: by.id, action: 'job.created' } })).body.data;
      const entry = entries.find((each: Item) => each['requestId'] === asked.headers['x-request-id']);
      demandEqual([entry?.jobId, entry?.leadId], [jobId, null], 'job and lead of the entry in the audit log');
      const cancelled = await caller.call('jobs.cancel', { params: { jobId } });
      demandEqual([cancelled.status, cancelled.body.details], [409, { jobId, status: 'completed' }], 'the answer to cancelling it');
      demandEqual(await finished(caller, jobId), job, 'the job afterwards');
    },
  })),
  {
    name: 'leads.bulkDelete: a job with force and backup deletes what stands in active campaigns, too, and names the backup of each lead',
    async run({ caller }) {
      const source = newSource();
      const records: Item[] = [];
      for (let n = 0; n < 2; n++) {
        const { params } = await caller.enrolledLead({ source, email: newEmail() });
        records.push((await caller.call('leads.exportOne', { params })).body.data);
      }
      const job = await caller.job('leads.bulkDelete', { source }, { force: true, backup: true });
      demandEqual([job.succeeded, job.failed], [2, 0], 'the job');
      const { outcomes } = (await caller.call('jobs.listOutcomes', { params: { jobId: job.id } })).body.data;
      for (const record of records) {
        const leadId = (record['lead'] as Lead).id;
        const { backupId } = outcomes.find((outcome: BulkOutcome) => outcome.leadId === leadId);
        demandEqual((await caller.call('backups.get', { params: { backupId } })).body.data.content, record, 'its backup');
        const { force, jobId } = (await caller.call('deletions.get', { params: { leadId } })).body.data;
        demandEqual([force, jobId], [true, job.id], 'force and job of its receipt');
      }
    },
  },
  {
    name: 'leads.bulkDelete: names, addresses and numbers of every lead of the request are taken out of the reason',
    async run({ caller }) {
      const people = [1, 2].map((n) => ({ name: `Zoe Quimby-${n}`, email: newEmail(), phone: `+49 170 555129${n}` }));
      const leads: Lead[] = [];
      for (const person of people) leads.push(await caller.lead(person));
      const parts = people.flatMap((person) => Object.values(person));
      const reason = `${parts.join(', ')} asked by letter`;
      await caller.call('leads.bulkDelete', { body: { ids: leads.map(({ id }) => id), reason } });
      for (const { id } of leads) {
        const { text, body } = await caller.call('deletions.get', { params: { leadId: id } });
        for (const part of parts) demand(!text.includes(part), `${part} stands in the receipt`);
        demand(body.data.reason.endsWith('asked by letter'), 'the rest of the reason is gone');
      }
    },
  },
];

/** One lead that nothing stands in the way of, one in an active campaign, none, one with full metadata, and one more. */
async function mixed(caller: Calls, fields: object = {}): Promise<{ ids: string[]; leads: Lead[] }> {
  const { params } = await caller.enrolledLead(fields);
  const one = await caller.lead(fields);
  const two = await caller.lead(fields);
  const full = await fullLead(caller, fields);
  const leads = [two, await read(caller, params.leadId), full, one];
  return { ids: [two.id, params.leadId, 'lead_never', full.id, one.id], leads };
}

async function read(caller: Calls, leadId: string): Promise<Lead> {
  return (await caller.call('leads.get', { params: { leadId } })).body.data ?? null;
}

async function isDone(caller: Calls, operation: BulkOperation, leadId: string): Promise<boolean> {
  const lead = await read(caller, leadId);
  if (operation === 'leads.bulkDelete') return lead === null;
  return operation === 'leads.bulkArchive' ? lead.metadata['archived'] === true : lead.name !== 'Ann';
}

async function dryRun(caller: Calls, operation: BulkOperation, filter: object) {
  return (await caller.call(operation, { body: { filter, dryRun: true } })).body.data;
}

async function finished(caller: Caller, jobId: string) {
  return (await caller.jobDone(jobId)).body.data;
}

function outcomeOf(leadId: string, code: string | undefined, done: string): Item & { readonly outcome: string } {
  if (code === undefined) return { leadId, outcome: done };
  return { leadId, outcome: code === 'LEAD_NOT_FOUND' ? 'skipped' : 'failed', code };
}

function byId(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1));
}

function byLead(outcomes: readonly Item[]): Item[] {
  return outcomes.toSorted((a, b) => (String(a['leadId']) < String(b['leadId']) ? -1 : 1));
}

/** A filter with its moments in one notation. */
function inUtc(filter: object): Item {
  const isMoment = (name: string) => name.endsWith('Before');
  return Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, isMoment(name) ? new Date(value).toISOString() : value]));
}
