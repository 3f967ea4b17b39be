import { LeadsApiError } from '../errors.ts';
import type { LeadsDeletionPreviewResult } from '../api.generated.ts';
import { LEADS } from './columns.ts';
import type { Context } from './command.ts';
import type { Ids } from './ids.ts';
import { confirm } from './prompt.ts';
import { backupsText } from './show.ts';
import { Table } from './table.ts';
import { count, counted } from './text.ts';

/** From as many leads on, a yes is not enough. */
const TYPE_NUMBER_ABOVE = 100;

/** Shows how many leads are named, some of them and what stands in their way, and asks; over 100 the number is to be typed. */
export async function confirmIds(
  context: Context,
  ids: Ids,
  { verb, promise }: { readonly verb: string; readonly promise: string },
): Promise<boolean> {
  const { options, io, style, client, say } = context;
  if (options.flag('yes') || ids.total === null) return true;
  if (ids.total === 0) return true;
  const previews: LeadsDeletionPreviewResult[] = [];
  for (const id of ids.sample) {
    const preview = await client()
      .leads.deletionPreview(id, { signal: io.interruption.signal })
      .catch((error: unknown) => {
        if (error instanceof LeadsApiError && error.code === 'LEAD_NOT_FOUND') return null;
        throw error;
      });
    if (preview) previews.push(preview);
  }
  const table = new Table(LEADS.shown, io.stderr.columns ?? 80, style);
  if (previews.length > 0) io.stderr.write(`${table.lines(previews.map(({ lead }) => lead)).join('\n')}\n`);
  const missing = ids.sample.length - previews.length;
  if (missing > 0) io.stderr.write(style('yellow', `${count(missing)} of the first ${ids.sample.length} are not there.\n`));
  if (ids.total > ids.sample.length) io.stderr.write(style('dim', `… and ${count(ids.total - ids.sample.length)} more.\n`));
  const blocked = previews.filter(({ deletable }) => !deletable).length;
  if (blocked > 0 && verb === 'delete')
    io.stderr.write(
      style(
        'yellow',
        `${count(blocked)} of these in active campaigns: ${options.flag('force') ? 'deleted too' : 'left as they are without --force'}.\n`,
      ),
    );
  const phrase = ids.total > TYPE_NUMBER_ABOVE ? String(ids.total) : null;
  say(verb === 'delete' ? `${promise} Backup: ${backupsText(options)}.` : promise);
  return confirm(context, `${verb[0]!.toUpperCase()}${verb.slice(1)} ${counted(ids.total, 'lead')}?`, phrase);
}
