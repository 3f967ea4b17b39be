import { createLeadsClient } from '@leads/client';

// `vite --mode msw`: no server at all, and so nobody else to add a key. The handlers answer within the page, so theirs opens nothing.
const alone = import.meta.env.MODE === 'msw';

/** The API. The key is added by the server of this page. */
export const client = createLeadsClient({
  baseUrl: location.origin,
  apiKey: alone ? 'sk-workspace_example' : null,
  dangerouslyAllowBrowser: alone,
  // Longer is not waited for in silence: the page shows until when.
  maxRetryAfterMs: 5_000,
});
