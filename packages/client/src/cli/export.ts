import { LeadsConnectionError } from '../errors.ts';
import type { LeadRecord } from '../api.generated.ts';
import { exportEnd } from '../export-end.ts';
import { sleep } from '../send.ts';
import type { LeadsClient } from '../types.ts';
import { BackupFile } from './backup-file.ts';
import type { Context } from './command.ts';
import type { Filter } from './filters.ts';
import { linesOf } from './lines.ts';
import { count } from './text.ts';

const TRIES = 9;
const BACKOFF_MAX_MS = 8_000;

/** An export began and broke off. */
class ExportCut extends LeadsConnectionError {}

/** The records that a filter selects, as lines of NDJSON. What an export cannot select by is looked at here. @throws {LeadsConnectionError} where it is not complete. */
export async function* exportedLines({ send }: Context, client: LeadsClient, filter: Filter): AsyncGenerator<Buffer> {
  const { updatedBefore, ...query } = filter;
  const before = updatedBefore === undefined ? Infinity : Date.parse(updatedBefore);
  const stream = await send()((call) => client.leads.export({ ...query, format: 'ndjson' }, call));
  const chunks = stream[Symbol.asyncIterator]();
  // What breaks off fails with an error of the platform: the client hands a stream on as it comes. What reads the lines has its own.
  const next = () =>
    chunks.next().catch((cause: unknown) => {
      throw new ExportCut(
        cause instanceof LeadsConnectionError ? cause.message : 'The connection was lost, and the export is not complete',
        null,
        cause,
      );
    });
  for await (const line of linesOf({ [Symbol.asyncIterator]: () => ({ next, return: () => chunks.return!() }) })) {
    if (exportEnd(line) !== undefined) continue;
    if (before === Infinity || Date.parse((JSON.parse(line.toString('utf8')) as LeadRecord).lead.updatedAt) < before) yield line;
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
