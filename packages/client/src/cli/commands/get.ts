import { LEADS } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { readIds } from '../ids.ts';
import { ID_OPTIONS } from '../options.ts';

/** `leads get` */
export const get: Command = {
  name: 'get',
  summary: 'show leads',
  synonyms: ['show', 'view', 'cat', 'read'],
  columns: LEADS,
  usage: 'LEAD_ID...|-',
  maxArguments: Infinity,
  options: ID_OPTIONS,
  examples: [
    ['leads get lead_1234567890abcdef', 'one lead, field by field'],
    ['leads get --ids-file ids.txt > leads.ndjson', 'those of a file, one a line'],
  ],
  async run(context) {
    const { client, output, io } = context;
    const call = { signal: io.interruption.signal };
    const ids = await readIds(context);
    if (ids.total === 1) {
      const lead = await client().leads.get(ids.sample[0]!, call);
      await output.item(LEADS, lead);
      return EXIT.ok;
    }
    async function* leads() {
      for await (const id of ids.read()) yield await client().leads.get(id, call);
    }
    await output.items(LEADS, leads());
    return EXIT.ok;
  },
};
