import { INPUTS } from '../../constants.generated.ts';
import { columnsOf } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { optionsFor, readInputs, type Words } from '../inputs.ts';

const WORDS = {
  from: ['DAY', 'the first day, in UTC: 29 days before the last'],
  to: ['DAY', 'the last day, in UTC: today'],
} satisfies Record<keyof (typeof INPUTS)['leads.stats'], Words>;

/** `leads stats` */
export const stats: Command = {
  name: 'stats',
  summary: 'count leads by status, source and day',
  options: optionsFor(INPUTS['leads.stats'], WORDS),
  synonyms: ['count', 'statistics'],
  examples: [
    ['leads stats', 'the last 30 days'],
    ['leads stats --from 2024-01-01 --to 2024-01-31 --json', 'a month, as JSON'],
  ],
  async run({ client, options, output, io }) {
    const found = await client().leads.stats(readInputs(options, INPUTS['leads.stats']), { signal: io.interruption.signal });
    await output.item(columnsOf(found), found, [
      ['total', found.total],
      ...Object.entries(found.byStatus),
      ...found.bySource.map(({ source, count }): [string, number] => [source === null ? 'without a source' : `from ${source}`, count]),
      ...(found.otherSources > 0 ? [['from elsewhere', found.otherSources] as const] : []),
      ...found.byDay.map(({ day, count }): [string, number] => [day, count]),
    ]);
    return EXIT.ok;
  },
};
