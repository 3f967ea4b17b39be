import * as z from 'zod';
import { ValidationIssueSchema } from '../errors/validation-issue.ts';
import { success } from '../http/success.ts';
import { allowDuplicateEmail, leadFilters } from './schemas.ts';
import { LeadRecordSchema } from './record.ts';

/** The largest import, in bytes: 16 MiB, which any one lead with all its activities is within. */
export const IMPORT_MAX_BYTES = 16_777_216;
/** The most leads of one import. */
export const IMPORT_MAX_LINES = 10_000;

/** The media type of newline-delimited JSON. */
export const NDJSON = 'application/x-ndjson';
/** The media type of comma-separated values. */
export const CSV = 'text/csv';

/** The query of `leads.export`. */
export const ExportLeadsQuerySchema = z.strictObject({
  format: z.enum(['ndjson', 'csv']).default('ndjson').meta({
    description:
      '`ndjson`: a lead with everything that hangs on it per line, for `leads.import`. `csv`: the fields of the leads, for spreadsheets.',
  }),
  ...leadFilters,
});

/** The query of `leads.import`. */
export const ImportLeadsQuerySchema = z.strictObject({ allowDuplicateEmail });

/** The answer of `leads.export`: text, line by line. */
export const ExportLeadsResponseSchema = z.string();

/** The answer of `leads.exportOne`. */
export const LeadRecordResponseSchema = success('LeadRecordResponse', LeadRecordSchema);

/** The body of `leads.import`: lines of `LeadRecord`. */
export const ImportLeadsSchema = z.string().regex(/\S/, 'Must contain at least one line').meta({
  description:
    'A `LeadRecord` as JSON per line, as `leads.export` writes them. `activities`, `campaigns` and `statusBeforeArchive` may be left out.',
});

/** What came of one line of an import. */
export const ImportOutcomeSchema = z
  .strictObject({
    line: z
      .int()
      .min(1)
      .meta({ description: 'The number of the line, from 1.', examples: [1] }),
    leadId: z
      .string()
      .nullable()
      .meta({ description: 'The id of the lead; null where the line has none.', examples: ['lead_1234567890abcdef'] }),
    outcome: z.enum(['imported', 'skipped', 'failed']).meta({
      description: 'Imported, skipped because the lead is there, or failed.',
    }),
    code: z.enum(['LEAD_EXISTS', 'EMAIL_EXISTS', 'LEAD_ERASED', 'SUPPRESSED', 'VALIDATION_ERROR', 'INVALID_JSON']).optional().meta({
      description:
        'Why it was not imported: a lead with this id is there, or one with this e-mail address; the lead was erased, and its id is never given again; the person was erased, and is kept away; or the line is wrong.',
    }),
    existingLeadId: z
      .string()
      .optional()
      .meta({ description: 'The lead that has this e-mail address; only with `EMAIL_EXISTS`.', examples: ['lead_1234567890abcdef'] }),
    erasureId: z
      .string()
      .optional()
      .meta({ description: 'The erasure that keeps the person away; only with `SUPPRESSED`.', examples: ['erasure_1234567890abcdef'] }),
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
