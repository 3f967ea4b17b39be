import type { AnonymizeLeadRequest } from '../../api.generated.ts';
import { INPUTS } from '../../constants.generated.ts';
import { OUTCOMES } from '../columns.ts';
import type { Command } from '../command.ts';
import { confirmIds } from '../confirm-ids.ts';
import { dryRun } from '../dry-run.ts';
import { EXIT } from '../exit-codes.ts';
import { readIds } from '../ids.ts';
import { optionsFor, readInputs } from '../inputs.ts';
import { oneByOne } from '../one-by-one.ts';
import { CONFIRM_OPTIONS, ID_OPTIONS, MANY_OPTIONS, type Options, REASON_OPTION } from '../options.ts';
import { requireAnswer } from '../prompt.ts';

/** What anonymizing means, in a question. */
export const ANONYMIZE_PROMISE = 'Name, address, number, texts, metadata and backups go for good; the numbers stay.';

const { keepMetadata } = INPUTS['leads.anonymize'];
const KEPT = { keepMetadata };

/** What stays of an anonymized lead. */
export const KEEP_OPTIONS = optionsFor(KEPT, {
  keepMetadata: ['KEY', 'a metadata key that stays, without personal data; as often as you like'],
});

/** What was given of these, and why, as the API takes it. */
export function anonymizeRequest(options: Options): AnonymizeLeadRequest {
  return { ...readInputs(options, KEPT), ...options.reason };
}

/** `leads anonymize` */
export const anonymize: Command = {
  name: 'anonymize',
  summary: 'remove the person from leads, and keep the numbers',
  columns: OUTCOMES,
  usage: 'LEAD_ID...|-',
  maxArguments: Infinity,
  details: 'This cannot be undone. The backups of the leads go too.',
  options: { ...CONFIRM_OPTIONS, ...KEEP_OPTIONS, ...REASON_OPTION, ...ID_OPTIONS, ...MANY_OPTIONS },
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
        await send((call) => client().leads.anonymize(id, anonymizeRequest(options), call));
      },
      ids,
    );
  },
};
