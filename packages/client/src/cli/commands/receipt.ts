import { RECEIPTS } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { requireArgument } from '../required.ts';

/** `leads receipt` */
export const receipt: Command = {
  name: 'receipt',
  summary: 'show what proves that a lead was deleted',
  usage: 'ID',
  maxArguments: 1,
  columns: RECEIPTS,
  synonyms: ['deletion', 'proof'],
  examples: [['leads receipt lead_1234567890abcdef', 'when, by which key, and what went with it']],
  async run(context) {
    const { client, output, io } = context;
    const id = requireArgument(context, 0, 'Of which lead?');
    await output.item(RECEIPTS, await client().deletions.get(id, { signal: io.interruption.signal }));
    return EXIT.ok;
  },
};
