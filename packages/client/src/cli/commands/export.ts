import type { LeadRecord } from '../../api.generated.ts';
import { LEAD_FILTERS } from '../../constants.generated.ts';
import { endLine } from '../../export-end.ts';
import { LEADS } from '../columns.ts';
import type { Command, Context, OptionSpecs } from '../command.ts';
import { csvLine } from '../csv.ts';
import { usageError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { exportedLines, exportToFile } from '../export.ts';
import { LEAD_FILTER_OPTIONS, readFilter } from '../filters.ts';
import { BACKUP_DIR_OPTION } from '../options.ts';
import { counted, plain, plainLines } from '../text.ts';

const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t' } as const;

const CSV_OPTIONS: OptionSpecs = {
  delimiter: {
    type: 'string',
    placeholder: 'NAME',
    choices: Object.keys(DELIMITERS),
    help: 'with --csv: comma, semicolon or tab between cells',
  },
  bom: { type: 'boolean', help: 'with --csv: a byte order mark, by which a spreadsheet knows UTF-8' },
  'no-formula-guard': { type: 'boolean', help: "with --csv: no ' ahead of what looks like a formula; for programs only" },
};

/** `leads export` */
export const exportLeads: Command = {
  name: 'export',
  summary: 'write leads with everything that hangs on them',
  synonyms: ['dump', 'download'],
  details: 'Lines of NDJSON for leads import, or with --csv the fields of the leads for a spreadsheet.',
  options: { ...LEAD_FILTER_OPTIONS, ...BACKUP_DIR_OPTION, ...CSV_OPTIONS },
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
    const lines = exportedLines(context, client, filter);
    if (output.format === 'csv') return writeCsv(context, lines);
    const given = Object.keys(CSV_OPTIONS).find((name) => options.text(name) !== undefined);
    if (given !== undefined) throw usageError(`--${given} is for CSV.`, 'Give --csv, too.');
    const isTerminal = io.stdout.isTTY === true;
    let written = 0;
    for await (const line of lines) {
      const text = isTerminal ? plain(line.toString('utf8')) : line.toString('utf8');
      await output.write(output.format === 'json' ? `${written === 0 ? '[\n' : ',\n'}${text}` : `${text}\n`);
      written++;
    }
    if (output.format === 'json') await output.write(written === 0 ? '[]\n' : '\n]\n');
    else await output.write(Buffer.from(endLine(written)).toString());
    return EXIT.ok;
  },
};

/** Writes the fields of the leads. Made here of the records, because only those say whether all of them came. */
async function writeCsv({ options, output, io }: Context, lines: AsyncIterable<Buffer>): Promise<typeof EXIT.ok> {
  const delimiter = DELIMITERS[(options.text('delimiter') ?? 'comma') as keyof typeof DELIMITERS];
  const style = { delimiter, isGuarded: !options.flag('no-formula-guard') };
  await output.write((options.flag('bom') ? '\uFEFF' : '') + csvLine(LEADS.fields, style));
  for await (const line of lines) {
    const { lead } = JSON.parse(line.toString('utf8')) as LeadRecord;
    const row = csvLine(
      LEADS.fields.map((name) => lead[name as keyof typeof lead]),
      style,
    );
    await output.write(io.stdout.isTTY ? plainLines(row) : row);
  }
  return EXIT.ok;
}
