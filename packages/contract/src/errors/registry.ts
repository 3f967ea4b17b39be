import * as z from 'zod';
import type { ResponseHeaderName } from '../http/headers.ts';

/** What the registry says of one error code. */
export interface ErrorDefinition {
  /** The HTTP status that the code is answered with. */
  readonly status: number;
  /** The public text in the envelope's `error`. */
  readonly message: string;
  /** The shape of the envelope's `details`; absent where the code has none. */
  readonly details?: z.ZodType;
  /** Why a caller sees it and what to do, for the reference. */
  readonly remedy: string;
  /** `details` in the reference's example. */
  readonly example?: unknown;
  /** Response headers that come with it, besides those of every response. */
  readonly headers?: readonly ResponseHeaderName[];
  /** What headers hold in the reference's example, where that follows from `example`. */
  readonly headerExamples?: Readonly<Partial<Record<ResponseHeaderName, string | number>>>;
}

/** One thing that is wrong with a request. */
export const ValidationIssueSchema = z
  .strictObject({
    location: z
      .string()
      .meta({ description: 'Where it is: `body`, `query`, `path` or `headers`, then the field.', examples: ['body.email'] }),
    message: z.string().meta({ description: 'What is wrong, for people.', examples: ['Invalid email address'] }),
    code: z.string().meta({ description: 'What is wrong, for programs.', examples: ['invalid_format'] }),
  })
  .meta({ id: 'ValidationIssue', title: 'ValidationIssue', description: 'One thing that is wrong with a request.' });

const requestId = z
  .string()
  .meta({ description: 'The id of the request, as in `X-Request-Id`.', examples: ['req_01jq8z3v9k4n7w2x5y6b8c0d1e'] });
const seconds = (description: string) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [1800] });

/**
 * Every error code of the API, written once: the envelopes, the reference, the client's types and the server's answers
 * are all derived from here.
 */
