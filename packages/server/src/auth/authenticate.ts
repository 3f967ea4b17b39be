import { API_KEY_PATTERN, type OperationMetadata } from '@leads/contract';
import type { Request, RequestHandler } from 'express';
import { ApiError } from '../http/api-error.ts';
import type { Caller } from '../http/implement.ts';
import { hashApiKey } from './api-key.ts';
import type { KeyCache } from './key-cache.ts';

const BEARER = /^Bearer ([^\s,]+)$/i;

/** Finds out who makes the request: 401 `MISSING_AUTH_HEADER`, `MALFORMED_AUTH_HEADER` or `INVALID_API_KEY`. */
export function authenticate(keys: KeyCache): RequestHandler {
  return (req, _res, next) => {
    const header = req.headers.authorization;
    if (header === undefined) throw new ApiError('MISSING_AUTH_HEADER');
    const key = BEARER.exec(header)?.[1];
    if (key === undefined) throw new ApiError('MALFORMED_AUTH_HEADER');
    if (!API_KEY_PATTERN.test(key)) throw new ApiError('INVALID_API_KEY');
    const proceed = (caller: Caller | undefined) => {
      if (!caller) throw new ApiError('INVALID_API_KEY');
      req.caller = caller;
      next();
    };
    const found = keys.find(hashApiKey(key));
    return found instanceof Promise ? found.then(proceed) : proceed(found);
  };
}

/** Whether the key of a request that was let in may still be used: no more once it is revoked, deleted or expired, seen after 2 s at most. */
export async function isStillAllowed(keys: KeyCache, req: Request): Promise<boolean> {
  const key = BEARER.exec(req.headers.authorization!)![1]!;
  return (await keys.find(hashApiKey(key))) !== undefined;
}

/** Refuses a key that lacks the scope of the operation: 403 `INSUFFICIENT_SCOPE`. */
export const requireScope: RequestHandler = (req, _res, next) => {
  const { tsRestRoute } = req as unknown as { tsRestRoute: { metadata: OperationMetadata } };
  const { scope } = tsRestRoute.metadata;
  if (!req.caller.scopes.has(scope)) {
    throw new ApiError('INSUFFICIENT_SCOPE', { requiredScopes: [scope], grantedScopes: [...req.caller.scopes] });
  }
  next();
};
