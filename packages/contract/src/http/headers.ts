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
      'The id of this request: the one that was sent (1 to 64 letters, digits, `.`, `_`, `-`), else a new one. Quote it when you report a problem.',
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
  Allow: {
    description: 'The methods that the path has.',
    schema: { type: 'string' },
    example: 'GET, POST',
  },
} as const satisfies Record<string, ResponseHeader>;

/** The name of a response header of the contract. */
export type ResponseHeaderName = keyof typeof RESPONSE_HEADERS;

/** The headers that every authenticated response carries. */
export const RATE_LIMIT_HEADERS = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Used', 'X-RateLimit-Reset'] as const;
