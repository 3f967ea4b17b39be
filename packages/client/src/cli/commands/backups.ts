import { BACKUPS, columnsOf } from '../columns.ts';
import type { Command, Context } from '../command.ts';
import { destroyOne } from '../destroy.ts';
import { EXIT } from '../exit-codes.ts';
import { LIMIT_OPTIONS } from '../limit.ts';
import { listing } from '../listing.ts';
import { CONFIRM_OPTIONS } from '../options.ts';
import { requireArgument } from '../required.ts';

/** `leads backups …` */
export const backups: readonly Command[] = [
  {
    name: 'backups list',
    summary: 'list the backups on the server, newest first',
    usage: '[LEAD_ID]',
    maxArguments: 1,
    columns: BACKUPS,
    options: LIMIT_OPTIONS,
    examples: [
      ['leads backups list', 'the newest 20'],
      ['leads backups list lead_1234567890abcdef', 'those of a lead'],
    ],
    run(context) {
      const [leadId] = context.args;
      const query = leadId === undefined ? {} : { leadId };
      return listing(
        context,
        BACKUPS,
        (page, call) => context.client().backups.list({ ...query, ...page }, call),
        'There are no such backups.',
      );
    },
  },
  {
    name: 'backups get',
    summary: 'show what is in a backup',
    usage: 'BACKUP_ID',
    maxArguments: 1,
    examples: [['leads backups get backup_1234567890abcdef --json', 'with everything that hangs on the lead']],
    async run(context) {
      const { client, output, io } = context;
      const { backup, content } = await client().backups.get(backupId(context), { signal: io.interruption.signal });
      await output.item(columnsOf(content), content, [
        ['backup', backup.id],
        ['expires', backup.expiresAt],
        ...Object.entries(content.lead),
        ['activities', content.activities.length],
        ['campaigns', content.campaigns.length],
      ]);
      return EXIT.ok;
    },
  },
  {
    name: 'backups delete',
    summary: 'delete a backup for good',
    usage: 'BACKUP_ID',
    maxArguments: 1,
    columns: BACKUPS,
    options: CONFIRM_OPTIONS,
    changes: true,
    examples: [['leads backups delete backup_1234567890abcdef', 'looks, asks, deletes']],
    run(context) {
      const id = backupId(context);
      const { backups: api } = context.client();
      return destroyOne(context, {
        question: 'Delete this backup?',
        columns: BACKUPS,
        look: async () => (await api.get(id)).backup,
        destroy: () => api.delete(id),
        done: `Deleted ${id}.`,
      });
    },
  },
];

function backupId(context: Context): string {
  return requireArgument(context, 0, 'Which backup?');
}
