export { createLeadsClient, type LeadsClientOptions } from './client.ts';
export { LeadsApiError, LeadsConnectionError } from './errors.ts';
export type { LeadsClient } from './types.ts';
export type { ApiKey, ErrorCode, ErrorDetails, Lead, LeadStatus, Scope } from '@leads/contract';
