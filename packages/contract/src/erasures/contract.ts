import { errorResponses } from '../errors/envelope.ts';
import { WriteHeadersSchema } from '../http/headers.ts';
import { BODY_ERRORS, c, COMMON_ERRORS, type OperationMetadata, WRITE_ERRORS } from '../http/operation.ts';
import { createdErasure, createErasureBodies, foundErasure, liftedSuppression } from './examples.ts';
import {
  CreateErasureResponseSchema,
  CreateErasureSchema,
  ERASURE_MAX_LEADS,
  ErasurePathSchema,
  ErasureResponseSchema,
  LiftSuppressionResponseSchema,
} from './schemas.ts';

/** The operations that erase persons. */
export const erasures = c.router({
  create: {
    method: 'POST',
    path: '/api/v1/erasures',
    summary: 'Erase a person',
    description:
      'Erases all that is left of a person: the leads with what hangs on them, backups of leads that are there or deleted already, stored answers, and what jobs tell of them. ' +
      `At most ${ERASURE_MAX_LEADS.toLocaleString('en')} leads at once. In two steps: \`dryRun: true\` changes nothing, counts what there is, and gives a token. ` +
      'The same person with that token as `planToken` is erased, in one transaction. This action cannot be undone.\n\n' +
      'From then on whoever has the e-mail address of one of these leads, or the address or number that was sent, is kept away: creating, changing, importing or restoring such a lead is refused with ' +
      '`SUPPRESSED`, until the suppression is lifted. For that a keyed hash is kept, and not the address.',
    headers: WriteHeadersSchema,
    body: CreateErasureSchema,
    responses: {
      200: CreateErasureResponseSchema,
      ...errorResponses(
        ...COMMON_ERRORS,
        ...BODY_ERRORS,
        ...WRITE_ERRORS,
        'PLAN_TOKEN_INVALID',
        'LEAD_NOT_FOUND',
        'LEAD_IN_USE',
        'PLAN_DRIFTED',
        'ERASURE_TOO_LARGE',
      ),
    },
    metadata: { scope: 'leads:delete', requestExamples: createErasureBodies, successExamples: createdErasure } satisfies OperationMetadata,
  },
  get: {
    method: 'GET',
    path: '/api/v1/erasures/:erasureId',
    summary: 'Get an erasure',
    description: 'Reads what proves that a person was erased: what went, when, and by which key. Without personal data, and for good.',
    pathParams: ErasurePathSchema,
    responses: { 200: ErasureResponseSchema, ...errorResponses(...COMMON_ERRORS, 'ERASURE_NOT_FOUND') },
    metadata: { scope: 'leads:read', successExamples: foundErasure } satisfies OperationMetadata,
  },
  liftSuppression: {
    method: 'DELETE',
    path: '/api/v1/erasures/:erasureId/suppression',
    summary: 'Lift a suppression',
    description: 'Lets the person of an erasure in again. Another erasure of the same person goes on to keep the person away.',
    pathParams: ErasurePathSchema,
    headers: WriteHeadersSchema,
    responses: { 200: LiftSuppressionResponseSchema, ...errorResponses(...COMMON_ERRORS, ...WRITE_ERRORS, 'SUPPRESSION_NOT_FOUND') },
    metadata: { scope: 'leads:delete', successExamples: liftedSuppression } satisfies OperationMetadata,
  },
});
