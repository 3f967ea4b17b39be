import { LeadsConnectionError } from '../errors.ts';
import type { LeadRecord, LeadsExportQuery } from '../api.generated.ts';
import { exportEnd } from '../export-end.ts';
import { sleep } from '../timers.ts';
import type { LeadsClient } from '../types.ts';
import { BackupFile } from './backup-file.ts';
import type { Context } from './command.ts';
import { exportable, type Filter } from './filters.ts';
import { linesOf } from './lines.ts';
import { count } from './text.ts';

const TRIES = 9;
const BACKOFF_MAX_MS = 8_000;

/** An export began and broke off. */
class ExportCut extends LeadsConnectionError {}

/** The lines of an export as NDJSON, the last of which says how many leads there are. */
async function* exportedText({ send }: Context, client: LeadsClient, query: LeadsExportQuery): AsyncGenerator<Buffer> {
  const stream = await send()((call) => client.leads.export({ ...query, format: 'ndjson' }, call));
  const chunks = stream[Symbol.asyncIterator]();
  // What breaks off fails with an error of the platform: the client hands a stream on as it comes. What reads the lines has its own.
  const next = () =>
    chunks.next().catch((cause: unknown) => {
      const message = cause instanceof LeadsConnectionError ? cause.message : 'The connection was lost, and the export is not complete';
      throw new ExportCut(message, { cause });
    });
  yield* linesOf({ [Symbol.asyncIterator]: () => ({ next, return: () => chunks.return!() }) });
}

/**
 * The records that a filter selects, as lines of NDJSON. What an export cannot select by is looked at here.
 * @throws {LeadsConnectionError} where it is not complete.
 */
export async function* exportedLines(context: Context, client: LeadsClient, filter: Filter): AsyncGenerator<Buffer> {
  const { query, matches } = exportable(filter);
  for await (const line of exportedText(context, client, query)) {
    if (exportEnd(line) !== undefined) continue;
    if (!matches || matches(JSON.parse(line.toString('utf8')) as LeadRecord)) yield line;
  }
}

/** Writes what a filter selects into a new file. An export that is cut off begins again: half of one is none. */
export async function exportToFile(
  context: Context,
  client: LeadsClient,
  filter: Filter,
  folder: string,
  total: number | null,
): Promise<BackupFile> {
  const { io, progress, say } = context;
  const { signal } = io.interruption;
  for (let attempt = 1; ; attempt++) {
    const file = new BackupFile(folder, io);
    try {
      progress.start('Saving  ');
      for await (const line of exportedLines(context, client, filter)) {
        file.add(line);
        progress.update(file.lines, total);
      }
      file.finish();
      return file;
    } catch (error) {
      file.discard();
      if (!(error instanceof ExportCut) || attempt === TRIES || signal.aborted) throw error;
      progress.around(() => say(`The connection was lost after ${count(file.lines)} leads; the export begins again.`));
      await sleep(Math.random() * Math.min(BACKOFF_MAX_MS, 500 * 2 ** attempt), signal);
    } finally {
      progress.clear();
    }
  }
}
