import { randomUUID } from 'node:crypto';
import { BODY_MAX_BYTES, type ErrorCode, type OperationMetadata, OPERATIONS, type Scope, SCOPES, type OperationId } from '@leads/contract';
import { type BulkOperation, type Calls, requestOf } from './calls.ts';
import { newEmail, newSource, VALID_CALLS } from './valid-calls.ts';

type Provoke = (caller: Calls, operation: OperationId) => Promise<unknown>;

/** How whoever only has a key gets an answer out of an operation, by its code. Codes that need more than a key are not in it. */
export const PROVOKE = {
  success: async (caller, operation) => caller.call(operation, await VALID_CALLS[operation](caller)),
  accepted: async (caller, operation) =>
    caller.job(operation as BulkOperation, { source: (await caller.lead({ source: newSource() })).source }),
  VALIDATION_ERROR: async (caller, operation) => caller.call(operation, { ...(await VALID_CALLS[operation](caller)), query: 'unknown=1' }),
  // What is not UTF-8 is refused ahead of the parser, whatever that is.
  INVALID_JSON: (caller, operation) => withBody(caller, operation, rulesOf(operation).mediaType, Buffer.from([0x7b, 0xff])),
  PAYLOAD_TOO_LARGE: (caller, operation) =>
    withBody(caller, operation, rulesOf(operation).mediaType, JSON.stringify('x'.repeat(rulesOf(operation).maxBytes))),
  UNSUPPORTED_MEDIA_TYPE: (caller, operation) => withBody(caller, operation, 'text/plain', '{}'),
  MISSING_AUTH_HEADER: async (caller, operation) => caller.sendWithoutKey(requestOf(operation, await VALID_CALLS[operation](caller))),
  INVALID_API_KEY: (caller, operation) => withAuthorization(caller, operation, 'Bearer unknown'),
  MALFORMED_AUTH_HEADER: (caller, operation) => withAuthorization(caller, operation, 'Basic YW5uOmFubg=='),
  INSUFFICIENT_SCOPE: async (caller, operation) =>
    withAuthorization(caller, operation, (await caller.only(scopesBut(metadataOf(operation).scope))).authorization),
  LEAD_NOT_FOUND: (caller, operation) =>
    operation === 'erasures.create'
      ? caller.call(operation, { body: { leadId: 'unknown', dryRun: true } })
      : withUnknown(caller, operation, 'leadId'),
  ERASURE_NOT_FOUND: (caller, operation) => withUnknown(caller, operation, 'erasureId'),
  SUPPRESSION_NOT_FOUND: (caller, operation) => withUnknown(caller, operation, 'erasureId'),
  SUPPRESSED: async (caller, operation) => {
    const email = newEmail();
    const params = { leadId: (await caller.lead({ email })).id as string };
    const { backupId } = (await caller.call('leads.delete', { params, query: 'backup=true' })).body.data;
    const other = { leadId: (await caller.lead()).id as string };
    await erase(caller, (await caller.lead({ email })).id);
    return caller.call(operation, {
      params: { ...other, backupId },
      ...(operation !== 'backups.restore' && { body: { name: 'Ann', email } }),
    });
  },
  API_KEY_NOT_FOUND: (caller, operation) => withUnknown(caller, operation, 'keyId'),
  ACTIVITY_NOT_FOUND: (caller, operation) => withUnknown(caller, operation, 'activityId'),
  CAMPAIGN_NOT_FOUND: (caller, operation) => withUnknown(caller, operation, 'campaignId'),
  BACKUP_NOT_FOUND: (caller, operation) => withUnknown(caller, operation, 'backupId'),
  JOB_NOT_FOUND: (caller, operation) => withUnknown(caller, operation, 'jobId'),
  DELETION_NOT_FOUND: (caller, operation) => withUnknown(caller, operation, 'leadId'),
  PRECONDITION_FAILED: async (caller, operation) =>
    caller.call(operation, { ...(await VALID_CALLS[operation](caller)), headers: { 'if-match': '"other"' } }),
  CONFIRMATION_TOKEN_INVALID: async (caller, operation) =>
    caller.call(operation, { ...(await VALID_CALLS[operation](caller)), headers: { 'x-confirmation-token': 'none' } }),
  CONFIRMATION_STALE: async (caller, operation) => {
    const call = await VALID_CALLS['leads.get'](caller);
    const { confirmationToken } = (await caller.call('leads.deletionPreview', call)).body.data;
    await caller.call('leads.update', { ...call, body: { status: 'contacted' } });
    return caller.call(operation, { ...call, headers: { 'x-confirmation-token': confirmationToken } });
  },
  LEAD_IN_USE: async (caller, operation) => {
    const leadId = (await caller.enrolledLead()).lead.id as string;
    return operation === 'erasures.create' ? erase(caller, leadId) : caller.call(operation, { params: { leadId } });
  },
  LEAD_EXISTS: async (caller, operation) => caller.call(operation, await VALID_CALLS['backups.get'](caller)),
  EMAIL_EXISTS: async (caller, operation) => {
    const email = newEmail();
    const params = { leadId: (await caller.lead({ email })).id as string };
    const { backupId } = (await caller.call('leads.delete', { params, query: 'backup=true' })).body.data;
    await caller.lead({ email });
    return caller.call(operation, { params: { backupId } });
  },
  PLAN_TOKEN_INVALID: (caller, operation) => {
    const which = operation === 'erasures.create' ? { leadId: 'any' } : { filter: { status: 'new' } };
    return caller.call(operation, { body: { ...which, planToken: 'none' } });
  },
  PLAN_DRIFTED: async (caller, operation) => {
    if (operation === 'erasures.create') {
      const call = await VALID_CALLS[operation](caller);
      const { leadId } = call.body as { leadId: string };
      await caller.call('backups.create', { params: { leadId } });
      return caller.call(operation, call);
    }
    const filter = { source: (await caller.lead({ source: newSource() })).source };
    const { planToken } = (await caller.call(operation, { body: { filter, dryRun: true } })).body.data;
    await caller.lead(filter);
    return caller.call(operation, { body: { filter, planToken } });
  },
  BULK_REFUSED: async (caller, operation) =>
    caller.call(operation, { body: { ids: [(await caller.lead()).id, 'lead_unknown'], atomic: true } }),
  JOB_FINISHED: async (caller, operation) => caller.call(operation, await VALID_CALLS['jobs.get'](caller)),
  CAMPAIGN_ACTIVE: async (caller, operation) => caller.call(operation, { params: { campaignId: (await caller.campaign()).id } }),
  API_KEY_NOT_ACTIVE: async (caller, operation) => {
    const call = await VALID_CALLS[operation](caller);
    await caller.call('apiKeys.revoke', { params: call.params! });
    return caller.call(operation, call);
  },
  IDEMPOTENCY_KEY_REUSED: async (caller, operation) => {
    const headers = { 'idempotency-key': randomUUID() };
    await caller.call('campaigns.create', { body: { name: 'First' }, headers });
    return caller.call(operation, { ...(await VALID_CALLS[operation](caller)), headers });
  },
} satisfies Partial<Record<ErrorCode | 'success' | 'accepted', Provoke>>;

