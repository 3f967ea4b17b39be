import { type AuditAction, DeleteLeadQuerySchema, type Lead, type OperationId, OPERATIONS, type Scope, SCOPES } from '@leads/contract';
import type { BulkOperation, Call, Calls } from '../calls.ts';
import type { Caller } from '../caller.ts';
import type { Check } from '../check.ts';
import type { ChangingId } from '../contract-types.ts';
import { fieldsOf } from '../fields.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newEmail, newSource, VALID_CALLS } from '../valid-calls.ts';

/** What is written into the audit log of each operation. */
const AUDITED: Readonly<Record<ChangingId | 'leads.export' | 'leads.exportOne', AuditAction | null>> = {
  'leads.create': null,
  'leads.export': 'leads.exported',
  'leads.exportOne': 'leads.exported',
  'leads.import': 'leads.imported',
  'leads.bulkDelete': 'lead.deleted',
  'leads.bulkArchive': 'lead.archived',
  'leads.bulkAnonymize': 'lead.anonymized',
  'leads.update': null,
  'leads.delete': 'lead.deleted',
  'leads.archive': 'lead.archived',
  'leads.unarchive': 'lead.unarchived',
  'leads.anonymize': 'lead.anonymized',
  'activities.create': null,
  'activities.delete': 'activity.deleted',
  'campaigns.create': null,
  'campaigns.update': null,
  'campaigns.delete': 'campaign.deleted',
  'campaigns.enroll': null,
  'campaigns.remove': 'campaign.leads_removed',
  'campaigns.enrollLead': null,
  'campaigns.removeLead': 'campaign.leads_removed',
  'backups.create': 'backup.created',
  'backups.restore': 'backup.restored',
  'backups.bulkRestore': 'backup.restored',
  'backups.delete': 'backup.deleted',
  'jobs.cancel': null,
  'erasures.create': 'erasure.created',
  'erasures.liftSuppression': 'erasure.suppression_lifted',
  'apiKeys.create': 'api_key.created',
  'apiKeys.rotate': 'api_key.rotated',
  'apiKeys.revoke': 'api_key.revoked',
};

/** What has to be done first, so that there is something to write down. */
const PREPARED: Readonly<Partial<Record<OperationId, (caller: Calls, call: Call) => Promise<unknown>>>> = {
  'leads.unarchive': (caller, call) => caller.call('leads.archive', call),
  'campaigns.remove': (caller, call) => caller.call('campaigns.enroll', call),
  'campaigns.removeLead': (caller, call) => caller.call('campaigns.enrollLead', call),
};

const EVERY_SCOPE = Object.keys(SCOPES) as Scope[];
const SWITCHES = fieldsOf(DeleteLeadQuerySchema)
  .filter(({ bounds }) => bounds.type === 'boolean')
  .map(({ name }) => name);

