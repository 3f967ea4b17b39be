import { issuesOf } from '@leads/contract';
import type { RequestValidationError } from '@ts-rest/express';
import { ApiError } from './api-error.ts';

/** Everything that the contract's schemas find wrong with a request, each with its location. */
export function validationError(error: RequestValidationError): ApiError<'VALIDATION_ERROR'> {
  return new ApiError('VALIDATION_ERROR', {
    issues: [
      ...issuesOf('path', error.pathParams),
      ...issuesOf('query', error.query),
      ...issuesOf('headers', error.headers),
      ...issuesOf('body', error.body),
    ],
  });
}
