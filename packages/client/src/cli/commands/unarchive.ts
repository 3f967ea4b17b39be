import { OUTCOMES } from '../columns.ts';
import type { Command } from '../command.ts';
import { oneByOne } from '../one-by-one.ts';
import { ID_OPTIONS, MANY_OPTIONS } from '../options.ts';

/** `leads unarchive` */
export const unarchive: Command = {
  name: 'unarchive',
  summary: 'bring archived leads back',
  columns: OUTCOMES,
  usage: 'LEAD_ID...|-',
  maxArguments: Infinity,
  options: { ...ID_OPTIONS, ...MANY_OPTIONS },
  changes: true,
  examples: [
    ['leads unarchive lead_1234567890abcdef', 'one lead'],
    ['leads list --archived true --all | leads unarchive -', 'all of them'],
  ],
  run: (context) =>
    oneByOne(context, { doing: 'Unarchiving', past: 'unarchived' }, async (id, send) => {
      await send((call) => context.client().leads.unarchive(id, call));
    }),
};
