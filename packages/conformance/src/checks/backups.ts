import type { Calls } from '../calls.ts';
import type { Check } from '../check.ts';
import type { Item } from '../filters.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newEmail, newSource } from '../valid-calls.ts';

const DAY_MS = 86_400_000;
/** How much later than the backup the time may be from which its end is reckoned. */
const DELAY_MS = 60_000;

const recordOf = async (caller: Calls, leadId: string) => (await caller.call('leads.exportOne', { params: { leadId } })).body.data;
const backUp = async (caller: Calls, leadId: string) => (await caller.call('backups.create', { params: { leadId } })).body.data;

/** What is promised of backups and of bringing leads back. */
export const backupChecks: readonly Check[] = [
  {
    name: 'backups: each is kept for as many whole days, however it is made',
    async run({ caller }) {
      const [source, one, two, three] = [newSource(), await caller.lead(), await caller.lead(), await caller.lead({ source: newSource() })];
      const lead = await caller.lead({ source });
      const made = [(await backUp(caller, lead.id)).id];
      made.push((await caller.call('leads.delete', { params: { leadId: one.id }, query: 'backup=true' })).body.data.backupId);
      made.push((await caller.call('leads.bulkDelete', { body: { ids: [two.id], backup: true } })).body.data.outcomes[0].backupId);
      await caller.job('leads.bulkDelete', { source: three.source }, { backup: true });
      made.push((await caller.call('deletions.get', { params: { leadId: three.id } })).body.data.backupId);
      const days = new Set<number>();
      for (const backupId of made) {
        const { createdAt, expiresAt } = (await caller.call('backups.get', { params: { backupId } })).body.data.backup;
        const kept = Date.parse(expiresAt) - Date.parse(createdAt);
        demand(
          kept >= DAY_MS - DELAY_MS && Math.abs(kept - Math.round(kept / DAY_MS) * DAY_MS) <= DELAY_MS,
          `kept for ${kept / DAY_MS} days`,
        );
        demand(createdAt >= one.createdAt, `createdAt is ${createdAt}`);
        days.add(Math.round(kept / DAY_MS));
      }
      demandEqual(days.size, 1, 'different numbers of days');
    },
  },
  {
    name: 'backups: one shows the lead as it was then, says what hangs on it, is listed alike, and stays when it is restored',
    async run({ caller }) {
      const { params } = await caller.enrolledLead({ email: newEmail(), metadata: { a: 1 } });
      await caller.call('activities.create', { params, body: { type: 'call', text: 'Asked' } });
      const before = await recordOf(caller, params.leadId);
      const backup = await backUp(caller, params.leadId);
      demandEqual([backup.leadId, backup.attached], [params.leadId, { activities: 2, campaigns: 1 }], 'lead and counts');
      await caller.call('leads.update', { params, body: { name: 'Another', metadata: { b: 1 } } });
      await caller.call('activities.create', { params, body: { type: 'note', text: 'Met' } });
      await caller.call('campaigns.removeLead', { params });
      const demandKept = async (when: string) => {
        const call = { params: { backupId: backup.id as string } };
        demandEqual((await caller.call('backups.get', call)).body.data, { backup, content: before }, `the backup ${when}`);
        const { backups } = (await caller.call('backups.list', { query: { leadId: params.leadId } })).body.data;
        demandEqual(backups, [backup], `the list ${when}`);
      };
      await demandKept('after changes');
      await caller.call('leads.delete', { params });
      await demandKept('after the deletion');
      const { status, headers, body } = await caller.call('backups.restore', { params: { backupId: backup.id } });
      const restored = { activities: 2, campaigns: 1 };
      demandEqual([status, body.data], [201, { lead: before.lead, restored, missingCampaigns: [] }], 'the answer of the restoring');
      const read = await caller.call('leads.get', { params });
      demandEqual([read.body.data, read.headers.etag], [before.lead, headers.etag], 'the lead, and its ETag');
      demandEqual(await recordOf(caller, params.leadId), before, 'the record');
      await demandKept('after the restoring');
    },
  },
  {
    name: 'backups: restoring one or many says of each what stands in the way, and with which lead or erasure',
    async run({ caller }) {
      const [taken, erased] = [newEmail(), newEmail()];
      const made: Item[] = [];
      for (const email of [newEmail(), newEmail(), taken, taken, erased, newEmail()]) {
        const { params } = await caller.enrolledLead({ email });
        const { backupId } = (await caller.call('leads.delete', { params, query: 'force=true&backup=true' })).body.data;
        made.push({ backupId, leadId: params.leadId, campaignId: params.campaignId });
      }
      const [plain, there, one, two, kept, lost] = made as Record<string, string>[];
      const restore = (backupId: string, query: Readonly<Record<string, string>> = {}) =>
        caller.call('backups.restore', { params: { backupId }, query });
      await restore(there!['backupId']!);
      const { id: existingLeadId } = await caller.lead({ email: taken.toUpperCase() });
      // Of a person, so that the backup of the lead is not taken along.
      const { id: sameId } = await caller.lead({ email: erased });
      const { planToken } = (await caller.call('erasures.create', { body: { leadId: sameId, dryRun: true } })).body.data;
      const erasureId = (await caller.call('erasures.create', { body: { leadId: sameId, planToken } })).body.data.erasure.id;
      const params = { campaignId: lost!['campaignId']! };
      await caller.call('campaigns.update', { params, body: { status: 'completed' } });
      await caller.call('campaigns.delete', { params });
      const single = async ({ backupId }: Record<string, string>) => {
        const { status, body } = await restore(backupId!);
        return [status, body.code, body.details];
      };
      demandEqual(await single(there!), [409, 'LEAD_EXISTS', { leadId: there!['leadId'] }], 'a lead that is there');
      demandEqual(await single(one!), [409, 'EMAIL_EXISTS', { leadId: one!['leadId'], existingLeadId }], 'an address that is taken');
      demandEqual(await single(kept!), [409, 'SUPPRESSED', { erasureId }], 'somebody who was erased');
      const none = { backupId: 'backup_never', leadId: null };
      const asked = [lost, none, there, one, kept, plain] as Item[];
      const call = { body: { backupIds: asked.map(({ backupId }) => backupId) } };
      const { outcomes, ...counts } = (await caller.call('backups.bulkRestore', call)).body.data;
      const what = [
        { outcome: 'restored', missingCampaigns: [lost!['campaignId']] },
        { outcome: 'failed', code: 'BACKUP_NOT_FOUND' },
        { outcome: 'skipped', code: 'LEAD_EXISTS' },
        { outcome: 'failed', code: 'EMAIL_EXISTS', existingLeadId },
        { outcome: 'failed', code: 'SUPPRESSED', erasureId },
        { outcome: 'restored' },
      ];
      const expected = asked.map(({ backupId, leadId }, i) => ({ backupId, leadId, ...what[i] }));
      demandEqual(outcomes, expected, 'the outcomes, in the order of the request');
      demandEqual(counts, { restored: 2, skipped: 1, failed: 3 }, 'the counts');
      const both = { body: { backupIds: [one!['backupId'], two!['backupId']] } };
      const refused = (await caller.call('backups.bulkRestore', both)).body.data.failed;
      const allowed = (await caller.call('backups.bulkRestore', { ...both, query: { allowDuplicateEmail: 'true' } })).body.data.restored;
      demandEqual([refused, allowed], [2, 2], 'two with an address that is taken: refused, and brought in where that is allowed');
      demandEqual((await restore(kept!['backupId']!, { allowDuplicateEmail: 'true' })).body.code, 'SUPPRESSED', 'somebody who was erased');
    },
  },
  {
    name: 'backups: leads of one request may have an e-mail address in common',
    async run({ caller }) {
      const email = newEmail();
      const ids = [(await caller.lead({ email })).id, (await caller.lead({ email: email.toUpperCase() })).id];
      const { outcomes } = (await caller.call('leads.bulkDelete', { body: { ids, backup: true } })).body.data;
      const backupIds = outcomes.map(({ backupId }: Item) => backupId);
      const { restored } = (await caller.call('backups.bulkRestore', { body: { backupIds } })).body.data;
      demandEqual(restored, 2, 'how many are restored');
    },
  },
  {
    name: 'backups: a lead that is deleted, restored and deleted again has the receipt of the last time',
    async run({ caller }) {
      const { id: leadId } = await caller.lead({ email: newEmail() });
      const params = { leadId: leadId as string };
      const first = (await caller.call('leads.delete', { params, query: 'backup=true&reason=First' })).body.data;
      await caller.call('backups.restore', { params: { backupId: first.backupId } });
      const second = await caller.call('leads.delete', { params, query: 'reason=Second' });
      const receipt = (await caller.call('deletions.get', { params })).body.data;
      const { deletedAt, reason, backupId, restoredAt, requestId } = receipt;
      const { data } = second.body;
      const expected = [data.deletedAt, 'Second', null, null, second.headers['x-request-id']];
      demandEqual([deletedAt, reason, backupId, restoredAt, requestId], expected, 'the receipt');
      await caller.call('leads.delete', { params, query: 'erase=true' });
      const { erasedAt, ...after } = (await caller.call('deletions.get', { params })).body.data;
      demand(erasedAt >= deletedAt, `erasedAt is ${erasedAt}`);
      demandEqual({ ...after, erasedAt: null }, receipt, 'the rest of the receipt after what was left is erased');
      demandEqual((await caller.call('backups.get', { params: { backupId: first.backupId } })).status, 404, 'the backup');
    },
  },
  {
    name: 'backups: one that is deleted is gone, and no other',
    async run({ caller }) {
      const { id: leadId } = await caller.lead({ email: newEmail() });
      const [one, two] = [await backUp(caller, leadId), await backUp(caller, leadId)];
      const { status, body } = await caller.call('backups.delete', { params: { backupId: one.id } });
      demandEqual([status, body.data?.id], [200, one.id], 'the answer');
      demandEqual((await caller.call('backups.list', { query: { leadId } })).body.data.backups, [two], 'those that are left');
      await caller.call('leads.delete', { params: { leadId } });
      demandEqual((await caller.call('backups.restore', { params: { backupId: one.id } })).body.code, 'BACKUP_NOT_FOUND', 'restoring it');
      demandEqual((await caller.call('backups.restore', { params: { backupId: two.id } })).status, 201, 'restoring the other');
    },
  },
];
