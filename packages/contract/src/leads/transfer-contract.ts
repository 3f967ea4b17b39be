import { errorResponses } from '../errors/envelope.ts';
import { WriteHeadersSchema } from '../http/headers.ts';
import { BODY_ERRORS, c, COMMON_ERRORS, type OperationMetadata, WRITE_ERRORS } from '../http/operation.ts';
import { exportedLeads, exportedRecord, importedLeads, importLeadsBodies } from './examples.ts';
import { LeadPathSchema } from './schemas.ts';
import {
  CSV,
  EXPORT_FORMATS,
  EXPORT_TRAILER,
  ExportLeadsQuerySchema,
  ExportLeadsResponseSchema,
  IMPORT_MAX_BYTES,
  IMPORT_MAX_LINES,
  IMPORT_CLOCK_SKEW_SECONDS,
  ImportLeadsQuerySchema,
  ImportLeadsResponseSchema,
  ImportLeadsSchema,
  LeadRecordResponseSchema,
  NDJSON,
} from './transfer-schemas.ts';

/** The operations that take leads out and bring them in. */
export const transfer = c.router({
  export: {
    method: 'GET',
    path: '/api/v1/leads/export',
    summary: 'Export leads',
    description:
      'Streams the leads that match the filters, in the order of their ids, however many there are: as NDJSON with everything that hangs on them, which `leads.import` reads, ' +
      "or as CSV with their own fields, for spreadsheets (text that a spreadsheet would take for a formula gets a leading `'`). " +
      'A lead that is there from the beginning to the end of the export is in it exactly once. NDJSON ends with the line `{"export":{"leads":2}}`, ' +
      `which says how many leads stand before it, and both formats with the HTTP trailer \`${EXPORT_TRAILER}\`: what comes without is not complete. ` +
      'No `fetch` shows trailers: through it, and so through the TypeScript client, only NDJSON tells whether it is complete.',
    query: ExportLeadsQuerySchema,
    responses: { 200: ExportLeadsResponseSchema, ...errorResponses(...COMMON_ERRORS) },
    metadata: { scope: 'leads:read', successExamples: exportedLeads, mediaTypeBy: EXPORT_FORMATS } satisfies OperationMetadata,
  },
  exportOne: {
    method: 'GET',
    path: '/api/v1/leads/:leadId/export',
    summary: 'Export a lead',
    description: 'Reads one lead with everything that hangs on it: a line of `leads.export`, in the envelope.',
    pathParams: LeadPathSchema,
    responses: { 200: LeadRecordResponseSchema, ...errorResponses(...COMMON_ERRORS, 'LEAD_NOT_FOUND') },
    metadata: { scope: 'leads:read', successExamples: exportedRecord } satisfies OperationMetadata,
  },
  import: {
    method: 'POST',
    path: '/api/v1/leads/import',
    summary: 'Import leads',
    description:
      `Brings in up to ${IMPORT_MAX_LINES.toLocaleString('en')} leads, or ${IMPORT_MAX_BYTES / 1_048_576} MiB, as \`leads.export\` writes them, with the ids and times that they have, and says what came of each line. ` +
      'A lead that exists is left as it is, one that was erased stays away, and whoever was, and so does one whose e-mail address another lead of the workspace has, unless `allowDuplicateEmail=true`; ' +
      'leads of the same import may have one in common. A line that is wrong does not hold up the others. The leads come into your workspace, wherever they were exported. ' +
      `Moments may have any time zone, and must not be more than ${IMPORT_CLOCK_SKEW_SECONDS / 60} minutes in the future.\n\n` +
      'A CSV file (`text/csv`) names its columns in its first line: the fields of a lead, in upper or lower case, with or without spaces and hyphens. ' +
      'It is UTF-8, or UTF-16 with a byte order mark, with a comma, a semicolon or a tab between the cells. A row without `id` is a new lead; an empty cell is none; ' +
      'a column `error` is left out, so that a file of refused rows can be mended and sent again.',
    query: ImportLeadsQuerySchema,
    headers: WriteHeadersSchema,
    body: ImportLeadsSchema,
    responses: { 200: ImportLeadsResponseSchema, ...errorResponses(...COMMON_ERRORS, ...BODY_ERRORS, ...WRITE_ERRORS) },
    metadata: {
      scope: 'leads:write',
      requestExamples: importLeadsBodies,
      successExamples: importedLeads,
      bodyMaxBytes: IMPORT_MAX_BYTES,
      bodyMediaType: NDJSON,
      otherBodyMediaTypes: [CSV],
      bodyMaxLines: IMPORT_MAX_LINES + 1,
    } satisfies OperationMetadata,
  },
});
