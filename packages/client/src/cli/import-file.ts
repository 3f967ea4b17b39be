import { IMPORT_MAX_BYTES, IMPORT_MAX_LINES } from '../constants.generated.ts';
import { IMPORTED } from './columns.ts';
import type { Context } from './command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { readFrom } from './file.ts';
import { linesOf } from './lines.ts';
import { count } from './text.ts';

/** Brings in the records of a file, or of standard input, group by group; leads that are there are left as they are. */
export async function importFile(context: Context, file: string): Promise<ExitCode> {
  const { io, output, progress, say, style } = context;
  const { signal } = io.interruption;
  const chunks = file === '-' ? io.stdin : await readFrom(file);
  const writer = output.writer(IMPORTED);
  const sum = { imported: 0, skipped: 0, failed: 0 };
  const totals = () =>
    [
      style('green', `${count(sum.imported)} imported`),
      ...(sum.skipped > 0 ? [style('yellow', `${count(sum.skipped)} there already`)] : []),
      ...(sum.failed > 0 ? [style('red', `${count(sum.failed)} failed`)] : []),
    ].join(', ');
  progress.start('Importing');
  try {
    for await (const { text, numbers } of groupsOf(chunks as AsyncIterable<Uint8Array>)) {
      signal.throwIfAborted();
      // Not ended by Ctrl-C: it would leave open what came of the lines.
      const { outcomes, imported, skipped, failed } = await context.send()(({ signal: _, ...call }) =>
        context.client().leads.import(text, call),
      );
      sum.imported += imported;
      sum.skipped += skipped;
      sum.failed += failed;
      progress.update(sum.imported + sum.skipped + sum.failed, null, sum.failed);
      for (const outcome of outcomes)
        if (output.format !== 'human' || outcome.outcome === 'failed') await writer.item({ ...outcome, line: numbers[outcome.line - 1]! });
    }
  } catch (error) {
    progress.clear();
    say(`Stopped: ${totals()}. To go on, run the same command again: leads that are there are left as they are.`);
    throw error;
  }
  progress.clear();
  await writer.end();
  await output.end();
  say(`${totals()}.`);
  return sum.failed > 0 ? EXIT.someFailed : EXIT.ok;
}

/** Lines in groups that are within the limits, with the number that each has in the file. */
async function* groupsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<{ text: string; numbers: number[] }> {
  let [held, numbers, bytes, number]: [Buffer[], number[], number, number] = [[], [], 0, 0];
  const group = () => ({ text: Buffer.concat(held).toString('utf8'), numbers });
  for await (const line of linesOf(chunks)) {
    number++;
    if (line.toString('utf8').trim() === '') continue;
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
