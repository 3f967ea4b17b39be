import { LeadsApiError, LeadsConnectionError } from '@leads/client';

/** How long the API asks to wait before the next try, in milliseconds; null where it does not. */
export function retryAfterMs(error: unknown): number | null {
  if (!(error instanceof LeadsApiError || error instanceof LeadsConnectionError)) return null;
  const seconds = error.headers?.get('Retry-After');
  return seconds ? Number(seconds) * 1000 : null;
}
