export { createLeadsClient, type LeadsClientOptions } from './client.ts';
export { LeadsApiError, LeadsConnectionError } from './errors.ts';
export type { CallOptions, LeadsClient } from './types.ts';
export type {
  Activity,
  ApiKey,
  AuditEntry,
  Backup,
  BulkOutcome,
  Campaign,
  ErrorCode,
  ErrorDetails,
  Job,
  Lead,
  LeadRecord,
  LeadStatus,
  Scope,
} from '@leads/contract';
