import { ENROLLMENT_MAX_LEADS } from '../campaigns/schemas.ts';
import { errorResponses } from '../errors/envelope.ts';
import { WriteHeadersSchema } from '../http/headers.ts';
import { JOBS_MAX_OPEN } from '../jobs/schemas.ts';
import { BODY_ERRORS, c, COMMON_ERRORS, type OperationMetadata, WRITE_ERRORS } from '../http/operation.ts';
import {
  BULK_BODY_MAX_BYTES,
  BULK_MAX_LEADS,
  BulkAnonymizeSchema,
  BulkArchiveSchema,
  BulkDeleteSchema,
  BulkJobResponseSchema,
  BulkResponseSchema,
} from './bulk-schemas.ts';
import { bulkAnonymizeBodies, bulkAnonymized, bulkArchiveBodies, bulkArchived, bulkDeleteBodies, bulkDeleted } from './examples.ts';

const BULK_ERRORS = ['PLAN_TOKEN_INVALID', 'PLAN_DRIFTED', 'BULK_REFUSED', 'JOB_LIMIT_REACHED'] as const;

const HOW =
  `\n\n**By ids**: up to ${ENROLLMENT_MAX_LEADS.toLocaleString('en')}, done at once, with an outcome for each in the order of the request. ` +
  'With `atomic: true` all or none.\n\n' +
  `**By filter**: up to ${BULK_MAX_LEADS.toLocaleString('en')} leads, in two steps. \`dryRun: true\` changes nothing: it counts, shows a sample and what stands in the way, and gives a token. ` +
  'The same filter with that token as `planToken` does it, as a job (202), to exactly the leads of the dry run: if one came, went or changed in between, nothing is done (409). ' +
  'A lead that changes while the job runs is left as it is. ' +
  `A workspace may have ${JOBS_MAX_OPEN} jobs that have not ended.`;

/** The operations on many leads at once. */
export const bulk = c.router({
  bulkDelete: {
    method: 'POST',
    path: '/api/v1/leads/bulk-delete',
    summary: 'Delete many leads',
    description:
      'Permanently removes many leads, with everything that hangs on them. Each is deleted as `leads.delete` does it, or not at all.' + HOW,
    headers: WriteHeadersSchema,
    body: BulkDeleteSchema,
    responses: {
      200: BulkResponseSchema,
      202: BulkJobResponseSchema,
      ...errorResponses(...COMMON_ERRORS, ...BODY_ERRORS, ...WRITE_ERRORS, ...BULK_ERRORS),
    },
    metadata: {
      scope: 'leads:delete',
      requestExamples: bulkDeleteBodies,
      successExamples: bulkDeleted,
      bodyMaxBytes: BULK_BODY_MAX_BYTES,
    } satisfies OperationMetadata,
  },
  bulkArchive: {
    method: 'POST',
    path: '/api/v1/leads/bulk-archive',
    summary: 'Archive many leads',
    description: 'Archives many leads, each as `leads.archive` does it.' + HOW,
    headers: WriteHeadersSchema,
    body: BulkArchiveSchema,
    responses: {
      200: BulkResponseSchema,
      202: BulkJobResponseSchema,
      ...errorResponses(...COMMON_ERRORS, ...BODY_ERRORS, ...WRITE_ERRORS, ...BULK_ERRORS),
    },
    metadata: {
      scope: 'leads:write',
      requestExamples: bulkArchiveBodies,
      successExamples: bulkArchived,
      bodyMaxBytes: BULK_BODY_MAX_BYTES,
    } satisfies OperationMetadata,
  },
  bulkAnonymize: {
    method: 'POST',
    path: '/api/v1/leads/bulk-anonymize',
    summary: 'Anonymize many leads',
    description: 'Anonymizes many leads, each as `leads.anonymize` does it. This action cannot be undone.' + HOW,
    headers: WriteHeadersSchema,
    body: BulkAnonymizeSchema,
    responses: {
      200: BulkResponseSchema,
      202: BulkJobResponseSchema,
      ...errorResponses(...COMMON_ERRORS, ...BODY_ERRORS, ...WRITE_ERRORS, ...BULK_ERRORS),
    },
    metadata: {
      scope: 'leads:delete',
      requestExamples: bulkAnonymizeBodies,
      successExamples: bulkAnonymized,
      bodyMaxBytes: BULK_BODY_MAX_BYTES,
    } satisfies OperationMetadata,
  },
});