/** What is left of each deed: receipts and entries say who did what, and how much of it. */
export const receiptChecks: readonly Check[] = [
  ...subsets(SWITCHES)
    .filter((on) => DeleteLeadQuerySchema.safeParse(Object.fromEntries(on.map((name) => [name, 'true']))).success)
    .flatMap((on) =>
      (['leads.delete', 'leads.bulkDelete', 'leads.bulkDelete by filter'] as const).map((operation): Check => ({
        name: `receipts: ${operation} ${on.length > 0 ? `with ${on.join(' and ')}` : 'alone'} says what was done`,
        run: ({ caller }) => demandReceipt(caller, operation, new Set(on)),
      })),
    ),
  ...(['leads.delete', 'leads.bulkDelete'] as const).map((operation): Check => ({
    name: `receipts: ${operation} with force of a lead that nothing holds is not told as forced, nor an erasing without backups as one of some`,
    async run({ caller }) {
      const { params } = await caller.enrolledLead();
      await caller.call('campaigns.update', { params, body: { status: 'paused' } });
      const none = { activities: 0, campaigns: 0, backups: 0 };
      for (const [leadId, removed] of [
        [(await caller.lead()).id as string, none],
        [params.leadId, { ...none, activities: 1, campaigns: 1 }],
      ] as const) {
        const options = { force: true, erase: true };
        const call =
          operation === 'leads.delete' ? { params: { leadId }, query: asQuery(options) } : { body: { ids: [leadId], ...options } };
        const { headers } = await caller.call(operation, call);
        const receipt = (await caller.call('deletions.get', { params: { leadId } })).body.data;
        const { force, erase, reason, requestId, erasedAt, deletedAt } = receipt;
        demandEqual([force, erase, receipt.removed, reason], [false, true, removed, null], 'force, erase, removed and reason');
        demandEqual([requestId, erasedAt], [headers['x-request-id'], deletedAt], 'request and erasedAt');
      }
    },
  })),
  {
    name: 'receipts: a deletion by a job names it, and its restoring',
    async run({ caller }) {
      const { source, id: leadId } = await caller.lead({ name: 'Zoe Miller', source: newSource() });
      const job = await caller.job('leads.bulkDelete', { source }, { backup: true, reason: 'Ticket 4711' });
      const receipt = async () => (await caller.call('deletions.get', { params: { leadId } })).body.data;
      const first = await receipt();
      demandEqual([first.jobId, first.reason, first.restoredAt], [job.id, 'Ticket 4711', null], 'job, reason and restoredAt');
      await caller.call('backups.restore', { params: { backupId: first.backupId }, query: { allowDuplicateEmail: 'true' } });
      const { restoredAt, ...rest } = await receipt();
      demand(restoredAt !== null && restoredAt >= first.deletedAt, `restoredAt is ${restoredAt}`);
      demandEqual(rest, { ...first, restoredAt: undefined }, 'the rest of the receipt');
    },
  },
  ...Object.entries(AUDITED).map(([id, action]): Check => ({
    name: `receipts: ${id} ${action === null ? 'is not written into the audit log' : `is written down as ${action}`}`,
    async run({ caller }) {
      const operation = id as OperationId;
      const by = await caller.keyOf(EVERY_SCOPE);
      const call = await VALID_CALLS[operation](caller);
      await PREPARED[operation]?.(caller, call);
      const backupId = call.params?.['backupId'];
      const backup = backupId && (await caller.call('backups.get', { params: { backupId } })).body.data.backup;
      const since = (await caller.lead()).createdAt;
      const { headers, text, body } = await caller.call(operation, { ...call, headers: { authorization: `Bearer ${by.key}` } });
      const { entries } = (await caller.call('auditLog.list', { query: { keyId: by.id } })).body.data;
      const own = entries.filter(({ requestId }: { requestId: string }) => requestId === headers['x-request-id']);
      demandEqual(
        // An erasure deletes leads as well.
        own.map((entry: { action: string }) => entry.action).filter((each: string) => operation !== 'erasures.create' || each === action),
        action === null ? [] : [action],
        `the entries of ${text.slice(0, 100)}`,
      );
      if (action === null) return;
      const entry = own.find((each: { action: string }) => each.action === action);
      const leadId = ABOUT_MANY.has(operation) ? null : leadIdOf(call, body.data, backup);
      demandEqual([entry.keyId, entry.leadId, entry.jobId, entry.reason], [by.id, leadId, null, null], 'key, lead, job and reason');
      demand(entry.at >= since && entry.at <= (await caller.lead()).createdAt, `it is of ${entry.at}`);
    },
  })),
  ...(['leads.anonymize', 'leads.bulkAnonymize', 'leads.bulkAnonymize by filter', 'leads.bulkDelete by filter'] as const).map(
    (way): Check => ({
      name: `receipts: ${way} writes the reason down without the person`,
      async run({ caller }) {
        const person = { name: 'Zoe Quimby-Miller', email: newEmail(), phone: '+49 170 5551299' };
        const { id: leadId, source } = await caller.lead({ ...person, source: newSource() });
        const parts = [...Object.values(person), person.name.toUpperCase(), '0170 555 12 99'];
        const reason = `${parts.join(', ')} asked by letter`;
        const operation = way.split(' ')[0] as BulkOperation;
        if (way === 'leads.anonymize') await caller.call(way, { params: { leadId }, body: { reason } });
        else if (way === operation) await caller.call(operation, { body: { ids: [leadId], reason } });
        else await caller.job(operation, { source }, { reason });
        const { text, body } = await caller.call('auditLog.list', { query: { leadId } });
        for (const part of parts) demand(!text.includes(part), `${part} stands in the audit log`);
        demand(body.data.entries[0].reason?.endsWith('asked by letter'), `the reason is ${body.data.entries[0].reason}`);
      },
    }),
  ),
  ...OPERATIONS.filter(({ id }) => id.startsWith('leads.bulk')).map(({ id }): Check => ({
    name: `receipts: ${id} by filter is a job of its own kind, in the audit log too`,
    async run({ caller }) {
      const kind = id.replace('leads.', '').replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`);
      const { source, id: leadId } = await caller.lead({ source: newSource() });
      const job = await caller.job(id as 'leads.bulkDelete', { source });
      demandEqual([job.kind, job.status, job.total, job.done, job.succeeded], [kind, 'completed', 1, 1, 1], 'the job');
      demand(job.createdAt <= job.startedAt && job.startedAt <= job.finishedAt, 'the times of the job are out of order');
      demandEqual((await caller.call('jobs.get', { params: { jobId: job.id } })).body.data, job, 'the job once more');
      const { entries } = (await caller.call('auditLog.list', { query: { leadId } })).body.data;
      demandEqual(
        entries.map((entry: { jobId: string }) => entry.jobId),
        [job.id],
        'the job in the entry of its lead',
      );
    },
  })),
];

/** Those that are written down once, whoever they were about. */
const ABOUT_MANY: ReadonlySet<OperationId> = new Set<OperationId>(['leads.export', 'campaigns.remove', 'erasures.create']);

/** Which lead a call is about; null where it is about none. */
function leadIdOf({ params, body }: Call, data: { outcomes?: { leadId: string }[] } | undefined, backup: { leadId: string } | undefined) {
  const { ids, leadIds = ids } = (typeof body === 'object' ? body : {}) as { ids?: string[]; leadIds?: string[] };
  return params?.['leadId'] ?? backup?.leadId ?? leadIds?.[0] ?? data?.outcomes?.[0]?.leadId ?? null;
}

function subsets<Value>(values: readonly Value[]): Value[][] {
  return values.reduce<Value[][]>((sets, value) => [...sets, ...sets.map((set) => [...set, value])], [[]]);
}

function asQuery(options: object): Record<string, string> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, String(value)]));
}

type Deletion = 'leads.delete' | 'leads.bulkDelete' | 'leads.bulkDelete by filter';

async function callOf(caller: Calls, operation: Deletion, { id, source }: Lead, options: object): Promise<Call> {
  if (operation === 'leads.delete') return { params: { leadId: id }, query: asQuery(options) };
  if (operation === 'leads.bulkDelete') return { body: { ids: [id], ...options } };
  const filter = { source };
  const { planToken } = (await caller.call('leads.bulkDelete', { body: { filter, dryRun: true } })).body.data;
  return { body: { filter, planToken, ...options } };
}

/** Deletes a lead with everything that can hang on it, and compares all that is said of it. */
async function demandReceipt(caller: Caller, operation: Deletion, on: ReadonlySet<string>): Promise<void> {
  const by = await caller.keyOf(EVERY_SCOPE);
  const { lead, campaign, params } = await caller.enrolledLead({ name: 'Zoe Miller', source: newSource() });
  if (!on.has('force')) await caller.call('campaigns.update', { params, body: { status: 'paused' } });
  await caller.call('activities.create', { params, body: { type: 'call', text: 'Asked for an offer' } });
  for (let n = 0; n < 3; n++) await caller.call('backups.create', { params });
  const before = (await caller.call('leads.exportOne', { params })).body.data;
  const switches = Object.fromEntries([...on].map((name) => [name, true]));
  const options = { ...switches, reason: 'Ticket 4711' };
  const call = await callOf(caller, operation, lead, options);
  const id = operation === 'leads.delete' ? operation : 'leads.bulkDelete';
  const { status, headers, body } = await caller.call(id, { ...call, headers: { authorization: `Bearer ${by.key}` } });
  const jobId = status === 202 ? (body.data.id as string) : null;
  if (jobId) await caller.jobDone(jobId);
  const told = jobId ? (await caller.call('jobs.listOutcomes', { params: { jobId } })).body : body;
  const said = operation === 'leads.delete' ? told.data : told.data.outcomes[0];
  demandEqual(said.backupId !== undefined, on.has('backup'), 'whether a backup is named');
  const receipt = (await caller.call('deletions.get', { params })).body.data;
  const [entry] = (await caller.call('auditLog.list', { query: { leadId: lead.id, action: 'lead.deleted' } })).body.data.entries;
  const removed = { activities: 2, campaigns: 1, backups: on.has('erase') ? 3 : 0 };
  const { deletedAt = receipt.deletedAt, backupId = null } = said;
  const expected = {
    leadId: lead.id,
    deletedAt,
    keyId: by.id,
    requestId: headers['x-request-id'],
    jobId,
    reason: 'Ticket 4711',
    force: on.has('force'),
    erase: on.has('erase'),
    removed,
    backupId,
    restoredAt: null,
    erasedAt: on.has('erase') ? deletedAt : null,
    auditEntryId: entry.id,
    auditHash: entry.hash,
  };
  demandEqual(receipt, expected, 'the receipt');
  demand(deletedAt >= lead.createdAt, 'deleted before it was made');
  demandEqual(
    [entry.at, entry.keyId, entry.reason, entry.requestId, entry.jobId],
    [deletedAt, by.id, 'Ticket 4711', headers['x-request-id'], jobId],
    'the entry',
  );
  const { backups } = (await caller.call('backups.list', { query: { leadId: lead.id } })).body.data;
  demandEqual(backups.length, (on.has('erase') ? 0 : 3) + (on.has('backup') ? 1 : 0), 'the backups that are left');
  demandEqual((await caller.call('leads.get', { params })).status, 404, 'the lead');
  demandEqual(
    (await caller.call('campaigns.listLeads', { params: { campaignId: campaign.id } })).body.data.enrollments,
    [],
    'the campaign',
  );
  if (on.has('backup')) demandEqual((await caller.call('backups.get', { params: { backupId } })).body.data.content, before, 'the backup');
}
