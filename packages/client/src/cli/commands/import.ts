import type { Command } from '../command.ts';
import { usageError } from '../errors.ts';
import { importFile } from '../import-file.ts';
import { DUPLICATE_OPTION } from '../options.ts';

/** `leads import` */
export const importLeads: Command = {
  name: 'import',
  summary: 'bring leads in, exported ones or those of a CSV file',
  synonyms: ['load', 'upload'],
  usage: 'FILE|-',
  maxArguments: 1,
  details: `What leads export wrote: each lead keeps its id and times, and one that is there already is left as it is. A CSV file names its columns
in its first line; a row without an id is a new lead. Rows that are refused are written into FILE.refused.csv, to be mended and imported again.`,
  options: {
    map: { type: 'string', multiple: true, placeholder: 'COLUMN=FIELD', help: 'of CSV: which field a column is; "COLUMN=" leaves it out' },
    'no-formula-guard': { type: 'boolean', help: "of CSV: leave a ' ahead of what looks like a formula where it is" },
    ...DUPLICATE_OPTION,
    'dry-run': { type: 'boolean', help: 'show what would come of each line, and change nothing' },
  },
  changes: true,
  examples: [
    ['leads import leads.ndjson', 'what leads export wrote'],
    ['leads import people.csv --map "Mail=email" --dry-run', 'what would come of a spreadsheet'],
    ['leads export --profile old | leads import - --profile new', 'from one server to another'],
  ],
  async run(context) {
    const [file] = context.args;
    if (file === undefined) throw usageError('Which file?', 'Give its name, or - for standard input. See: leads import --help');
    return importFile(context, file);
  },
};
