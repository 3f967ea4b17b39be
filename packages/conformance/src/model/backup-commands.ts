import fc from 'fast-check';
import { demandEqual } from '../mismatch.ts';
import { about, type ChangingOf, type Commands, number, step } from './command.ts';
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
  'backups.delete': step('backups.delete', fc.tuple(number), async (world, which) => {
    const backupId = pick([...world.backups.keys()], which);
    if (backupId === undefined) return;
    demandEqual((await world.done('backups.delete', { params: { backupId } })).id, backupId, 'the id');
    demandEqual((await world.call('backups.get', { params: { backupId } })).status, 404, 'reading a deleted backup');
    world.backups.delete(backupId);
  }),
};
