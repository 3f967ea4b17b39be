import type { LeadsDeletionPreviewResult } from '../../api.generated.ts';
import { BackupFile } from '../backup-file.ts';
import { keep } from '../bulk.ts';
import { byIds } from '../by-ids.ts';
import { columnsOf, OUTCOMES } from '../columns.ts';
import type { Command, Context } from '../command.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type Ids, readIds } from '../ids.ts';
import { CONFIRM_OPTIONS, DELETE_OPTIONS, ID_OPTIONS } from '../options.ts';
import { type Outcome, outcomeOf } from '../outcomes.ts';
import { confirm, requireAnswer } from '../prompt.ts';
import { showPreview } from '../show.ts';
import { plain } from '../text.ts';

/** `leads delete` */
export const deleteLeads: Command = {
  name: 'delete',
  summary: 'delete leads, each after a look at it',
  columns: OUTCOMES,
  synonyms: ['rm', 'remove', 'del', 'destroy'],
  usage: 'LEAD_ID...|-',
  maxArguments: Infinity,
  details: `Shows the lead, what goes with it and what stands in the way, asks, and deletes exactly what it showed, with a backup on the
server. If anything changes in between, nothing is deleted, and it asks again. For many leads: leads bulk-delete`,
  options: { ...CONFIRM_OPTIONS, ...DELETE_OPTIONS, ...ID_OPTIONS },
  changes: true,
  examples: [
    ['leads delete lead_1234567890abcdef', 'looks, asks, deletes'],
    ['leads delete lead_1234567890abcdef --dry-run', 'only looks'],
    ['leads delete lead_1234567890abcdef --erase --reason "Asked to be forgotten" --yes', 'leaves nothing, and does not ask'],
  ],
  async run(context) {
    const { options, io } = context;
    const ids = await readIds(context);
    requireAnswer(context, 'deletes leads');
    if (options.flag('dry-run')) return look(context, ids);
    const folder = options.text('backup-dir');
    const file = folder === undefined ? null : new BackupFile(folder, io);
    try {
      const work = async ([id]: string[]) => [await remove(context, id!, ids.total === 1, file)];
      return await byIds(context, ids, { doing: 'Deleting', past: 'deleted', size: 1, concurrency: 1, work });
    } finally {
      if (file) keep(context, file);
    }
  },
};

async function remove(context: Context, id: string, isAlone: boolean, file: BackupFile | null): Promise<Outcome> {
  const { client, options, output, progress, say } = context;
  const { leads } = client();
  const decide = async (preview: LeadsDeletionPreviewResult, previous: LeadsDeletionPreviewResult | null) => {
    progress.clear();
    if (previous) say('The lead changed since. Nothing was deleted yet.');
    if (!options.flag('yes')) showPreview(context, preview);
    if (!(await confirm(context, `Delete ${plain(preview.lead.name)}?`, null))) return false;
    if (!file) return true;
    file.add(Buffer.from(JSON.stringify(await leads.exportOne(id))));
    file.flush();
    return true;
  };
  const erase = options.flag('erase');
  const backup = !erase && !options.flag('no-backup');
  const deleted = leads.safeDelete(id, { confirm: decide, backup, erase, force: options.flag('force'), ...options.reason });
  return outcomeOf(
    id,
    isAlone,
    deleted.then((result) => {
      if (result.outcome === 'deleted') {
        const { backupId } = result.deletion;
        if (backupId !== undefined && output.format === 'human') say(`Deleted. To bring it back: leads restore ${id}`);
        return { outcome: 'deleted', ...(backupId !== undefined && { backupId }) };
      }
      if (result.outcome === 'cancelled') return { outcome: 'cancelled' };
      if (!options.flag('yes')) showPreview(context, result.preview);
      const campaigns = result.preview.blockers.map(({ name }) => `“${name}”`).join(', ');
      const next = 'Pause it, or delete the lead all the same with --force (needs the scope leads:force).';
      if (isAlone) throw new CliError(`The lead is in the active campaign ${campaigns}. Nothing was deleted.`, next, EXIT.conflict);
      return { outcome: 'failed', code: 'LEAD_IN_USE', error: `It is in the active campaign ${campaigns}` };
    }),
  );
}

async function look(context: Context, ids: Ids): Promise<ExitCode> {
  const { output, client, io, say } = context;
  for await (const id of ids.read()) {
    const preview = await client().leads.deletionPreview(id, { signal: io.interruption.signal });
    const { confirmationToken: _, confirmationExpiresAt: __, ...shown } = preview;
    if (output.format === 'human') showPreview(context, preview);
    else await output.item(columnsOf(shown), shown);
  }
  say('Nothing was changed: this is a dry run.');
  return EXIT.ok;
}
