import { LEADS } from '../columns.ts';
import type { Command } from '../command.ts';
import { usageError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { CREATE_OPTIONS, readNewLead } from '../fields.ts';

/** `leads create` */
export const create: Command = {
  name: 'create',
  summary: 'create a lead',
  synonyms: ['add', 'new'],
  columns: LEADS,
  options: CREATE_OPTIONS,
  changes: true,
  examples: [
    ['leads create --name "John Doe" --email john.doe@example.com', 'a new lead'],
    [`leads create --name "Jane Roe" --email jane@example.com --metadata '{"company":"Acme"}'`, 'with metadata'],
  ],
  async run({ client, options, output, io }) {
    const { name, email, ...others } = readNewLead(options);
    if (name === undefined || email === undefined) throw usageError('A lead needs --name and --email.', 'See: leads create --help');
    const lead = await client().leads.create({ name, email, ...others }, { signal: io.interruption.signal });
    await output.item(LEADS, lead);
    return EXIT.ok;
  },
};
