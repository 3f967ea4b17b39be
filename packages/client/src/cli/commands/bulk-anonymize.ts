import { bulk } from '../bulk.ts';
import { OUTCOMES } from '../columns.ts';
import type { Command } from '../command.ts';
import { BULK_FILTER_OPTIONS } from '../filters.ts';
import { CONFIRM_OPTIONS, ID_OPTIONS, MANY_OPTIONS, REASON_OPTION } from '../options.ts';
import { ANONYMIZE_PROMISE, anonymizeRequest, KEEP_OPTIONS } from './anonymize.ts';

/** `leads bulk-anonymize` */
export const bulkAnonymize: Command = {
  name: 'bulk-anonymize',
  summary: 'anonymize many leads, by a filter or by ids',
  columns: OUTCOMES,
  usage: '[LEAD_ID...|-]',
  maxArguments: Infinity,
  details: 'This cannot be undone. The backups of the leads go too.',
  options: { ...BULK_FILTER_OPTIONS, ...CONFIRM_OPTIONS, ...KEEP_OPTIONS, ...REASON_OPTION, ...ID_OPTIONS, ...MANY_OPTIONS },
  changes: true,
  examples: [['leads bulk-anonymize --status lost --created-before 2020-01-01', 'looks, asks, anonymizes']],
  run: (context) =>
    bulk(context, {
      verb: 'anonymize',
      doing: 'Anonymizing',
      past: 'anonymized',
      promise: ANONYMIZE_PROMISE,
      request: (selection, call) =>
        context.client().leads.bulkAnonymize({ ...selection, ...(!('dryRun' in selection) && anonymizeRequest(context.options)) }, call),
    }),
};
