import { bulk } from '../bulk.ts';
import { OUTCOMES } from '../columns.ts';
import type { Command } from '../command.ts';
import { BULK_FILTER_OPTIONS } from '../filters.ts';
import { CONFIRM_OPTIONS, ID_OPTIONS, MANY_OPTIONS, REASON_OPTION } from '../options.ts';

/** `leads bulk-archive` */
export const bulkArchive: Command = {
  name: 'bulk-archive',
  summary: 'archive many leads, by a filter or by ids',
  columns: OUTCOMES,
  usage: '[LEAD_ID...|-]',
  maxArguments: Infinity,
  options: { ...BULK_FILTER_OPTIONS, ...CONFIRM_OPTIONS, ...REASON_OPTION, ...ID_OPTIONS, ...MANY_OPTIONS },
  changes: true,
  examples: [
    ['leads bulk-archive --source fair-2019 --reason "Old fair"', 'looks, asks, archives'],
    ['leads bulk-archive --status new --created-before 2023-01-01 --dry-run', 'only looks'],
  ],
  run: (context) =>
    bulk(context, {
      verb: 'archive',
      doing: 'Archiving',
      past: 'archived',
      promise: 'Their status becomes “lost”; leads unarchive brings back the one that it was.',
      request: (selection, call) =>
        context.client().leads.bulkArchive({ ...selection, ...(!('dryRun' in selection) && context.options.reason) }, call),
    }),
};
