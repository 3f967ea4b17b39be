import { LeadsApiError, LeadsConnectionError } from '@leads/client';

/** What went wrong, for the person in front of the page. */
export function messageOf(error: unknown): string {
  if (error instanceof LeadsConnectionError) return 'The API does not answer. Try again in a moment; nothing is done twice.';
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
    case 'LEAD_EXISTS':
      return 'A lead with this id is there already.';
    case 'INVALID_API_KEY':
      return 'The key of this page is not accepted any more. Tell whoever runs it.';
    case 'SERVICE_UNAVAILABLE':
      return 'The service is not available. Try again in a moment; nothing is done twice.';
    case 'RATE_LIMIT_EXCEEDED':
      return 'Too many requests. Wait a moment, then try again.';
    default:
      return `${error.message} (${error.code}${error.requestId ? `, request ${error.requestId}` : ''})`;
  }
}