export const ERRORS = {
  VALIDATION_ERROR: {
    status: 400,
    message: 'Invalid request',
    details: z.strictObject({
      issues: z.array(ValidationIssueSchema).min(1).meta({ description: 'Everything that is wrong with the request, not only the first.' }),
    }),
    remedy: 'Correct every field in `details.issues` and send the request again. Nothing was changed.',
    example: { issues: [{ location: 'body.email', message: 'Invalid email address', code: 'invalid_format' }] },
  },
  INVALID_JSON: {
    status: 400,
    message: 'The request body is not valid JSON',
    remedy: 'Send a body that parses as JSON, in UTF-8.',
  },
  BAD_REQUEST: {
    status: 400,
    message: 'The request could not be read as HTTP',
    remedy: 'The request line or a header is malformed. Use an HTTP client library.',
  },
  MISSING_AUTH_HEADER: {
    status: 401,
    message: 'Missing authorization header',
    remedy: 'Send `Authorization: Bearer <key>`.',
    headers: ['WWW-Authenticate'],
  },
  INVALID_API_KEY: {
    status: 401,
    message: 'Invalid API key',
    remedy: 'The key is unknown, expired or revoked. Use a valid one.',
    headers: ['WWW-Authenticate'],
  },
  MALFORMED_AUTH_HEADER: {
    status: 401,
    message: 'Malformed authorization header. Expected format: Bearer <token>',
    remedy: 'Send the key as `Authorization: Bearer <key>`, with one space and nothing else.',
    headers: ['WWW-Authenticate'],
  },
  INSUFFICIENT_SCOPE: {
    status: 403,
    message: 'The API key lacks a required scope',
    details: z.strictObject({
      requiredScopes: z.array(z.string()).meta({ description: 'The scopes that the request needs.', examples: [['leads:delete']] }),
      grantedScopes: z.array(z.string()).meta({ description: 'The scopes that the key has.', examples: [['leads:read']] }),
    }),
    remedy: 'Use a key that has the scopes in `details.requiredScopes`.',
    example: { requiredScopes: ['leads:delete'], grantedScopes: ['leads:read'] },
  },
  LEAD_NOT_FOUND: {
    status: 404,
    message: 'Lead not found',
    details: z.strictObject({
      leadId: z.string().meta({ description: 'The id that was asked for.', examples: ['lead_nonexistent123'] }),
      message: z.literal('No lead found with this ID in your workspace').meta({ description: 'What was looked for, and where.' }),
    }),
    remedy:
      'There is no lead with this id in the workspace of your key: it never existed, is deleted, or belongs to another workspace. After a delete, treat it as done.',
    example: { leadId: 'lead_nonexistent123', message: 'No lead found with this ID in your workspace' },
  },
  API_KEY_NOT_FOUND: {
    status: 404,
    message: 'API key not found',
    details: z.strictObject({
      keyId: z.string().meta({ description: 'The id that was asked for.', examples: ['key_nonexistent123'] }),
      message: z.literal('No API key found with this ID in your workspace').meta({ description: 'What was looked for, and where.' }),
    }),
    remedy: 'List the keys of your workspace and use one of their ids.',
    example: { keyId: 'key_nonexistent123', message: 'No API key found with this ID in your workspace' },
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    message: 'Route not found',
    details: z.strictObject({
      method: z.string().meta({ description: 'The method of the request.', examples: ['GET'] }),
      path: z.string().meta({ description: 'The path of the request.', examples: ['/api/v1/lead'] }),
    }),
    remedy: 'Check the path against the reference.',
    example: { method: 'GET', path: '/api/v1/lead' },
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    message: 'Method not allowed',
    details: z.strictObject({
      method: z.string().meta({ description: 'The method of the request.', examples: ['PATCH'] }),
      allowed: z.array(z.string()).meta({ description: 'The methods that the path has.', examples: [['GET', 'PUT', 'DELETE']] }),
    }),
    remedy: 'Use one of the methods in `Allow`.',
    example: { method: 'PATCH', allowed: ['GET', 'PUT', 'DELETE'] },
    headers: ['Allow'],
  },
  REQUEST_TIMEOUT: {
    status: 408,
    message: 'The request did not arrive in time',
    remedy: 'Send the whole request without a pause.',
  },
  API_KEY_NOT_ACTIVE: {
    status: 409,
    message: 'The API key is expired or revoked',
    details: z.strictObject({
      keyId: z.string().meta({ description: 'The id of the key.', examples: ['key_1234567890abcdef'] }),
    }),
    remedy: 'Only an active key can be rotated. Create a new key instead.',
    example: { keyId: 'key_1234567890abcdef' },
  },
  API_KEY_LIMIT_REACHED: {
    status: 409,
    message: 'The workspace has as many active API keys as it may have',
    details: z.strictObject({
      limit: z.int().meta({ description: 'How many active keys a workspace may have.', examples: [100] }),
    }),
    remedy: 'Revoke keys that are no longer used.',
    example: { limit: 100 },
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    message: 'The request body is too large',
    details: z.strictObject({ maxBytes: z.int().meta({ description: 'The largest accepted body, in bytes.', examples: [65536] }) }),
    remedy: 'Send a body of at most `details.maxBytes` bytes.',
    example: { maxBytes: 65536 },
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    message: 'Unsupported media type',
    details: z.strictObject({
      supported: z.array(z.string()).meta({ description: 'The media types that are accepted.', examples: [['application/json']] }),
    }),
    remedy: 'Send JSON in UTF-8 with `Content-Type: application/json`.',
    example: { supported: ['application/json'] },
  },
  RATE_LIMIT_EXCEEDED: {
    status: 429,
    message: 'Rate limit exceeded',
    details: z.strictObject({
      limit: z
        .int()
        .min(1)
        .meta({ description: 'How many requests the key may make in any 60 minutes.', examples: [1000] }),
      remaining: z
        .int()
        .min(0)
        .meta({ description: 'How many are left: 0.', examples: [0] }),
      resetTime: z
        .int()
        .min(0)
        .meta({ description: 'When the oldest counted request expires, in Unix seconds.', examples: [1705423500] }),
      retryAfter: seconds('How long to wait, in seconds; as in `Retry-After`.'),
    }),
    remedy: 'Wait for `Retry-After` seconds. Requests that were refused are not counted.',
    example: { limit: 1000, remaining: 0, resetTime: 1705423500, retryAfter: 1800 },
    headers: ['Retry-After'],
    headerExamples: { 'X-RateLimit-Remaining': 0, 'X-RateLimit-Used': 1000, 'Retry-After': 1800 },
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    message: 'The request line and headers are too large',
    remedy: 'Send at most 16 KiB of request line and headers.',
  },
  INTERNAL_ERROR: {
    status: 500,
    message: 'Internal server error',
    details: z.strictObject({ requestId }),
    remedy: 'A fault of the server. Report it with `details.requestId`.',
    example: { requestId: 'req_01jq8z3v9k4n7w2x5y6b8c0d1e' },
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    message: 'Service unavailable',
    details: z.strictObject({ requestId, retryAfter: seconds('How long to wait, in seconds; as in `Retry-After`.') }),
    remedy: 'The database cannot be reached at the moment, or the server is stopping. Try again after `Retry-After` seconds.',
    example: { requestId: 'req_01jq8z3v9k4n7w2x5y6b8c0d1e', retryAfter: 2 },
    headers: ['Retry-After'],
    headerExamples: { 'Retry-After': 2 },
  },
} as const satisfies Record<string, ErrorDefinition>;

/** A code of the registry. */
export type ErrorCode = keyof typeof ERRORS;

/** The `details` of a code; `undefined` for a code that has none. */
export type ErrorDetails<Code extends ErrorCode> = (typeof ERRORS)[Code] extends { details: infer Details extends z.ZodType }
  ? z.infer<Details>
  : undefined;
