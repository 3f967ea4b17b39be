import type { Command } from '../command.ts';
import { usageError } from '../errors.ts';
import { importFile } from '../import-file.ts';

/** `leads import` */
export const importLeads: Command = {
  name: 'import',
  summary: 'bring exported leads in',
  synonyms: ['load', 'upload'],
  usage: 'FILE|-',
  maxArguments: 1,
  details: 'Each lead keeps its id and times. One that is there already is left as it is.',
  changes: true,
  examples: [
    ['leads import leads.ndjson', 'what leads export wrote'],
    ['leads export --profile old | leads import - --profile new', 'from one server to another'],
  ],
  async run(context) {
    const [file] = context.args;
    if (file === undefined) throw usageError('Which file?', 'Give its name, or - for standard input. See: leads import --help');
    return importFile(context, file);
  },
};
