import { ERRORS, errorBody, type ErrorCode, type ErrorDefinition } from '@leads/contract';
import { RequestValidationError } from '@ts-rest/express';
import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Logger } from 'pino';
import { WorkspaceBusyError } from '../db/fair-pool.ts';
import { isDatabaseUnavailable } from '../db/unavailable.ts';
import { ApiError } from './api-error.ts';
import { bodyRules } from './request-body.ts';
import { validationError } from './validation-error.ts';

/** What a caller is told to wait when the database is away, in seconds. */
export const UNAVAILABLE_RETRY_AFTER_SECONDS = 2;

/** What a caller is told to wait whose workspace has too much under way, in seconds. */
const BUSY_RETRY_AFTER_SECONDS = 1;

/** The one error handler: whatever went wrong, it answers in the envelope, and logs what is the server's fault. */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  // Express tells an error handler by its four parameters.
  return (error, req, res, _next) => {
    const apiError = toApiError(error, req);
    if (apiError.code === 'INTERNAL_ERROR') logger.error({ requestId: req.requestId, traceId: req.traceId, err: error }, 'request failed');
    else if (apiError.code === 'SERVICE_UNAVAILABLE')
      logger.warn({ requestId: req.requestId, traceId: req.traceId, err: error }, 'database unavailable');
    if (res.headersSent) res.destroy();
    else sendError(res, apiError);
  };
}

/** Answers with an error in the envelope, with the headers that belong to its code. */
function sendError(res: Response, error: ApiError): void {
  const { code, details } = error;
  const definition: ErrorDefinition = ERRORS[code];
  res.errorCode = code;
  for (const header of definition.headers ?? []) res.setHeader(header, HEADER_VALUES[header as keyof typeof HEADER_VALUES](error));
  res.status(definition.status).json(errorBody<ErrorCode>(code, details));
}

const HEADER_VALUES = {
  'WWW-Authenticate': ({ code }: ApiError) =>
    code === 'MISSING_AUTH_HEADER' ? 'Bearer realm="leads"' : 'Bearer realm="leads", error="invalid_token"',
  'Retry-After': ({ details }: ApiError) => String((details as unknown as { retryAfter: number }).retryAfter),
  Allow: ({ details }: ApiError) => (details as unknown as { allowed: string[] }).allowed.join(', '),
};

function toApiError(error: unknown, req: Request): ApiError {
  const { requestId } = req;
  if (error instanceof ApiError) return error;
  if (error instanceof RequestValidationError) return validationError(error, req.bodyIssues);
  if (error instanceof WorkspaceBusyError) return new ApiError('WORKSPACE_BUSY', { retryAfter: BUSY_RETRY_AFTER_SECONDS });
  if (isDatabaseUnavailable(error)) return new ApiError('SERVICE_UNAVAILABLE', { requestId, retryAfter: UNAVAILABLE_RETRY_AFTER_SECONDS });
  return fromExpress(error, req) ?? new ApiError('INTERNAL_ERROR', { requestId });
}

/** Translates what Express, its router and its body parser throw; they tell their errors by `type` and `status`. */
function fromExpress(error: unknown, req: Request): ApiError | undefined {
  const { type, status, code } = error as { type?: string; status?: number; code?: string };
  // Z_…: the body is not compressed as its Content-Encoding says.
  if (code?.startsWith('Z_')) return new ApiError('INVALID_JSON');
  if (type === 'entity.too.large') return new ApiError('PAYLOAD_TOO_LARGE', { maxBytes: bodyRules(req).maxBytes });
  if (type === 'encoding.unsupported' || type === 'charset.unsupported')
    return new ApiError('UNSUPPORTED_MEDIA_TYPE', { supported: bodyRules(req).mediaTypes });
  if (error instanceof URIError) {
    return new ApiError('VALIDATION_ERROR', {
      issues: [{ location: 'path', message: 'Must be valid percent-encoded UTF-8', code: 'invalid_encoding' }],
    });
  }
  return status === 400 ? new ApiError('BAD_REQUEST') : undefined;
}
