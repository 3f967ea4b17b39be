/** The headers that a page of another origin may read. */
export const EXPOSED_HEADERS: readonly string[] = [
  'X-Request-Id',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Used',
  'X-RateLimit-Reset',
  'Retry-After',
  'Location',
  'ETag',
  'Idempotency-Replayed',
  'Deprecation',
  'Sunset',
  'Content-Disposition',
];
