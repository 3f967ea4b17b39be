/** Checked by the compiler, never run: what the types of the contract guarantee. */
import { expectTypeOf } from 'vitest';
import type * as z from 'zod';
import { type contract, type ErrorBody, type ErrorDetails, errorBody, errorResponses } from '../src/index.ts';

// The paths are literal, so that their parameters are known by name.
expectTypeOf<(typeof contract)['leads']['delete']['path']>().toEqualTypeOf<'/api/v1/leads/:leadId'>();
expectTypeOf<(typeof contract)['apiKeys']['rotate']['path']>().toEqualTypeOf<'/api/v1/api-keys/:keyId/rotate'>();
expectTypeOf<keyof z.infer<(typeof contract)['leads']['get']['pathParams']>>().toEqualTypeOf<'leadId'>();
expectTypeOf<keyof z.infer<(typeof contract)['apiKeys']['revoke']['pathParams']>>().toEqualTypeOf<'keyId'>();
expectTypeOf<(typeof contract)['leads']['delete']['method']>().toEqualTypeOf<'DELETE'>();

// The answers of a status are those of its codes.
expectTypeOf<z.infer<(typeof contract)['leads']['delete']['responses'][404]>['code']>().toEqualTypeOf<'LEAD_NOT_FOUND'>();
expectTypeOf<z.infer<(typeof contract)['leads']['create']['responses'][401]>['code']>().toEqualTypeOf<
  'MISSING_AUTH_HEADER' | 'INVALID_API_KEY' | 'MALFORMED_AUTH_HEADER'
>();
expectTypeOf<ErrorBody<'INVALID_JSON'>>().toEqualTypeOf<{ success: false; error: string; code: 'INVALID_JSON' }>();
expectTypeOf<ErrorDetails<'METHOD_NOT_ALLOWED'>>().toEqualTypeOf<{ method: string; allowed: string[] }>();

// @ts-expect-error: leads.list has no 404.
type _NoSuchStatus = (typeof contract)['leads']['list']['responses'][404];
// @ts-expect-error: no such code.
errorResponses('LEAD_NOT_FOUNT');
// @ts-expect-error: the details of another code.
errorBody('LEAD_NOT_FOUND', { keyId: 'key_1' });
