/** Checked by the compiler, never run: what the types guarantee to whoever implements an operation. */
import type { BulkFilterSchema, contract, ExportLeadsQuerySchema, ListLeadsQuerySchema } from '@leads/contract';
import { expectTypeOf } from 'vitest';
import { ApiError } from '../src/http/api-error.ts';
import type * as z from 'zod';
import type { OperationRequest } from '../src/http/implement.ts';
import type { LeadFilter } from '../src/leads/lead-filter.ts';

declare const deletion: OperationRequest<typeof contract.leads.delete>;
declare const list: OperationRequest<typeof contract.leads.list>;
declare const rotation: OperationRequest<typeof contract.apiKeys.rotate>;

// Parameters keep their names.
expectTypeOf(deletion.params).toEqualTypeOf<{ leadId: string }>();
expectTypeOf(rotation.params).toEqualTypeOf<{ keyId: string }>();

// An operation refuses with the codes that its route declares, and with their details.
deletion.refuse('LEAD_NOT_FOUND', { leadId: 'lead_1', message: 'No lead found with this ID in your workspace' });
rotation.refuse('API_KEY_NOT_ACTIVE', { keyId: 'key_1' });
// @ts-expect-error: leads.list does not declare this code.
list.refuse('LEAD_NOT_FOUND', { leadId: 'lead_1', message: 'No lead found with this ID in your workspace' });
// @ts-expect-error: leads.delete has no body that could be too large.
deletion.refuse('PAYLOAD_TOO_LARGE', { maxBytes: 1 });
// @ts-expect-error: the details of the code are missing.
deletion.refuse('LEAD_NOT_FOUND');
// @ts-expect-error: the details are those of another code.
expectTypeOf(new ApiError('API_KEY_NOT_FOUND', { leadId: 'lead_1' })).toExtend<Error>();

// Whatever a list, an export or a bulk operation can select by has its condition.
type ListOption = 'page' | 'limit' | 'cursor' | 'sortBy' | 'sortOrder';
type ExportOption = 'format' | 'delimiter' | 'bom' | 'formulaGuard';
expectTypeOf<Exclude<keyof z.output<typeof ListLeadsQuerySchema>, ListOption>>().toExtend<keyof LeadFilter>();
expectTypeOf<Exclude<keyof z.output<typeof ExportLeadsQuerySchema>, ExportOption>>().toExtend<keyof LeadFilter>();
expectTypeOf<keyof z.output<typeof BulkFilterSchema>>().toExtend<keyof LeadFilter>();
