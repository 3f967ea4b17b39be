import { randomInt, randomUUID } from 'node:crypto';
import type { Calls } from '../calls.ts';
import type { Check } from '../check.ts';
import type { Item } from '../filters.ts';
import { demandEqual } from '../mismatch.ts';
import { newEmail, newSource } from '../valid-calls.ts';
import { WAYS_TO_ERASE } from './erasing.ts';
import { DEEDS } from './gone.ts';

/** What is made anew for each answer, or counts what others do. */
const PASSING = /token|expires|workspaceTotal/i;

/** Ids are those of a workspace: by an import, two workspaces can have leads and activities of the same ids. */
export const twinChecks: readonly Check[] = [
  {
    name: 'isolation: whatever is done to one lead, one with its id in another workspace stays as it is, with all that hangs on it',
    needsOther: true,
    async run({ caller, other }) {
      const { params, source, stateOfTwin } = await twins(caller, other!);
      const before = await stateOfTwin();
      for (const [what, act] of DEEDS) {
        await act(caller, params, source);
        demandEqual(await stateOfTwin(), before, `the lead of the other workspace after ${what}`);
      }
    },
  },
  ...WAYS_TO_ERASE.flatMap(([way, erase]) =>
    [false, true].map((isLate): Check => ({
      name: `isolation: ${way}${isLate ? ' of a lead that is deleted already' : ''} leaves one with its id in another workspace as it is, and what is left of one`,
      needsOther: true,
      async run({ caller, other }) {
        const [first, second] = [await twins(caller, other!), await twins(caller, other!)];
        const { leadId } = second.params;
        const { record } = await second.stateOfTwin();
        await other!.call('leads.delete', { params: { leadId }, query: 'force=true&backup=true' });
        const left = async () => [
          (await other!.call('backups.list', { query: { leadId } })).body.data.backups,
          (await other!.call('deletions.get', { params: { leadId } })).body.data,
        ];
        const before = [await first.stateOfTwin(), await left()];
        for (const { params } of [first, second]) {
          if (isLate) await caller.call('leads.delete', { params, query: 'force=true&backup=true' });
          else await caller.call('campaigns.removeLead', { params });
          const seen = await caller.call('leads.deletionPreview', { params });
          await erase(caller, params.leadId);
          if (isLate) continue;
          const { attached, backups } = seen.body.data;
          const { removed } = (await caller.call('deletions.get', { params })).body.data;
          demandEqual(removed, { ...attached, backups }, 'what the receipt says was removed');
        }
        demandEqual([await first.stateOfTwin(), await left()], before, 'what the other workspace has');
        const { backupId } = (await left())[1];
        const restored = await other!.call('backups.restore', { params: { backupId } });
        demandEqual([restored.status, restored.body.data?.lead], [201, record.lead], 'what comes back there');
      },
    })),
  ),
  ...(['leadId', 'email', 'phone'] as const).map((by): Check => ({
    name: `isolation: an erasure by ${by} finds and takes nothing of one with its id in another workspace, and no job of it forgets that`,
    needsOther: true,
    async run({ caller, other }) {
      const { params, source, own, stateOfTwin } = await twins(caller, other!);
      // Whom the address and the number belong to, there.
      await other!.lead({ email: own.lead.email, phone: own.lead.phone });
      const { id: jobId } = await other!.job('leads.bulkArchive', { source });
      const stateThere = async () => [
        await stateOfTwin(),
        (await other!.call('jobs.listOutcomes', { params: { jobId } })).body.data.outcomes,
      ];
      const before = await stateThere();
      const person = by === 'leadId' ? { leadId: params.leadId } : { [by]: own.lead[by] };
      const { found, planToken } = (await caller.call('erasures.create', { body: { ...person, dryRun: true } })).body.data;
      const once = { leads: 1, backups: 1, campaigns: 1, activities: 1, jobOutcomes: 0, storedAnswers: 0 };
      demandEqual(found, once, 'what is found');
      const { status } = await caller.call('erasures.create', { body: { ...person, planToken, force: true } });
      demandEqual(status, 200, 'the status');
      demandEqual(await stateThere(), before, 'what the other workspace has');
    },
  })),
  {
    name: 'isolation: a reason keeps what is personal data in another workspace only, also of a lead with the same id',
    needsOther: true,
    async run({ caller, other }) {
      const { params, theirs } = await twins(caller, other!);
      const [name, digits] = ['Zebulon Quux', newDigits()];
      await other!.call('leads.update', { params: theirs, body: { name, phone: digits } });
      await other!.call('backups.create', { params: theirs });
      const reason = `${name} asked for it by ${digits}`;
      await caller.call('leads.delete', { params, query: `force=true&reason=${encodeURIComponent(reason)}` });
      demandEqual((await caller.call('deletions.get', { params })).body.data.reason, reason, 'the reason');
    },
  },
  {
    name: 'isolation: a reason hides whoever is deleted already, although a lead with the same id lives in another workspace',
    needsOther: true,
    async run({ caller, other }) {
      const { params } = await twins(caller, other!);
      const name = 'Zebulon Quux';
      await caller.call('leads.update', { params, body: { name } });
      await caller.call('leads.delete', { params, query: 'force=true&backup=true' });
      await caller.call('leads.delete', { params, query: `erase=true&reason=${encodeURIComponent(`${name} asked for it`)}` });
      const query = { leadId: params.leadId, action: 'lead.erased' };
      const [entry] = (await caller.call('auditLog.list', { query })).body.data.entries;
      demandEqual(entry.reason, '[redacted] asked for it', 'the reason');
    },
  },
  {
    name: 'isolation: what changes a lead answers what there is of it, and nothing of one with its id in another workspace',
    needsOther: true,
    async run({ caller, other }) {
      const { params } = await twins(caller, other!);
      const { leadId } = params;
      const { attached, backups } = (await caller.call('leads.deletionPreview', { params })).body.data;
      for (const operation of ['leads.archive', 'leads.unarchive', 'leads.update', 'leads.anonymize'] as const) {
        const body = operation === 'leads.update' ? { name: 'Eve' } : undefined;
        const { data } = (await caller.call(operation, { params, body })).body;
        const { lead = data, removed } = data;
        demandEqual(lead, (await caller.call('leads.get', { params })).body.data, `the answer of ${operation}`);
        if (removed) demandEqual(removed, { activityTexts: attached.activities, backups }, 'what an anonymization took away');
      }
      for (const [operation, outcome] of [
        ['leads.bulkArchive', 'archived'],
        ['leads.bulkAnonymize', 'anonymized'],
      ] as const) {
        const { outcomes } = (await caller.call(operation, { body: { ids: [leadId] } })).body.data;
        demandEqual(outcomes, [{ leadId, outcome }], `the outcomes of ${operation}`);
      }
    },
  },
  {
    name: 'isolation: what was seen of a lead stays confirmed, whatever becomes of one with its id in another workspace',
    needsOther: true,
    async run({ caller, other }) {
      const { params, source, theirs } = await twins(caller, other!);
      const { confirmationToken } = (await caller.call('leads.deletionPreview', { params })).body.data;
      for (const [, act] of DEEDS) await act(other!, theirs, source);
      const headers = { 'x-confirmation-token': confirmationToken };
      demandEqual((await caller.call('leads.delete', { params, query: 'force=true', headers })).status, 200, 'the status of the deletion');
    },
  },
];

