import { errorResponses } from '../errors/envelope.ts';
import { c, COMMON_ERRORS, type OperationMetadata } from '../http/operation.ts';
import { foundDeletion } from './examples.ts';
import { DeletionPathSchema, DeletionReceiptResponseSchema } from './schemas.ts';

/** The operations on deletions that have been. */
export const deletions = c.router({
  get: {
    method: 'GET',
    path: '/api/v1/deletions/:leadId',
    summary: 'Get a deletion receipt',
    description:
      'Reads what proves that a lead was deleted: when, by which key, why, and what went with it. Without personal data, and for good.',
    pathParams: DeletionPathSchema,
    responses: { 200: DeletionReceiptResponseSchema, ...errorResponses(...COMMON_ERRORS, 'DELETION_NOT_FOUND') },
    metadata: { scope: 'leads:read', successExamples: foundDeletion } satisfies OperationMetadata,
  },
});
