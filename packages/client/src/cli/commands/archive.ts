import { OUTCOMES } from '../columns.ts';
import type { Command } from '../command.ts';
import { oneByOne } from '../one-by-one.ts';
import { ID_OPTIONS, MANY_OPTIONS, REASON_OPTION } from '../options.ts';

/** `leads archive` */
export const archive: Command = {
  name: 'archive',
  summary: 'archive leads',
  columns: OUTCOMES,
  usage: 'LEAD_ID...|-',
  maxArguments: Infinity,
  details: 'The status becomes “lost”; leads unarchive brings back the one that it was.',
  options: { ...REASON_OPTION, ...ID_OPTIONS, ...MANY_OPTIONS },
  changes: true,
  examples: [
    ['leads archive lead_1234567890abcdef --reason "No longer interested"', 'one lead'],
    ['leads list --source fair-2019 --all | leads archive -', 'those of a list'],
  ],
  run: (context) =>
    oneByOne(context, { doing: 'Archiving', past: 'archived' }, async (id, send) => {
      await send((call) => context.client().leads.archive(id, context.options.reason, call));
    }),
};
