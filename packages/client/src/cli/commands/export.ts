import { LEAD_FILTERS } from '../../constants.generated.ts';
import type { Command } from '../command.ts';
import { usageError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { exportedLines, exportedText, exportToFile } from '../export.ts';
import { LEAD_FILTER_OPTIONS, readFilter } from '../filters.ts';
import { BACKUP_DIR_OPTION } from '../options.ts';
import { counted, plain } from '../text.ts';

/** `leads export` */
export const exportLeads: Command = {
  name: 'export',
  summary: 'write leads with everything that hangs on them',
  synonyms: ['dump', 'download'],
  details: 'Lines of NDJSON for leads import, or with --csv the fields of the leads for a spreadsheet.',
  options: { ...LEAD_FILTER_OPTIONS, ...BACKUP_DIR_OPTION },
  examples: [
    ['leads export > leads.ndjson', 'all of them'],
    ['leads export --status lost --csv > lost.csv', 'for a spreadsheet'],
    ['leads export --backup-dir backups/', 'into a new file, which is whole or not there'],
  ],
  async run(context) {
    const { options, output, io, say } = context;
    const client = context.client();
    const filter = readFilter(options, LEAD_FILTERS);
    const folder = options.text('backup-dir');
    if (folder !== undefined) {
      if (output.format === 'csv' || output.format === 'json')
        throw usageError('--backup-dir writes NDJSON.', `Leave --${output.format} out.`);
      const file = await exportToFile(context, client, filter, folder, null);
      say(`Saved ${counted(file.lines, 'lead')} in ${file.path}`);
      return EXIT.ok;
    }
    const isTerminal = io.stdout.isTTY === true;
    const lines =
      output.format === 'csv' ? exportedText(context, client, { ...filter, format: 'csv' }) : exportedLines(context, client, filter);
    let written = 0;
    for await (const line of lines) {
      const text = isTerminal ? plain(line.toString('utf8')) : line.toString('utf8');
      await output.write(output.format === 'json' ? `${written++ === 0 ? '[\n' : ',\n'}${text}` : `${text}\n`);
    }
    if (output.format === 'json') await output.write(written === 0 ? '[]\n' : '\n]\n');
    return EXIT.ok;
  },
};
