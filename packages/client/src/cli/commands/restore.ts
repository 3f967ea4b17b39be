import type { RestoreOutcome } from '../../api.generated.ts';
import { IDS_MAX } from '../../constants.generated.ts';
import { outcomesOf } from '../../leads/by-filter.ts';
import type { PacedSend } from '../../leads/many.ts';
import { byIds } from '../by-ids.ts';
import type { Command, Context } from '../command.ts';
import { usageError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { namesIds } from '../ids.ts';
import { importFile } from '../import-file.ts';
import { oneByOne } from '../one-by-one.ts';
import type { Outcome } from '../outcomes.ts';
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
  const action = { doing: 'Restoring', past: 'restored', size: IDS_MAX };
  const work = async (backupIds: string[], paced: PacedSend) => {
    const query = context.options.duplicates;
    const { outcomes } = await paced((call) => context.client().backups.bulkRestore({ backupIds }, { ...call, query }));
    return outcomes.map((outcome) => outcomeOf(context, outcome));
  };
  return byIds(context, { total: job.succeeded, sample: [], read }, { ...action, work });
}

const ERRORS: Readonly<Record<NonNullable<RestoreOutcome['code']>, string>> = {
  BACKUP_NOT_FOUND: 'The backup is expired or was erased',
  LEAD_EXISTS: 'The lead is there',
  EMAIL_EXISTS: 'Another lead has its e-mail address',
  LEAD_ERASED: 'The lead was erased',
  SUPPRESSED: 'The person was erased, and is kept away',
};

function outcomeOf(context: Context, { backupId, leadId, outcome, code, missingCampaigns = [] }: RestoreOutcome): Outcome {
  const id = leadId ?? backupId;
  sayMissing(context, id, missingCampaigns);
  // What is there already is told as what failed: nothing of the backup came back.
  return { leadId: id, outcome: code ? 'failed' : outcome, ...(code && { code, error: ERRORS[code] }) };
}

/** An id of a backup is answered with that of the lead. */
async function bringBack(context: Context, id: string, send: PacedSend): Promise<{ leadId: string }> {
  const { client, options } = context;
  const { backups } = client();
  const isBackup = id.startsWith('backup_');
  const newest = isBackup ? id : (await send((call) => backups.list({ leadId: id, limit: 1 }, call))).backups[0]?.id;
  // Without a backup the API's own refusal says so: the id of a lead is that of no backup.
  const { lead, missingCampaigns } = await send((call) => backups.restore(newest ?? id, options.duplicates, call));
  sayMissing(context, lead.id, missingCampaigns);
  return { leadId: lead.id };
}

function sayMissing({ say }: Context, leadId: string, campaigns: readonly string[]): void {
  if (campaigns.length > 0) say(`${leadId} is back without campaigns that are gone: ${campaigns.join(', ')}`);
}
