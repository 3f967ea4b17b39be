import type { RequestValidationError } from '@ts-rest/express';
import { ApiError } from './api-error.ts';

interface Issue {
  readonly path?: ReadonlyArray<PropertyKey | { key: PropertyKey }>;
  readonly message: string;
  readonly code?: string;
  readonly keys?: readonly string[];
}

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

/** What a schema finds wrong with a part of a request, or with anything where `part` is empty. */
export function issuesOf(part: string, error: unknown) {
  const issues = (error as { issues?: readonly Issue[] } | null)?.issues ?? [];
  return issues.flatMap(({ path = [], message, code = 'invalid', keys }) => {
    const location = [...(part ? [part] : []), ...path.map((step) => String(typeof step === 'object' ? step.key : step))].join('.');
    // zod reports all unknown fields of an object as one issue; a caller looks for each by its name.
    return code === 'unrecognized_keys' && keys
      ? keys.map((key) => ({ location: location ? `${location}.${key}` : key, message: unknownField(part, key), code: 'unrecognized_key' }))
      : [{ location, message, code }];
  });
}

function unknownField(part: string, key: string): string {
  if (part === 'query') return 'Unknown parameter';
  return ['id', 'createdAt', 'updatedAt', 'workspaceId'].includes(key) ? 'Is set by the server and cannot be changed' : 'Unknown field';
}
