import type { RequestHandler } from 'express';
import { ApiError } from '../http/api-error.ts';
import type { RateLimiter, RateLimitState } from './rate-limiter.ts';

/** Refuses a key that has used up its hour (429 `RATE_LIMIT_EXCEEDED`), and says in four headers where it stands; without a limit it only counts. */
export function enforceRateLimit(limiter: RateLimiter, now: () => Date): RequestHandler {
  return (req, res, next) => {
    const state = limiter.take(req.caller.keyId);
    return state instanceof Promise ? state.then(proceed) : proceed(state);

    function proceed({ allowed, limit, used, resetAt }: RateLimitState): void {
      if (limit === Infinity) return next();
      const remaining = Math.max(0, limit - used);
      res.setHeader('X-RateLimit-Limit', limit);
      res.setHeader('X-RateLimit-Remaining', remaining);
      res.setHeader('X-RateLimit-Used', used);
      res.setHeader('X-RateLimit-Reset', resetAt);
      if (!allowed) {
        const retryAfter = Math.max(1, resetAt - Math.floor(now().getTime() / 1000));
        throw new ApiError('RATE_LIMIT_EXCEEDED', { limit, remaining, resetTime: resetAt, retryAfter });
      }
      next();
    }
  };
}
