import type { PacedSend } from '../leads/many.ts';
import { byIds } from './by-ids.ts';
import type { Context } from './command.ts';
import type { ExitCode } from './exit-codes.ts';
import { type Ids, readIds } from './ids.ts';
import { type Outcome, outcomeOf } from './outcomes.ts';

/** Does something with each of the leads that are named, a request each. */
export async function oneByOne(
  context: Context,
  { doing, past }: { readonly doing: string; readonly past: string },
  work: (id: string, send: PacedSend) => Promise<Partial<Outcome> | void>,
  ids?: Ids,
): Promise<ExitCode> {
  const named = ids ?? (await readIds(context));
  const one = async (id: string, send: PacedSend) => ({ outcome: past, ...(await work(id, send)) });
  return byIds(context, named, {
    doing,
    past,
    size: 1,
    work: async ([id], send) => [await outcomeOf(id!, named.total === 1, one(id!, send))],
  });
}
