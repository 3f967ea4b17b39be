import * as z from 'zod';
import { ValidationIssueSchema } from '../errors/validation-issue.ts';
import { optionalSwitchParameter, switchParameter } from '../http/boolean.ts';
import { success } from '../http/success.ts';
import { LEAD_CSV_COLUMNS } from './csv-columns.ts';
import { allowDuplicateEmail, type Lead, leadFilters } from './schemas.ts';
import { LeadRecordSchema } from './record.ts';
import { keptAwayBy } from './kept-away.ts';

/** The largest import, in bytes: 16 MiB, which any one lead with all its activities is within. */
export const IMPORT_MAX_BYTES = 16_777_216;
/** The most leads of one import. */
export const IMPORT_MAX_LINES = 10_000;

/** The media type of newline-delimited JSON. */
export const NDJSON = 'application/x-ndjson';
/** The media type of comma-separated values. */
export const CSV = 'text/csv';

/** What `format` of `leads.export` can be, and its media type. */
export const EXPORT_FORMATS = { parameter: 'format', mediaTypes: { ndjson: NDJSON, csv: CSV } } as const;
/** How far ahead of the server's clock a moment of an imported line may be, in seconds: clocks differ a little. */
export const IMPORT_CLOCK_SKEW_SECONDS = 300;
/** The HTTP trailer of an export that says how many leads it has. */
export const EXPORT_TRAILER = 'X-Export-Leads';

/** What can stand between two cells, by its name. */
export const CSV_DELIMITERS = { comma: ',', semicolon: ';', tab: '\t' } as const;
type CsvDelimiter = keyof typeof CSV_DELIMITERS;

/** What `leads.export` can be asked of a CSV file. */
const csvOptions = {
  delimiter: z
    .enum(Object.keys(CSV_DELIMITERS) as [CsvDelimiter, ...CsvDelimiter[]])
    .optional()
    .meta({
      description:
        'What stands between two cells: a comma when left out. Spreadsheets expect a semicolon where numbers have a decimal comma.',
    }),
  bom: optionalSwitchParameter('Begin with a byte order mark, by which a spreadsheet knows that the file is UTF-8.').optional(),
  formulaGuard: optionalSwitchParameter(
    "Whether text that a spreadsheet would take for a formula gets a leading `'`: `true` when left out. `false` is for programs.",
  ).optional(),
};

/** The names of those options. */
export type CsvOption = keyof typeof csvOptions;

/** The query of `leads.export`. */
export const ExportLeadsQuerySchema = z
  .strictObject({
    format: z.enum(['ndjson', 'csv']).default('ndjson').meta({
      description:
        '`ndjson`: a lead with everything that hangs on it per line, for `leads.import`. `csv`: the fields of the leads, for spreadsheets.',
    }),
    ...csvOptions,
    ...leadFilters,
  })
  .superRefine((query, ctx) => {
    if (query.format === 'csv') return;
    for (const option of Object.keys(csvOptions) as CsvOption[])
      if (query[option] !== undefined) ctx.addIssue({ code: 'custom', path: [option], message: 'Must be sent with format=csv only' });
  });

/** The last line of an export as NDJSON: how many leads stand before it. One that lacks it is not complete. */
export const ExportEndSchema = z.strictObject({ export: z.strictObject({ leads: z.int().min(0) }) });

/** The last line of an export as NDJSON. */
export type ExportEnd = z.infer<typeof ExportEndSchema>;

/** The answer of `leads.export`: text, line by line. */
export const ExportLeadsResponseSchema = z.string();

/** The answer of `leads.exportOne`. */
export const LeadRecordResponseSchema = success('LeadRecordResponse', LeadRecordSchema);

/** Which field a column of an imported CSV file is, by the name of the column; null leaves it out. */
export const CsvColumnsSchema = z.record(z.string(), z.enum(LEAD_CSV_COLUMNS as [keyof Lead, ...(keyof Lead)[]]).nullable());

/** The query of `leads.import`. */
export const ImportLeadsQuerySchema = z.strictObject({
  dryRun: switchParameter('Only say what would come of each line; nothing is changed.'),
  allowDuplicateEmail,
  columns: z
    .string()
    .refine(
      (text) => CsvColumnsSchema.safeParse(parsedJson(text)).success,
      'Must be a JSON object of names of columns, each with a field of a lead or null',
    )
    .optional()
    .meta({
      description:
        'For CSV: which field a column is, where its name does not say so, as a JSON object such as `{"Mail":"email","Notes":null}`; null leaves a column out.',
      examples: ['{"Mail":"email","Notes":null}'],
    }),
  formulaGuard: switchParameter(
    "For CSV: whether a `'` ahead of what looks like a formula is taken off again, as `leads.export` puts it there.",
  ).default(true),
});

/** The body of `leads.import`: lines of `LeadRecord`, or a CSV file. */
export const ImportLeadsSchema = z
  .string()
  .regex(/\S/, 'Must contain at least one line')
  .meta({
    description:
      'A `LeadRecord` as JSON per line, as `leads.export` writes them. `activities`, `campaigns` and `statusBeforeArchive` may be left out. ' +
      'Where the last line is `{"export":{"leads":2}}` and another number of leads stands before it, nothing is imported. ' +
      'Or a CSV file with the names of its columns in the first line.',
  });

/** What came of one line of an import. */
export const ImportOutcomeSchema = z
  .strictObject({
    line: z
      .int()
      .min(1)
      .meta({ description: 'The number of the line, from 1; of a row of CSV, that of its first line.', examples: [1] }),
    leadId: z
      .string()
      .nullable()
      .meta({ description: 'The id of the lead; null where the line has none.', examples: ['lead_1234567890abcdef'] }),
    outcome: z.enum(['imported', 'skipped', 'failed']).meta({
      description: 'Imported, skipped because the lead is there, or failed.',
    }),
    code: z
      .enum(['LEAD_EXISTS', 'EMAIL_EXISTS', 'LEAD_ERASED', 'SUPPRESSED', 'VALIDATION_ERROR', 'INVALID_JSON', 'LEAD_TOO_LARGE'])
      .optional()
      .meta({
        description:
          'Why it was not imported: a lead with this id is there, or one with this e-mail address; the lead was erased, and its id is never given again; the person was erased, and is kept away; its activities are larger than they may be; or the line is wrong.',
      }),
    ...keptAwayBy,
    issues: z.array(ValidationIssueSchema).optional().meta({ description: 'What is wrong with the line; only with `VALIDATION_ERROR`.' }),
    missingCampaigns: z
      .array(z.string())
      .optional()
      .meta({
        description: 'Campaigns of the lead that the workspace does not have: the lead is imported without them.',
        examples: [['camp_1234567890abcdef']],
      }),
  })
  .meta({ id: 'ImportOutcome', title: 'ImportOutcome', description: 'What came of one line of an import.' });

const count = (description: string) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [1] });

/** The answer of `leads.import`. */
export const ImportLeadsResponseSchema = success(
  'ImportLeadsResponse',
  z.strictObject({
    imported: count('How many leads were imported.'),
    skipped: count('How many are there already, and were left as they are.'),
    failed: count('How many were refused: lines that are wrong, leads that were erased, and those whose e-mail address is taken.'),
    outcomes: z.array(ImportOutcomeSchema).meta({ description: 'What came of each line, in order; empty lines are left out.' }),
  }),
);

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
