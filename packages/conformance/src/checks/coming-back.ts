import type { Calls } from '../calls.ts';
import type { Check } from '../check.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newEmail } from '../valid-calls.ts';

/** What may have been done to a lead before it goes. */
const STATES: readonly [string, (caller: Calls, params: { readonly leadId: string }) => Promise<unknown>][] = [
  ['in a campaign', async () => {}],
  ['archived', (caller, params) => caller.call('leads.archive', { params, body: { reason: 'Not now' } })],
  [
    'archived, with another status since',
    async (caller, params) => {
      await caller.call('leads.archive', { params });
      await caller.call('leads.update', { params, body: { status: 'contacted' } });
    },
  ],
];

/** The ways in which a lead comes back, from its record or its backup. */
const WAYS: readonly [string, (caller: Calls, record: object, backupId: string) => ReturnType<Calls['call']>][] = [
  ['an import', (caller, record) => caller.call('leads.import', { body: JSON.stringify(record) })],
  ['a restoring', (caller, _, backupId) => caller.call('backups.restore', { params: { backupId } })],
  ['a restoring of many', (caller, _, backupId) => caller.call('backups.bulkRestore', { body: { backupIds: [backupId] } })],
];

const recordOf = async (caller: Calls, params: { readonly leadId: string }) => (await caller.call('leads.exportOne', { params })).body.data;

/** A lead that comes back is the one that went, in whatever state it was. */
export const comingBackChecks: readonly Check[] = [
  ...STATES.flatMap(([state, bringAbout]) =>
    WAYS.map(([way, bringBack]): Check => ({
      name: `coming back: a lead that is ${state} is the same after ${way}, and its receipt says so`,
      async run({ caller }) {
        const { campaign, params } = await caller.enrolledLead({ email: newEmail(), status: 'qualified' });
        await caller.call('campaigns.update', { params: { campaignId: campaign.id }, body: { status: 'paused' } });
        await bringAbout(caller, params);
        const record = await recordOf(caller, params);
        const { backupId } = (await caller.call('leads.delete', { params, query: 'backup=true' })).body.data;
        const receipt = async () => (await caller.call('deletions.get', { params })).body.data;
        const before = await receipt();
        demandEqual(before.restoredAt, null, 'restoredAt before');
        const { status } = await bringBack(caller, record, backupId);
        demand(status < 300, `refused with ${status}`);
        demandEqual(await recordOf(caller, params), record, 'the record');
        const after = await receipt();
        demand(after.restoredAt >= before.deletedAt, `restoredAt is ${after.restoredAt}`);
        demandEqual({ ...after, restoredAt: null }, before, 'the rest of the receipt');
      },
    })),
  ),
  ...WAYS.map(([way, bringBack]): Check => ({
    name: `coming back: ${way} is told of another lead with the e-mail address, however that is written`,
    async run({ caller }) {
      const email = `zoë.${newEmail()}`;
      const params = { leadId: (await caller.lead({ email })).id as string };
      const record = await recordOf(caller, params);
      const { backupId } = (await caller.call('leads.delete', { params, query: 'backup=true' })).body.data;
      await caller.lead({ email: email.toUpperCase() });
      const { text, body } = await bringBack(caller, record, backupId);
      demand(text.includes('"EMAIL_EXISTS"'), `answered ${text.slice(0, 300)}`);
      const outcome = body.data?.outcomes?.[0].outcome ?? 'failed';
      demandEqual(outcome, 'failed', 'the outcome');
      demandEqual((await caller.call('leads.get', { params })).status, 404, 'the status of the lead that stays away');
    },
  })),
  ...[
    ['qualified', 'it had before', undefined],
    ['contacted', 'it was given since', 'contacted'],
  ].flatMap(([expected, what, changed]) =>
    [['at once', undefined] as const, ...WAYS].map(([when, bringBack]): Check => ({
      name: `unarchive: gives the status that ${what}, ${bringBack ? `after ${when}` : when}`,
      async run({ caller }) {
        const { id } = await caller.lead({ email: newEmail(), status: 'qualified' });
        const params = { leadId: id as string };
        await caller.call('leads.archive', { params });
        if (changed) await caller.call('leads.update', { params, body: { status: changed } });
        if (bringBack) {
          const record = await recordOf(caller, params);
          const { backupId } = (await caller.call('leads.delete', { params, query: 'backup=true' })).body.data;
          await bringBack(caller, record, backupId);
        }
        demandEqual((await caller.call('leads.unarchive', { params })).body.data?.status, expected, 'the status');
      },
    })),
  ),
];
