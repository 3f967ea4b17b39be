import { issuesOf, type ValidationIssue } from '@leads/contract';
import type { RequestValidationError } from '@ts-rest/express';
import { ApiError } from './api-error.ts';

/** Everything that the contract's schemas find wrong with a request, and what was found in the text of its body, each with its location. */
export function validationError(error: RequestValidationError, bodyIssues: readonly ValidationIssue[] = []): ApiError<'VALIDATION_ERROR'> {
  return new ApiError('VALIDATION_ERROR', {
    issues: [
      ...issuesOf('path', error.pathParams),
      ...issuesOf('query', error.query),
      ...issuesOf('headers', error.headers),
      ...issuesOf('body', error.body),
      ...bodyIssues,
    ],
  });
}
