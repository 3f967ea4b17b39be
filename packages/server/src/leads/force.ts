import { ApiError } from '../http/api-error.ts';
import type { Caller } from '../http/implement.ts';

/** Refuses a forced deletion to a key without the scope `leads:force`: 403 `INSUFFICIENT_SCOPE`. */
export function requireForce(caller: Caller): void {
  if (caller.scopes.has('leads:force')) return;
  throw new ApiError('INSUFFICIENT_SCOPE', { requiredScopes: ['leads:delete', 'leads:force'], grantedScopes: [...caller.scopes] });
}
