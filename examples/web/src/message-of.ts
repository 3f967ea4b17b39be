import { LeadsApiError, LeadsConnectionError } from '@leads/client';
import { retryAfterMs } from './retry-after.ts';
import { clockOf } from './texts.ts';

/** What went wrong, for the person in front of the page. `Retry-After` is a time, so it is asked for when the error comes. */
export function messageOf(error: unknown): string {
  const waitMs = retryAfterMs(error);
  const next = waitMs === null ? 'Try again in a moment' : `It can go on at ${clockOf(new Date(Date.now() + waitMs))}`;
  if (error instanceof LeadsConnectionError) return `The API does not answer. ${next}; nothing is done twice.`;
  if (error instanceof TooManyLeads) return error.message;
  if (!(error instanceof LeadsApiError)) return 'Something went wrong in this page. Load it again.';
  switch (error.code) {
    case 'PRECONDITION_FAILED':
    case 'CONFIRMATION_STALE':
      return 'This lead changed since you looked. Look again before you delete it.';
    case 'PLAN_DRIFTED':
      return 'Leads came, went or changed since you looked. Look again before you delete them.';
    case 'LEAD_IN_USE':
      return 'This lead is in an active campaign.';
    case 'LEAD_NOT_FOUND':
      return 'This lead is not there any more.';
    case 'INVALID_API_KEY':
      return 'The key of this page is not accepted any more. Tell whoever runs it.';
    case 'INSUFFICIENT_SCOPE':
      return `The key of this page may not do that (it lacks ${error.details.requiredScopes.join(', ')}).`;
    case 'VALIDATION_ERROR':
      return error.details.issues.map(({ message }) => `${message}.`).join(' ');
    case 'SERVICE_UNAVAILABLE':
      return `The service is not available. ${next}; nothing is done twice.`;
    case 'RATE_LIMIT_EXCEEDED':
    case 'WORKSPACE_BUSY':
      return `Too many requests. ${next}.`;
    default:
      return `${error.message} (${error.code}${error.requestId ? `, request ${error.requestId}` : ''})`;
  }
}

/** More leads match a search than can be deleted at once. */
export class TooManyLeads extends Error {
  constructor(most: number) {
    super(`More than ${most.toLocaleString('en')} leads match the search. Narrow it, or filter by status and source alone.`);
  }
}
