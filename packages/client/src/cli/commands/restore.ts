import { outcomesOf } from '../../leads/by-filter.ts';
import type { PacedSend } from '../../leads/many.ts';
import type { Command, Context } from '../command.ts';
import { usageError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { namesIds } from '../ids.ts';
import { importFile } from '../import-file.ts';
import { oneByOne } from '../one-by-one.ts';
import { DUPLICATE_OPTION, ID_OPTIONS, MANY_OPTIONS } from '../options.ts';

/** `leads restore` */
export const restore: Command = {
  name: 'restore',
  summary: 'bring deleted leads back',
  synonyms: ['undelete', 'undo', 'recover'],
  usage: 'ID...|-',
  maxArguments: Infinity,
  details: 'By the id of the lead, from its newest backup on the server; by the id of a backup; by the job; or from a file.',
  options: {
    job: { type: 'string', placeholder: 'JOB_ID', help: 'what this job deleted, from the backups that it made' },
    from: { type: 'string', placeholder: 'FILE', help: 'a file that --backup-dir or leads export wrote' },
    ...DUPLICATE_OPTION,
    ...ID_OPTIONS,
    ...MANY_OPTIONS,
  },
  changes: true,
  examples: [
    ['leads restore lead_1234567890abcdef', 'from its newest backup'],
    ['leads restore backup_1234567890abcdef', 'from this backup'],
    ['leads restore --job job_1234567890abcdef', 'everything that a job deleted'],
    ['leads restore --from backups/leads-2024-01-16T15-45-00.000Z.ndjson', 'everything in a file'],
  ],
  async run(context) {
    const { options } = context;
    const [file, job] = [options.text('from'), options.text('job')];
    if ([file, job, namesIds(context) || undefined].filter((given) => given !== undefined).length > 1)
      throw usageError('Give ids, --from FILE or --job JOB_ID, and one of them.');
    if (job !== undefined) return ofJob(context, job);
    if (file === undefined) return oneByOne(context, { doing: 'Restoring', past: 'restored' }, (id, send) => bringBack(context, id, send));
    return importFile(context, file);
  },
};

/** Each lead that a job deleted, from the backup that it made. */
async function ofJob(context: Context, id: string): Promise<ExitCode> {
  const send = context.send();
  const job = await send((call) => context.client().jobs.get(id, call));
  async function* read() {
    for await (const outcomes of outcomesOf(context.client(), job, { outcome: 'deleted' }, send))
      for (const { backupId } of outcomes) if (backupId !== undefined) yield backupId;
  }
  const words = { doing: 'Restoring', past: 'restored' };
  return oneByOne(context, words, (backup, paced) => bringBack(context, backup, paced), { total: job.succeeded, sample: [], read });
}

/** An id of a backup is answered with that of the lead. */
async function bringBack({ client, options, say }: Context, id: string, send: PacedSend): Promise<{ leadId: string }> {
  const { backups } = client();
  const isBackup = id.startsWith('backup_');
  const newest = isBackup ? id : (await send((call) => backups.list({ leadId: id, limit: 1 }, call))).backups[0]?.id;
  // Without a backup the API's own refusal says so: the id of a lead is that of no backup.
  const { lead, missingCampaigns } = await send((call) => backups.restore(newest ?? id, options.duplicates, call));
  if (missingCampaigns.length > 0) say(`${lead.id} is back without campaigns that are gone: ${missingCampaigns.join(', ')}`);
  return { leadId: lead.id };
}
