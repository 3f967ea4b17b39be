import { byIds } from './by-ids.ts';
import type { Context } from './command.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Ids } from './ids.ts';
import { outcomeOf } from './outcomes.ts';

/** Looks what would become of each of the leads that are named, and changes nothing. */
export function dryRun(context: Context, ids: Ids, { past }: { readonly past: string }): Promise<ExitCode> {
  context.say('Nothing is changed: this is a dry run.');
  const isBlocked = context.command.name.endsWith('delete') && !context.options.flag('force');
  return byIds(context, ids, {
    doing: 'Looking',
    past: `would be ${past}`,
    size: 1,
    work: async ([id], send) => [
      await outcomeOf(
        id!,
        false,
        send((call) => context.client().leads.deletionPreview(id!, call)).then(({ deletable }) =>
          deletable || !isBlocked
            ? { outcome: `would be ${past}` }
            : { outcome: 'failed', code: 'LEAD_IN_USE', error: 'The lead is in an active campaign' },
        ),
      ),
    ],
  });
}
