import * as z from 'zod';

/** A response header as the reference describes it. */
export interface ResponseHeader {
  readonly description: string;
  readonly schema: { readonly type: 'string' | 'integer'; readonly minimum?: number };
  readonly example: string | number;
}

/** Every response header of the API that is part of the contract, by name. */
export const RESPONSE_HEADERS = {
  'X-Request-Id': {
    description:
      'The id of this request: the one that was sent, where it is a UUID, a ULID or a W3C trace id, with or without `req_` ahead; else a new one. ' +
      'It stays in the audit log, so an id that could name a person is not taken. Quote it when you report a problem.',
    schema: { type: 'string' },
    example: 'req_01jq8z3v9k4n7w2x5y6b8c0d1e',
  },
  'X-RateLimit-Limit': {
    description: 'How many requests the key may make in any 60 minutes. A server that runs without a limit leaves these headers out.',
    schema: { type: 'integer', minimum: 0 },
    example: 1000,
  },
  'X-RateLimit-Remaining': {
    description: 'How many requests are left in the current 60 minutes.',
    schema: { type: 'integer', minimum: 0 },
    example: 999,
  },
  'X-RateLimit-Used': {
    description: 'How many requests the key made in the last 60 minutes, this one included.',
    schema: { type: 'integer', minimum: 0 },
    example: 1,
  },
  'X-RateLimit-Reset': {
    description: 'When the oldest counted request expires, in Unix seconds.',
    schema: { type: 'integer', minimum: 0 },
    example: 1705423500,
  },
  'Retry-After': {
    description: 'How long to wait before the next try, in seconds.',
    schema: { type: 'integer', minimum: 1 },
    example: 1800,
  },
  'WWW-Authenticate': {
    description: 'How to authenticate.',
    schema: { type: 'string' },
    example: 'Bearer realm="leads"',
  },
  Location: {
    description: 'The path of the new resource.',
    schema: { type: 'string' },
    example: '/api/v1/leads/lead_1234567890abcdef',
  },
  ETag: {
    description:
      'The version of the lead: another one after every change. Send it as `If-Match` to change or delete only what you have seen.',
    schema: { type: 'string' },
    example: '"5f0c3c2e-8d0b-4c5e-9a57-0f6d2b1c7e34"',
  },
  'Idempotency-Replayed': {
    description: '`true` where this is the answer to an earlier request with the same `Idempotency-Key`; absent on a first answer.',
    schema: { type: 'string' },
    example: 'true',
  },
  Deprecation: {
    description: 'Since when the operation is deprecated (RFC 9745): `@` and Unix seconds.',
    schema: { type: 'string' },
    example: '@1735689600',
  },
  Sunset: {
    description: 'From when on the operation may be gone (RFC 8594).',
    schema: { type: 'string' },
    example: 'Wed, 31 Dec 2025 00:00:00 GMT',
  },
  Allow: {
    description: 'The methods that the path has.',
    schema: { type: 'string' },
    example: 'GET, POST',
  },
} as const satisfies Record<string, ResponseHeader>;

/** The name of a response header of the contract. */
export type ResponseHeaderName = keyof typeof RESPONSE_HEADERS;

const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'Must be 1 to 255 visible ASCII characters')
  .optional()
  .meta({
    description:
      'A value of your own for this one change, such as a UUID: 1 to 255 visible ASCII characters. The same request with the same key within 24 hours ' +
      'changes nothing again and gets the first answer. Only a success is kept: a refused request changed nothing, and is carried out when it is repeated.',
    // Another one for each operation, because tools send the samples of all as they stand. The generator fills in the id.
    examples: ['{operationId}-1'],
  });

const ETAG = String.raw`(?:W/)?"[\x21\x23-\x7e]{1,64}"`;

const ifMatch = z
  .string()
  .regex(new RegExp(String.raw`^(?:\*|${ETAG}(?:[ \t]*,[ \t]*${ETAG})*)$`), 'Must be ETags in double quotes, as they were answered, or *')
  .optional()
  .meta({
    description:
      'The `ETag` that you have seen. Where the lead is another one by now, nothing is changed: 412. Of several with commas between, one must be ' +
      'that of the lead; `*` stands for any. An ETag names a state of the lead and not bytes, so `W/"…"`, which a proxy may make of it, is the same one.',
    examples: ['"5f0c3c2e-8d0b-4c5e-9a57-0f6d2b1c7e34"'],
  });

const confirmationToken = z
  .string()
  .min(1)
  .max(1000)
  .optional()
  .meta({
    description:
      'The `confirmationToken` of a deletion preview. Where the lead or anything that hangs on it is not as it was shown there, nothing is deleted: 409.',
    examples: ['eyJ2IjoxfQ.c2lnbmF0dXJl'],
  });

/** The request headers of every operation that changes something. Names in lower case, as they arrive. */
export const WriteHeadersSchema = z.object({ 'idempotency-key': idempotencyKey });
/** The request headers of an operation that changes one lead. */
export const LeadWriteHeadersSchema = z.object({ 'if-match': ifMatch, 'idempotency-key': idempotencyKey });
/** The request headers of `leads.delete`. */
export const DeleteLeadHeadersSchema = z.object({
  'if-match': ifMatch,
  'x-confirmation-token': confirmationToken,
  'idempotency-key': idempotencyKey,
});

/** The headers that every authenticated response carries. */
export const RATE_LIMIT_HEADERS = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Used', 'X-RateLimit-Reset'] as const;
