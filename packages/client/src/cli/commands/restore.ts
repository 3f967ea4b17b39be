import type { PacedSend } from '../../leads/many.ts';
import type { Command, Context } from '../command.ts';
import { usageError } from '../errors.ts';
import { namesIds } from '../ids.ts';
import { importFile } from '../import-file.ts';
import { oneByOne } from '../one-by-one.ts';
import { ID_OPTIONS, MANY_OPTIONS } from '../options.ts';

/** `leads restore` */
export const restore: Command = {
  name: 'restore',
  summary: 'bring deleted leads back',
  usage: 'ID...|-',
  maxArguments: Infinity,
  details: 'By the id of the lead, from its newest backup on the server; by the id of a backup; or from a file.',
  options: {
    from: { type: 'string', placeholder: 'FILE', help: 'a file that --backup-dir or leads export wrote' },
    ...ID_OPTIONS,
    ...MANY_OPTIONS,
  },
  changes: true,
  examples: [
    ['leads restore lead_1234567890abcdef', 'from its newest backup'],
    ['leads restore backup_1234567890abcdef', 'from this backup'],
    ['leads restore --from backups/leads-2024-01-16T15-45-00.000Z.ndjson', 'everything in a file'],
  ],
  async run(context) {
    const file = context.options.text('from');
    if (file === undefined) return oneByOne(context, { doing: 'Restoring', past: 'restored' }, (id, send) => bringBack(context, id, send));
    if (namesIds(context)) throw usageError('Give ids or --from FILE, not both.');
    return importFile(context, file);
  },
};

async function bringBack({ client, say }: Context, id: string, send: PacedSend): Promise<void> {
  const { backups } = client();
  const isBackup = id.startsWith('backup_');
  const newest = isBackup ? id : (await send((call) => backups.list({ leadId: id, limit: 1 }, call))).backups[0]?.id;
  // Without a backup the API's own refusal says so: the id of a lead is that of no backup.
  const { lead, missingCampaigns } = await send((call) => backups.restore(newest ?? id, {}, call));
  if (missingCampaigns.length > 0) say(`${lead.id} is back without campaigns that are gone: ${missingCampaigns.join(', ')}`);
}
