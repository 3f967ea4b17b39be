import { API_KEY_PREFIX } from '@leads/contract';
import type { DocumentedOperation } from './documented-operation.ts';
import { Refusal } from './refusal.ts';

const BEARER = /^Bearer ([^\s,]+)$/i;

/** Throws the 401 unless the operation is open to everybody or the header holds something that begins like an API key. */
export function authenticate(operation: DocumentedOperation, authorization: string | undefined): void {
  if (!operation.security?.length) return;
  if (authorization === undefined) throw new Refusal('MISSING_AUTH_HEADER');
  const key = BEARER.exec(authorization)?.[1];
  if (key === undefined) throw new Refusal('MALFORMED_AUTH_HEADER');
  if (!key.startsWith(API_KEY_PREFIX)) throw new Refusal('INVALID_API_KEY');
}
