import type { Job } from '../api.generated.ts';
import type { Context } from './command.ts';

/** Says the one line that brings back what a job deleted: from the file, else from the backups on the server, where there are any. */
export async function sayUndo(context: Context, { id, kind, succeeded }: Job, file: string | undefined): Promise<void> {
  if (kind !== 'bulk_delete' || succeeded === 0) return;
  if (file !== undefined) return sayLine(context, `--from ${quoted(file)}`);
  // What was done is told already: a hint that cannot be had is left out.
  const one = await context
    .client()
    .jobs.listOutcomes(id, { outcome: 'deleted', limit: 1 })
    .catch(() => null);
  if (one?.outcomes[0]?.backupId !== undefined) sayLine(context, `--job ${id}`);
}

/** Says the one line that brings back what was deleted by ids. */
export function sayUndoByIds(context: Context, file: string | undefined): void {
  const { options, args, command } = context;
  if (!command.name.endsWith('delete')) return;
  if (file !== undefined) return sayLine(context, `--from ${quoted(file)}`);
  if (options.flag('no-backup') || options.flag('erase')) return;
  const ids = options.text('ids-file');
  // Those of a pipe are gone with it; here they are what stands in its output.
  sayLine(context, ids === undefined ? args.map(quoted).join(' ') : `--ids-file ${quoted(ids)}`);
}

function sayLine({ say }: Context, what: string): void {
  say(`To bring them back: leads restore ${what}`);
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w./:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
