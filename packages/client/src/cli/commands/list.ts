import type { Lead, LeadsListQuery } from '../../api.generated.ts';
import { INPUTS, LEAD_FILTERS, TOTAL_COUNT_MAX } from '../../constants.generated.ts';
import { LEADS } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { LEAD_FILTER_OPTIONS, readFilter } from '../filters.ts';
import { optionsFor, readInputs, type Words } from '../inputs.ts';
import { LIMIT_OPTIONS, limitOf, pageOf, upTo } from '../limit.ts';
import { count } from '../text.ts';

const { sortBy, sortOrder } = INPUTS['leads.list'];
const SORTING = { sortBy, sortOrder };

const WORDS = {
  sortBy: ['FIELD', 'what to sort by'],
  sortOrder: ['ORDER', 'from the least on, or from the greatest'],
} satisfies Record<keyof typeof SORTING, Words>;

/** `leads list` */
export const list: Command = {
  name: 'list',
  summary: 'list leads, newest first',
  synonyms: ['ls', 'search', 'find'],
  columns: LEADS,
  options: { ...LEAD_FILTER_OPTIONS, ...optionsFor(SORTING, WORDS), ...LIMIT_OPTIONS },
  examples: [
    ['leads list', 'the newest 20'],
    ['leads list --status lost --created-before 2024-01-01 --all', 'everything that matches'],
    ['leads list --search john --json', 'as one JSON document'],
    ['leads list --search test --all | leads bulk-delete - --yes', 'deletes what was found'],
  ],
  async run({ client, options, output, say, io }) {
    const limit = limitOf(options);
    const query: LeadsListQuery = { ...readFilter(options, LEAD_FILTERS), ...readInputs(options, SORTING) };
    const call = { signal: io.interruption.signal };
    let total = 0;
    async function* leads(): AsyncGenerator<Lead> {
      for await (const page of client()
        .leads.list({ ...query, ...pageOf(limit) }, call)
        .pages()) {
        total = Math.max(total, page.pagination.total);
        yield* page.leads;
      }
    }
    const shown = await output.items(LEADS, upTo(leads(), limit));
    if (shown === 0) say('There are no such leads.');
    else if (shown < total)
      say(`${count(shown)} of ${total === TOTAL_COUNT_MAX + 1 ? `${count(TOTAL_COUNT_MAX)} or more` : count(total)}; --all shows all.`);
    return EXIT.ok;
  },
};
