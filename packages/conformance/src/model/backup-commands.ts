import fc from 'fast-check';
import { demandEqual } from '../mismatch.ts';
import { about, type ChangingOf, type Commands, number, numbers, step } from './command.ts';
import { readBackup, withoutLost } from './deeds.ts';
import { pick } from './world.ts';

/** Commands of the operations on backups. */
export const BACKUP_COMMANDS: Commands<ChangingOf<'backups'>> = {
  'backups.create': about('backups.create', fc.tuple(), async (world, leadId) => {
    const { status, body } = await world.call('backups.create', { params: { leadId } });
    const record = world.leads.get(leadId);
    if (!record) return demandEqual(status, 404, 'backing up a lead that is not there');
    const backup = body.data;
    demandEqual(
      [backup.leadId, backup.attached],
      [leadId, { activities: record.activities.length, campaigns: record.campaigns.length }],
      'lead and counts of the backup',
    );
    demandEqual(await readBackup(world, backup.id), backup, 'the backup');
    world.backups.set(backup.id, { backup, content: record });
  }),
  'backups.restore': step('backups.restore', fc.tuple(number), async (world, which) => {
    const backup = pick([...world.backups.values()], which);
    if (!backup) return;
    const { status, body } = await world.call('backups.restore', {
      params: { backupId: backup.backup.id },
      query: { allowDuplicateEmail: 'true' },
    });
    const { leadId } = backup.backup;
    if (world.leads.has(leadId)) return demandEqual([status, body.details], [409, { leadId }], 'restoring a lead that is there');
    demandEqual(status, 201, 'the status');
    const record = withoutLost(world, backup.content, body.data.missingCampaigns);
    const restored = { activities: record.activities.length, campaigns: record.campaigns.length };
    demandEqual([body.data.lead, body.data.restored], [record.lead, restored], 'the restored lead, and what came with it');
    world.add(record);
  }),
  'backups.bulkRestore': step('backups.bulkRestore', fc.tuple(numbers), async (world, which) => {
    const known = which.map((n) => pick([...world.backups.values()], n)).filter((backup) => backup !== undefined);
    const backups = [...new Set(known)];
    const lead = world.pickLead(which[0]!);
    // The id of a lead is that of no backup.
    const backupIds = [...(lead === undefined ? [] : [lead]), ...backups.map(({ backup }) => backup.id)];
    if (backupIds.length === 0) return;
    const query = { allowDuplicateEmail: 'true' };
    const { restored, skipped, failed, outcomes } = await world.done('backups.bulkRestore', { body: { backupIds }, query });
    demandEqual(
      outcomes.map(({ backupId }: { backupId: string }) => backupId),
      backupIds,
      'the backups of the outcomes',
    );
    const count = { restored: 0, skipped: 0, failed: backupIds.length - backups.length };
    for (const { backup, content } of backups) {
      const { id: backupId, leadId } = backup;
      const { missingCampaigns, ...outcome } = outcomes.find((each: { backupId: string }) => each.backupId === backupId);
      if (world.leads.has(leadId)) {
        demandEqual(outcome, { backupId, leadId, outcome: 'skipped', code: 'LEAD_EXISTS' }, 'restoring a lead that is there');
        count.skipped++;
      } else {
        demandEqual(outcome, { backupId, leadId, outcome: 'restored' }, 'restoring a lead');
        world.add(withoutLost(world, content, missingCampaigns));
        count.restored++;
      }
    }
    if (lead !== undefined)
      demandEqual(outcomes[0], { backupId: lead, leadId: null, outcome: 'failed', code: 'BACKUP_NOT_FOUND' }, 'restoring no backup');
    demandEqual({ restored, skipped, failed }, count, 'the counts');
  }),
  'backups.delete': step('backups.delete', fc.tuple(number), async (world, which) => {
    const backupId = pick([...world.backups.keys()], which);
    if (backupId === undefined) return;
    demandEqual((await world.done('backups.delete', { params: { backupId } })).id, backupId, 'the id');
    demandEqual((await world.call('backups.get', { params: { backupId } })).status, 404, 'reading a deleted backup');
    world.backups.delete(backupId);
  }),
};
