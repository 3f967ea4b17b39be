import { OUTCOMES } from '../columns.ts';
import type { Command } from '../command.ts';
import { confirmIds } from '../confirm-ids.ts';
import { dryRun } from '../dry-run.ts';
import { EXIT } from '../exit-codes.ts';
import { readIds } from '../ids.ts';
import { oneByOne } from '../one-by-one.ts';
import { CONFIRM_OPTIONS, ID_OPTIONS, MANY_OPTIONS, REASON_OPTION } from '../options.ts';
import { requireAnswer } from '../prompt.ts';

/** What anonymizing means, in a question. */
export const ANONYMIZE_PROMISE = 'Name, address, number, texts, metadata and backups go for good; the numbers stay.';

/** `leads anonymize` */
export const anonymize: Command = {
  name: 'anonymize',
  summary: 'remove the person from leads, and keep the numbers',
  columns: OUTCOMES,
  usage: 'ID...|-',
  maxArguments: Infinity,
  details: 'This cannot be undone. The backups of the leads go too.',
  options: { ...CONFIRM_OPTIONS, ...REASON_OPTION, ...ID_OPTIONS, ...MANY_OPTIONS },
  changes: true,
  examples: [
    ['leads anonymize lead_1234567890abcdef --reason "Asked to be forgotten"', 'looks, asks, anonymizes'],
    ['leads anonymize --ids-file ids.txt --dry-run', 'only looks'],
  ],
  async run(context) {
    const { options, say, client } = context;
    const ids = await readIds(context);
    requireAnswer(context, 'removes personal data for good');
    const words = { doing: 'Anonymizing', past: 'anonymized' };
    if (options.flag('dry-run')) return dryRun(context, ids, words);
    if (!(await confirmIds(context, ids, { verb: 'anonymize', promise: ANONYMIZE_PROMISE }))) {
      say('Nothing was changed.');
      return EXIT.failure;
    }
    return oneByOne(
      context,
      words,
      async (id, send) => {
        await send((call) => client().leads.anonymize(id, options.reason, call));
      },
      ids,
    );
  },
};