/** Two leads of one id, source and address, and with activities of the same ids, in two workspaces, and all that there is of the second. */
async function twins(caller: Calls, other: Calls) {
  const source = newSource();
  const { params } = await caller.enrolledLead({ source, email: newEmail(), phone: newDigits(), status: 'qualified', metadata: { a: 1 } });
  await caller.call('backups.create', { params });
  const { leadId } = params;
  const own = (await caller.call('leads.exportOne', { params })).body.data;
  const theirs = { leadId, campaignId: (await other.campaign()).id as string };
  const campaigns = [{ id: theirs.campaignId, enrolledAt: own.campaigns[0].enrolledAt }];
  const { outcomes } = (await other.call('leads.import', { body: JSON.stringify({ ...own, campaigns }) })).body.data;
  // Else nothing would be compared with nothing.
  demandEqual(outcomes[0].outcome, 'imported', 'the outcome of an import of an id of another workspace');
  await other.call('backups.create', { params: theirs });
  const noted = { params: theirs, headers: { 'idempotency-key': randomUUID() }, body: { type: 'note', text: 'Met again' } };
  await other.call('activities.create', noted);
  const stateOfTwin = async () => {
    const { headers, body } = await other.call('leads.get', { params: theirs });
    const entries: Item[] = (await other.call('auditLog.list', { query: { leadId, limit: '100' } })).body.data.entries;
    return {
      lead: [body.data, headers.etag],
      record: (await other.call('leads.exportOne', { params: theirs })).body.data,
      backups: (await other.call('backups.list', { query: { leadId } })).body.data.backups,
      enrollments: (await other.call('campaigns.listLeads', { params: theirs })).body.data.enrollments,
      preview: lasting((await other.call('leads.deletionPreview', { params: theirs })).body.data),
      plan: lasting((await other.call('leads.bulkDelete', { body: { filter: { source }, dryRun: true } })).body.data),
      history: entries.filter(({ action }) => action !== 'leads.exported'),
      // Repeated, it answers what was kept for its key.
      noted: (await other.call('activities.create', noted)).text,
    };
  };
  return { params, source, own, theirs, stateOfTwin };
}

function newDigits(): string {
  return String(randomInt(1e11, 1e12));
}

function lasting(data: object): object {
  return Object.fromEntries(Object.entries(data).filter(([name]) => !PASSING.test(name)));
}
