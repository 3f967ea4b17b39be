import { bulk } from '../bulk.ts';
import { OUTCOMES } from '../columns.ts';
import type { Command } from '../command.ts';
import { BULK_FILTER_OPTIONS } from '../filters.ts';
import { usageError } from '../errors.ts';
import { CONFIRM_OPTIONS, DELETE_OPTIONS, ID_OPTIONS, MANY_OPTIONS } from '../options.ts';

/** `leads bulk-delete` */
export const bulkDelete: Command = {
  name: 'bulk-delete',
  summary: 'delete many leads, by a filter or by ids',
  columns: OUTCOMES,
  usage: '[LEAD_ID...|-]',
  maxArguments: Infinity,
  details: `By a filter: looks which leads it selects, asks, saves them into a file, and deletes exactly these. If one comes, goes or
changes in between, nothing is deleted, and it asks again. Each lead is backed up on the server too.`,
  options: { ...BULK_FILTER_OPTIONS, ...CONFIRM_OPTIONS, ...DELETE_OPTIONS, ...ID_OPTIONS, ...MANY_OPTIONS },
  changes: true,
  examples: [
    ['leads bulk-delete --status lost --backup-dir backups/', 'looks, asks, saves, deletes'],
    ['leads bulk-delete --status lost --updated-before 2024-01-01 --dry-run', 'only looks'],
    ['leads bulk-delete --ids-file ids.txt --yes', 'those of a file, without asking'],
    ['leads restore --from backups/leads-2024-01-16T15-45-00.000Z.ndjson', 'brings them back'],
  ],
  async run(context) {
    const { options, client } = context;
    const erase = options.flag('erase');
    if (erase && options.flag('no-backup')) throw usageError('--erase keeps no backup anyway.', 'Leave --no-backup out.');
    const settings = { backup: !erase && !options.flag('no-backup'), erase, force: options.flag('force'), ...options.reason };
    return bulk(context, {
      verb: 'delete',
      doing: 'Deleting',
      past: 'deleted',
      promise: erase ? 'They go for good, with all their backups on the server.' : 'They go with everything that hangs on them.',
      request: (selection, call) => client().leads.bulkDelete({ ...selection, ...(!('dryRun' in selection) && settings) }, call),
    });
  },
};
