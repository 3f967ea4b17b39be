import { IMPORT_MAX_BYTES, IMPORT_MAX_LINES } from '../constants.generated.ts';
import { exportEnd } from '../export-end.ts';
import { IMPORTED } from './columns.ts';
import type { Context } from './command.ts';
import { CliError } from './errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { readFrom } from './file.ts';
import { csvGroups, RefusedRows } from './import-csv.ts';
import type { ImportGroup } from './import-group.ts';
import { linesOf } from './lines.ts';
import { count, counted } from './text.ts';

/**
 * Brings in the records of a file, or of standard input, or the rows of a CSV file, group by group; leads that are there are left as
 * they are. A file that lacks lines of its export is refused ahead of all.
 */
export async function importFile(context: Context, file: string): Promise<ExitCode> {
  const { io, options, output, progress, say, style } = context;
  const { signal } = io.interruption;
  const dryRun = options.flag('dry-run');
  const { chunks, isCsv } = await sniffed((file === '-' ? io.stdin : await readFrom(file)) as AsyncIterable<Uint8Array>);
  if (file !== '-' && !isCsv) for await (const _ of recordsOf(await readFrom(file)));
  const refused = new RefusedRows();
  const writer = output.writer(IMPORTED);
  const sum = { imported: 0, skipped: 0, failed: 0 };
  let lastLine = 0;
  const totals = () =>
    [
      style('green', `${count(sum.imported)} ${dryRun ? 'would be imported' : 'imported'}`),
      ...(sum.skipped > 0 ? [style('yellow', `${count(sum.skipped)} there already`)] : []),
      ...(sum.failed > 0 ? [style('red', `${count(sum.failed)} failed`)] : []),
    ].join(', ');
  if (dryRun) say('Nothing is changed: this is a dry run.');
  progress.start('Importing');
  try {
    for await (const { body, call: own, numberOf, onOutcome } of isCsv ? csvGroups(context, chunks, refused) : recordGroups(chunks)) {
      signal.throwIfAborted();
      // Not ended by Ctrl-C: it would leave open what came of the lines.
      const { outcomes, imported, skipped, failed } = await context.send()(({ signal: _, ...call }) =>
        context
          .client()
          .leads.import(body, { ...call, ...own, query: { ...own?.query, ...options.duplicates, ...(dryRun && { dryRun }) } }),
      );
      sum.imported += imported;
      sum.skipped += skipped;
      sum.failed += failed;
      progress.update(sum.imported + sum.skipped + sum.failed, null, sum.failed);
      for (const outcome of outcomes) {
        onOutcome?.(outcome);
        lastLine = numberOf(outcome);
        if (output.format !== 'human' || outcome.outcome === 'failed') await writer.item({ ...outcome, line: lastLine });
      }
    }
  } catch (error) {
    progress.clear();
    // A row without an id would be another new lead.
    const next = isCsv
      ? `The lines up to ${count(lastLine)} are done: take them away before you run the command again.`
      : 'To go on, run the same command again: leads that are there are left as they are.';
    say(`Stopped: ${totals()}. ${next}`);
    throw error;
  }
  progress.clear();
  await writer.end();
  await output.end();
  say(`${totals()}.`);
  if (refused.count > 0 && !dryRun && file !== '-') {
    const path = `${file.replace(/\.csv$/i, '')}.refused.csv`;
    refused.write(path);
    say(`${counted(refused.count, 'row')} to mend in ${path}: then run leads import ${path}`);
  }
  return sum.failed > 0 ? EXIT.someFailed : EXIT.ok;
}

/** Whether what comes is CSV: a record begins with a brace. */
async function sniffed(source: AsyncIterable<Uint8Array>): Promise<{ chunks: AsyncIterable<Uint8Array>; isCsv: boolean }> {
  const chunks = source[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let start = '';
  while (start.trim() === '') {
    const { value, done } = await chunks.next();
    if (done) break;
    held.push(value);
    start += Buffer.from(value).toString('utf8');
  }
  async function* all() {
    yield* held;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  return { chunks: all(), isCsv: start.trim() !== '' && !/^[{[]/.test(start.trim()) };
}

interface FileLine {
  readonly line: Buffer;
  readonly number: number;
}

/** The lines with records. @throws {CliError} where the last line of an export says that there were more or fewer. */
async function* recordsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<FileLine> {
  let [number, sinceEnd] = [0, 0];
  for await (const line of linesOf(chunks)) {
    number++;
    if (line.length < 1_000 && line.toString('utf8').trim() === '') continue;
    const leads = exportEnd(line);
    if (leads === undefined) {
      sinceEnd++;
      yield { line, number };
      continue;
    }
    if (leads !== sinceEnd)
      throw new CliError(
        `The file is not complete: line ${count(number)} says ${counted(leads, 'lead')}, and there are ${count(sinceEnd)}.`,
        'Export again; or take that line away, to import what is there.',
      );
    sinceEnd = 0;
  }
}

/** Records in groups that are within the limits, with the number that each has in the file. */
async function* recordGroups(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ImportGroup> {
  let [held, numbers, bytes]: [Buffer[], number[], number] = [[], [], 0];
  const group = (): ImportGroup => {
    const all = numbers;
    return { body: Buffer.concat(held).toString('utf8'), numberOf: ({ line }) => all[line - 1]! };
  };
  for await (const { line, number } of recordsOf(chunks)) {
    if (held.length > 0 && (numbers.length === IMPORT_MAX_LINES || bytes + line.length + 1 > IMPORT_MAX_BYTES)) {
      yield group();
      [held, numbers, bytes] = [[], [], 0];
    }
    held.push(Buffer.from(line), Buffer.from('\n'));
    numbers.push(number);
    bytes += line.length + 1;
  }
  if (held.length > 0) yield group();
}
