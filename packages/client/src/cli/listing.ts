import type { Columns } from './columns.ts';
import type { Context } from './command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { limitOf, pageOf, upTo } from './limit.ts';
import type { CallOptions } from '../types.ts';

/** Writes as much of a list as was asked for, and says so where there is nothing. */
export async function listing<Item extends object>(
  { options, output, say, io }: Context,
  columns: Columns<Item>,
  list: (page: { limit: number }, call: CallOptions) => AsyncIterable<Item>,
  nothing: string,
): Promise<ExitCode> {
  const limit = limitOf(options);
  const shown = await output.items(columns, upTo(list(pageOf(limit), { signal: io.interruption.signal }), limit));
  if (shown === 0) say(nothing);
  return EXIT.ok;
}
