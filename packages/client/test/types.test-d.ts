import type * as contract from '@leads/contract';
import {
  type ApiPromise,
  type BulkOutcome,
  type BulkOutcomes,
  type BulkPlan,
  type CallOptions,
  type ConfirmedWriteOptions,
  type ErrorCode,
  type ErrorDetailsByCode,
  type GuardedWriteOptions,
  type Job,
  type Lead,
  LeadsApiError,
  type LeadsClient,
  type LeadsDeleteResult,
  type LeadsExportQuery,
  type LeadsListResult,
  type ManyResult,
  type PagePromise,
  type WriteOptions,
} from '@leads/client';
import type * as z from 'zod';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
const holds = <_ extends true>() => {};

declare const client: LeadsClient;
const { leads, apiKeys, campaigns } = client;

// What hover shows: named types, each with its documentation, and nothing of how they are made.
holds<Equal<typeof leads.get, (leadId: string, options?: CallOptions) => ApiPromise<Lead>>>();
holds<Equal<typeof leads.list, (query?: ListQuery, options?: CallOptions) => PagePromise<LeadsListResult, Lead>>>();
holds<Equal<Awaited<ReturnType<typeof leads.delete>>, LeadsDeleteResult>>();
holds<Equal<typeof leads.unarchive, (leadId: string, options?: GuardedWriteOptions) => ApiPromise<Lead>>>();
holds<Equal<typeof leads.export, (query?: LeadsExportQuery, options?: CallOptions) => ApiPromise<ReadableStream<Uint8Array>>>>();
holds<Equal<Parameters<typeof leads.delete>[2], ConfirmedWriteOptions | undefined>>();
holds<Equal<Parameters<typeof apiKeys.revoke>, [keyId: string, options?: WriteOptions | undefined]>>();

type ListQuery = NonNullable<Parameters<typeof leads.list>[0]>;

// What completion shows.
holds<Equal<keyof CallOptions, 'signal' | 'timeoutMs' | 'maxRetries' | 'maxRetryAfterMs' | 'headers'>>();
holds<
  Equal<
    Exclude<keyof LeadsClient['leads'], keyof typeof contract.contract.leads>,
    'safeDelete' | 'deleteByStatus' | 'deleteByFilter' | 'backup' | 'restore'
  >
>();
holds<Equal<keyof LeadsClient, keyof typeof contract.contract | 'request'>>();

// The generated types are those of the contract.
holds<Same<Lead, contract.Lead>>();
holds<Same<ErrorCode, contract.ErrorCode>>();
holds<Same<ErrorDetailsByCode['LEAD_IN_USE'], contract.ErrorDetails<'LEAD_IN_USE'>>>();
holds<Same<BulkOutcome['outcome'], contract.BulkOutcome['outcome']>>();
holds<Same<Job, contract.Job>>();
holds<Same<ListQuery['status'], z.input<typeof contract.ListLeadsQuerySchema>['status']>>();
holds<Same<keyof ListQuery, keyof z.input<typeof contract.ListLeadsQuerySchema>>>();

void campaigns.enrollLead('camp_1', 'lead_1', { idempotencyKey: 'once' });
void leads.delete('lead_1', { backup: true, reason: 'Asked to be forgotten' }, { ifMatch: '"1"', confirmationToken: 'token' });
void leads.archive('lead_1');
// @ts-expect-error: an archive has no confirmation
void leads.archive('lead_1', {}, { confirmationToken: 'token' });
// @ts-expect-error: reading takes no idempotency key
void leads.get('lead_1', { idempotencyKey: 'once' });

void leads.list({ status: 'lost', limit: 5 });
void leads.list();
// @ts-expect-error: no such status
void leads.list({ status: 'gone' });
// @ts-expect-error: the e-mail address is missing
void leads.create({ name: 'John Doe' });
// @ts-expect-error: the id is missing
void leads.delete();

// One lead or many, by the same name.
holds<Equal<Awaited<ReturnType<typeof oneArchived>>, Lead>>();
holds<Equal<Awaited<ReturnType<typeof manyArchived>>, ManyResult>>();
holds<Equal<Awaited<ReturnType<typeof oneRequest>>, BulkOutcomes | BulkPlan | Job>>();
const oneArchived = () => leads.archive('lead_1', { reason: 'Old' });
const manyArchived = () => leads.archive(['lead_1', 'lead_2'], { reason: 'Old' });
const oneRequest = () => leads.bulkDelete({ ids: ['lead_1'] });
// @ts-expect-error: nothing is deleted without being shown
void leads.safeDelete('lead_1', {});

declare const error: unknown;
if (error instanceof LeadsApiError) {
  if (error.code === 'LEAD_NOT_FOUND') holds<Equal<typeof error.details, ErrorDetailsByCode['LEAD_NOT_FOUND']>>();
  if (error.code === 'RATE_LIMIT_EXCEEDED') error.details.retryAfter.toFixed();
  // @ts-expect-error: no such code
  if (error.code === 'LEAD_LOST') throw error;
}
