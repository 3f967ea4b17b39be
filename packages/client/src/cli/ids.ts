import type { Context } from './command.ts';
import { CliError, usageError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { readFrom } from './file.ts';
import { linesOf } from './lines.ts';

/** The leads that a command is for. */
export interface Ids {
  /** How many there are; null where they come in through a pipe. */
  readonly total: number | null;
  /** Some of the first. */
  readonly sample: readonly string[];
  /** Each of them, as often as it is asked for; those of a pipe once. */
  read(): AsyncIterable<string>;
}

const SAMPLE = 5;

/** Whether the command line names ids. */
export function namesIds({ args, options }: Context): boolean {
  return args.length > 0 || options.text('ids-file') !== undefined;
}

/** The ids of the arguments, of `--ids-file`, or with `-` of standard input. @throws {CliError} where there are none, or there is more than one of these. */
export async function readIds(context: Context): Promise<Ids> {
  const { args, options, io, command } = context;
  const file = options.text('ids-file');
  if (!namesIds(context))
    throw usageError('Which leads?', `Give their ids, --ids-file FILE, or - for standard input. See: leads ${command.name} --help`);
  if (file !== undefined) {
    if (args.length > 0) throw usageError('Give ids as arguments or with --ids-file, not both.');
    return idsOfFile(file);
  }
  if (args.includes('-')) {
    if (args.length > 1) throw usageError('Give ids as arguments or on standard input, not both.');
    return { total: null, sample: [], read: () => idsIn(io.stdin as AsyncIterable<Uint8Array>, 'standard input') };
  }
  const ids = [...new Set(args)];
  return {
    total: ids.length,
    sample: ids.slice(0, SAMPLE),
    async *read() {
      yield* ids;
    },
  };
}

async function idsOfFile(file: string): Promise<Ids> {
  async function* read() {
    yield* idsIn(await readFrom(file), file);
  }
  const sample: string[] = [];
  let total = 0;
  for await (const id of read()) if (total++ < SAMPLE) sample.push(id);
  return { total, sample, read };
}

async function* idsIn(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string> {
  let number = 0;
  for await (const bytes of linesOf(chunks)) {
    number++;
    const line = bytes.toString('utf8').trim();
    if (line === '') continue;
    const id = line.startsWith('{') ? idOf(line) : line;
    if (typeof id !== 'string' || id === '' || /\s/.test(id))
      throw new CliError(`Line ${number} of ${name} has no id.`, 'A line is an id, or JSON with id, leadId or lead.id.', EXIT.usage);
    yield id;
  }
}

/** A lead, an outcome or a record, as the commands print them. */
function idOf(line: string): unknown {
  try {
    const { id, leadId, lead } = JSON.parse(line) as { id?: unknown; leadId?: unknown; lead?: { id?: unknown } };
    return leadId ?? lead?.id ?? id;
  } catch {
    return null;
  }
}
