import type { Lead, ErrorDetails, LeadsClient } from '@leads/client';
import { LeadsApiError } from '@leads/client';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_ extends true>() => {};

declare const client: LeadsClient;

holds<Equal<Parameters<typeof client.leads.get>, [leadId: string]>>();
holds<Equal<Awaited<ReturnType<typeof client.leads.get>>, Lead>>();
holds<Equal<Awaited<ReturnType<typeof client.leads.delete>>, { id: string; deletedAt: string; backupId?: string | undefined }>>();
holds<Equal<Parameters<typeof client.apiKeys.list>[0], { limit?: number | undefined; cursor?: string | undefined } | undefined>>();
holds<Equal<Parameters<typeof client.apiKeys.revoke>, [keyId: string, options?: { readonly idempotencyKey?: string }]>>();
holds<
  Equal<
    Parameters<typeof client.leads.unarchive>,
    [leadId: string, options?: { readonly ifMatch?: string; readonly idempotencyKey?: string }]
  >
>();
holds<Equal<Awaited<ReturnType<typeof client.leads.export>>, ReadableStream<Uint8Array>>>();

void client.campaigns.enrollLead('camp_1', 'lead_1', { idempotencyKey: 'once' });
void client.leads.delete('lead_1', { backup: true, reason: 'Asked to be forgotten' }, { ifMatch: '"1"', confirmationToken: 'token' });
void client.leads.archive('lead_1');
// @ts-expect-error: an archive has no confirmation
void client.leads.archive('lead_1', {}, { confirmationToken: 'token' });
// @ts-expect-error: reading takes no idempotency key
void client.leads.get('lead_1', { idempotencyKey: 'once' });

void client.leads.list({ status: 'lost', limit: 5 });
void client.leads.list();
// @ts-expect-error: no such status
void client.leads.list({ status: 'gone' });
// @ts-expect-error: the e-mail address is missing
void client.leads.create({ name: 'John Doe' });
// @ts-expect-error: the id is missing
void client.leads.delete();

declare const error: unknown;
if (error instanceof LeadsApiError) {
  if (error.code === 'LEAD_NOT_FOUND') holds<Equal<typeof error.details, ErrorDetails<'LEAD_NOT_FOUND'>>>();
  if (error.code === 'RATE_LIMIT_EXCEEDED') error.details.retryAfter.toFixed();
  // @ts-expect-error: no such code
  if (error.code === 'LEAD_LOST') throw error;
}
