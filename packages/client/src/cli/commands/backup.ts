import { OUTCOMES } from '../columns.ts';
import type { Command } from '../command.ts';
import { oneByOne } from '../one-by-one.ts';
import { ID_OPTIONS, MANY_OPTIONS } from '../options.ts';

/** `leads backup` */
export const backup: Command = {
  name: 'backup',
  summary: 'back leads up on the server',
  columns: OUTCOMES,
  usage: 'LEAD_ID...|-',
  maxArguments: Infinity,
  details: 'The server keeps a backup for some days, 30 unless it is set otherwise. For a file of your own: leads export',
  options: { ...ID_OPTIONS, ...MANY_OPTIONS },
  changes: true,
  examples: [
    ['leads backup lead_1234567890abcdef', 'one lead'],
    ['leads list --status qualified --all | leads backup -', 'those of a list'],
  ],
  run: (context) =>
    oneByOne(context, { doing: 'Backing up', past: 'backed up' }, async (id, send) => {
      const made = await send((call) => context.client().backups.create(id, call));
      context.say(`${id}: ${made.id}, until ${made.expiresAt.slice(0, 10)}`);
      return { backupId: made.id };
    }),
};
