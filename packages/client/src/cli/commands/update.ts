import { LEADS } from '../columns.ts';
import type { Command } from '../command.ts';
import { usageError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { readChanges, UPDATE_OPTIONS } from '../fields.ts';

/** `leads update` */
export const update: Command = {
  name: 'update',
  summary: 'change fields of a lead',
  synonyms: ['edit', 'set', 'change', 'modify'],
  usage: 'LEAD_ID',
  maxArguments: 1,
  columns: LEADS,
  options: UPDATE_OPTIONS,
  changes: true,
  examples: [
    ['leads update lead_1234567890abcdef --status qualified', 'another status'],
    [`leads update lead_1234567890abcdef --phone "" --metadata '{"reviewed":true}'`, 'no phone number, and one more key'],
  ],
  async run({ client, options, args, output, io }) {
    const fields = readChanges(options);
    if (args[0] === undefined) throw usageError('Which lead?', 'Give its id. See: leads update --help');
    if (Object.keys(fields).length === 0) throw usageError('What is to change?', 'Give at least one field. See: leads update --help');
    const lead = await client().leads.update(args[0], fields, { signal: io.interruption.signal });
    await output.item(LEADS, lead);
    return EXIT.ok;
  },
};
