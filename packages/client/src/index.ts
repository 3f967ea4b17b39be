export { createLeadsClient } from './client.ts';
export { LeadsAbortedError, LeadsApiError, LeadsConnectionError, LeadsError, LeadsTimeoutError } from './errors.ts';
export { LeadsInterruptedError, type FailedLead, type LeadIds, type ManyOptions, type ManyResult, type Progress } from './leads/many.ts';
export type { BulkAnonymizeOptions, BulkArchiveOptions, BulkDeleteOptions, LeadsHelpers, RestoreOptions } from './leads/helpers.ts';
export type { ConfirmDeletion, SafeDeleteOptions, SafeDeleteResult } from './leads/safe-delete.ts';
export type { ConfirmPlan, DeleteByFilterOptions, DeleteByFilterResult } from './leads/delete-by-filter.ts';
export type * from './api.generated.ts';
export type * from './types.ts';
