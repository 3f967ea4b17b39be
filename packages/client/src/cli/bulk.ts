import type { BulkFilter, BulkOutcomes } from '../api.generated.ts';
import { BULK_FILTERS, IDS_MAX } from '../constants.generated.ts';
import { BackupFile } from './backup-file.ts';
import { byFilter, type FilterAction } from './by-filter.ts';
import type { PacedSend } from '../leads/many.ts';
import { byIds } from './by-ids.ts';
import type { Context } from './command.ts';
import { confirmIds } from './confirm-ids.ts';
import { dryRun } from './dry-run.ts';
import { usageError } from './errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { readFilter } from './filters.ts';
import { namesIds, readIds } from './ids.ts';
import { type Outcome, outcomeOf, toOutcome } from './outcomes.ts';
import { requireAnswer } from './prompt.ts';
import { counted } from './text.ts';
import { sayUndoByIds } from './undo.ts';

/** One of the bulk commands: what it does with a filter, and with ids. */
export interface BulkAction extends Omit<FilterAction, 'request'> {
  readonly request: (selection: BulkSelection, call: Parameters<FilterAction['request']>[1]) => ReturnType<FilterAction['request']>;
}

type BulkSelection = Parameters<FilterAction['request']>[0] | { readonly ids: string[] };

/** Runs a bulk command. @throws {CliError} where it is told neither ids nor a filter, or both. */
export async function bulk(context: Context, action: BulkAction): Promise<ExitCode> {
  const { options, command } = context;
  const filter = readFilter(options, BULK_FILTERS) as BulkFilter;
  const filtered = Object.keys(filter).length > 0;
  if (filtered === namesIds(context))
    throw usageError(
      filtered ? 'Give ids or a filter, not both.' : 'Which leads?',
      `Give a filter such as --status lost, or ids. See: leads ${command.name} --help`,
    );
  requireAnswer(context, `${action.verb}s many leads`);
  return filtered ? byFilter(context, filter, action) : bulkByIds(context, action);
}

async function bulkByIds(context: Context, action: BulkAction): Promise<ExitCode> {
  const { options, io, say } = context;
  const ids = await readIds(context);
  if (options.flag('dry-run')) return dryRun(context, ids, action);
  if (!(await confirmIds(context, ids, action))) {
    say('Nothing was changed.');
    return EXIT.failure;
  }
  const folder = options.text('backup-dir');
  const file = folder === undefined ? null : new BackupFile(folder, io);
  const work = async (group: string[], send: PacedSend): Promise<Outcome[]> => {
    const missing = file ? await saveFirst(context, file, group, send) : [];
    const gone = new Set(missing.map(({ leadId }) => leadId));
    const present = group.filter((id) => !gone.has(id));
    if (present.length === 0) return missing;
    const { outcomes } = (await send((call) => action.request({ ids: present }, call))) as BulkOutcomes;
    return [...missing, ...outcomes.map(toOutcome)];
  };
  try {
    return await byIds(context, ids, { ...action, size: IDS_MAX, work, undo: () => sayUndoByIds(context, file?.path) });
  } finally {
    if (file) keep(context, file);
  }
}

/** Puts the records of leads on the disk before they go, and returns those that are not there. */
async function saveFirst({ client }: Context, file: BackupFile, ids: readonly string[], send: PacedSend): Promise<Outcome[]> {
  const missing: Outcome[] = [];
  for (const id of ids) {
    const saved = await outcomeOf(
      id,
      false,
      send((call) => client().leads.exportOne(id, call)).then((record) => {
        file.add(Buffer.from(JSON.stringify(record)));
        return { outcome: 'saved' };
      }),
    );
    if (saved.code !== undefined) missing.push(saved);
  }
  file.flush();
  return missing;
}

/** Gives a file of records its name, also where the command failed: what is in it may be gone. */
export function keep({ say }: Context, file: BackupFile): void {
  if (file.lines === 0) return file.discard();
  file.finish();
  say(`Saved ${counted(file.lines, 'lead')} in ${file.path}`);
}
