import type { Lead, ErrorDetails, LeadsClient } from '@leads/client';
import { LeadsApiError } from '@leads/client';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_ extends true>() => {};

declare const client: LeadsClient;

holds<Equal<Parameters<typeof client.leads.get>, [leadId: string]>>();
holds<Equal<Awaited<ReturnType<typeof client.leads.get>>, Lead>>();
holds<Equal<Awaited<ReturnType<typeof client.leads.delete>>, { id: string; deletedAt: string }>>();
holds<Equal<Parameters<typeof client.apiKeys.revoke>, [keyId: string]>>();

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