/** Every scope but these. */
export function scopesBut(...without: readonly Scope[]): Scope[] {
  return (Object.keys(SCOPES) as Scope[]).filter((scope) => !without.includes(scope));
}

async function erase(caller: Calls, leadId: string) {
  const { planToken } = (await caller.call('erasures.create', { body: { leadId, dryRun: true } })).body.data;
  return caller.call('erasures.create', { body: { leadId, planToken } });
}

async function withAuthorization(caller: Calls, operation: OperationId, authorization: string) {
  return caller.call(operation, { ...(await VALID_CALLS[operation](caller)), headers: { authorization } });
}

async function withUnknown(caller: Calls, operation: OperationId, name: string) {
  const call = await VALID_CALLS[operation](caller);
  return caller.call(operation, { ...call, params: { ...call.params, [name]: 'unknown' } });
}

function withBody(caller: Calls, operation: OperationId, contentType: string, body: string | Buffer) {
  const params = { leadId: 'any', keyId: 'any', campaignId: 'any' };
  return caller.send({ ...requestOf(operation, { params }), headers: { 'content-type': contentType }, body });
}

function metadataOf(operation: OperationId): OperationMetadata {
  return OPERATIONS.find(({ id }) => id === operation)!.metadata;
}

function rulesOf(operation: OperationId) {
  const { bodyMediaType = 'application/json', bodyMaxBytes = BODY_MAX_BYTES } = metadataOf(operation);
  return { mediaType: bodyMediaType, maxBytes: bodyMaxBytes };
}
