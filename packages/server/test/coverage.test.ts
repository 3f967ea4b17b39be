import {
  ACTIVITIES_MAX_PER_LEAD,
  BODY_MAX_BYTES,
  CAMPAIGNS_MAX,
  type ErrorCode,
  type OperationMetadata,
  OPERATIONS,
  type Scope,
  SCOPES,
} from '@leads/contract';
import { afterAll, expect, it } from 'vitest';
import { newApiKey } from '../src/auth/api-key.ts';
import { run } from '../src/db/database.ts';
import { newId } from '../src/ids.ts';
import { documentedAnswers, SUCCESS } from './support/contract-check.ts';
import { onEachDatabase } from './support/databases.ts';
import { brokenDatabase, unreachableDatabase } from './support/faulty-databases.ts';
import { leaveKeyPlaces } from './support/key-limit.ts';
import { answered, type Call, type Caller, type OperationId, requestOf, useCaller, useServer } from './support/server.ts';

type CodeOfOperations = Exclude<
  ErrorCode,
  'ROUTE_NOT_FOUND' | 'METHOD_NOT_ALLOWED' | 'BAD_REQUEST' | 'HEADERS_TOO_LARGE' | 'REQUEST_TIMEOUT'
>;
type Provoke = (operation: OperationId) => Promise<unknown>;

const LINE = {
  lead: {
    id: 'lead_0',
    name: 'Ann',
    email: 'ann@example.com',
    phone: null,
    source: null,
    status: 'new',
    metadata: {},
    createdAt: '2024-01-15T10:30:00.000Z',
    updatedAt: '2024-01-15T10:30:00.000Z',
    workspaceId: 'ws_other',
  },
};

const leadParams = async (caller: Caller) => ({ leadId: (await caller.lead()).id as string });
const campaignParams = async (caller: Caller) => ({ campaignId: (await caller.campaign({ status: 'paused' })).id as string });
const aboutLead = async (caller: Caller) => ({ params: await leadParams(caller) });
const enrollment = async (caller: Caller) => ({ params: { ...(await leadParams(caller)), ...(await campaignParams(caller)) } });
const manyEnrollments = async (caller: Caller) => ({ params: await campaignParams(caller), body: { leadIds: [(await caller.lead()).id] } });
const activity = async (caller: Caller) => {
  const { activity: made, params } = await caller.enrolledLead();
  return { params: { leadId: params.leadId, activityId: made.id } };
};
const backup = async (caller: Caller) => ({
  params: { backupId: (await caller.call('backups.create', await aboutLead(caller))).body.data.id },
});
const deletedWithBackup = async (caller: Caller) => {
  const { body } = await caller.call('leads.delete', { ...(await aboutLead(caller)), query: 'backup=true' });
  return body.data as { id: string; backupId: string };
};
const byIds = async (caller: Caller) => ({ body: { ids: [(await caller.lead()).id] } });
const job = async (caller: Caller) => ({
  params: { jobId: (await caller.job('leads.bulkArchive', { source: (await caller.lead({ source: newId('lead') })).source })).id },
});
const waitingJob = async (caller: Caller) => {
  const { source } = await caller.lead({ source: newId('lead') });
  const { planToken } = (await caller.call('leads.bulkArchive', { body: { filter: { source }, dryRun: true } })).body.data;
  const jobId = newId('job');
  // Made without its runner knowing.
  await run(
    caller.server.db,
    `insert into jobs (workspace_id, id, kind, options, status, total, key_id, request_id, created_at, advanced_at)
     values ($1, $2, 'bulk_archive', '{}', 'queued', 0, $3, $4, now(), now())`,
    [caller.workspaceId, jobId, caller.keyId, String(planToken.length)],
  );
  return { params: { jobId } };
};

/** A call that succeeds, of each operation. */
const VALID: Record<OperationId, (caller: Caller) => Promise<Call>> = {
  'leads.create': async () => ({ body: { name: 'Ann', email: 'ann@example.com' } }),
  'leads.list': async () => ({}),
  'leads.stats': async () => ({}),
  'leads.export': async () => ({ query: { status: 'follow_up' } }),
  'leads.exportOne': aboutLead,
  'leads.import': async () => ({ body: JSON.stringify(LINE) }),
  'leads.bulkDelete': byIds,
  'leads.bulkArchive': byIds,
  'leads.bulkAnonymize': byIds,
  'leads.get': aboutLead,
  'leads.update': async (caller) => ({ ...(await aboutLead(caller)), body: { status: 'lost' } }),
  'leads.delete': aboutLead,
  'leads.deletionPreview': aboutLead,
  'leads.archive': aboutLead,
  'leads.unarchive': aboutLead,
  'leads.anonymize': aboutLead,
  'activities.create': async (caller) => ({ ...(await aboutLead(caller)), body: { type: 'call', text: 'Asked for an offer' } }),
  'activities.list': aboutLead,
  'activities.get': activity,
  'activities.delete': activity,
  'campaigns.create': async () => ({ body: { name: 'Spring offer' } }),
  'campaigns.list': async () => ({}),
  'campaigns.get': async (caller) => ({ params: await campaignParams(caller) }),
  'campaigns.update': async (caller) => ({ params: await campaignParams(caller), body: { status: 'active' } }),
  'campaigns.delete': async (caller) => ({ params: await campaignParams(caller) }),
  'campaigns.listLeads': async (caller) => ({ params: await campaignParams(caller) }),
  'campaigns.enroll': manyEnrollments,
  'campaigns.remove': manyEnrollments,
  'campaigns.enrollLead': enrollment,
  'campaigns.removeLead': enrollment,
  'backups.create': aboutLead,
  'backups.list': async () => ({}),
  'backups.get': backup,
  'backups.restore': async (caller) => ({ params: { backupId: (await deletedWithBackup(caller)).backupId } }),
  'backups.delete': backup,
  'jobs.list': async () => ({}),
  'jobs.get': job,
  'jobs.listOutcomes': job,
  'jobs.cancel': waitingJob,
  'deletions.get': async (caller) => ({ params: { leadId: (await deletedWithBackup(caller)).id } }),
  'auditLog.list': async () => ({}),
  'apiKeys.create': async () => ({ body: { name: 'Another', scopes: ['leads:read'] } }),
  'apiKeys.list': async () => ({}),
  'apiKeys.rotate': async (caller) => ({ params: { keyId: (await anotherKey(caller)).keyId }, body: {} }),
  'apiKeys.revoke': async (caller) => ({ params: { keyId: (await anotherKey(caller)).keyId } }),
};

onEachDatabase('every documented answer', (database) => {
  const broken = brokenDatabase(() => new Error('a bug'));
  const away = unreachableDatabase();
  const stuck = { error: (): Promise<Error> => Promise.reject(new Error('not used')) };
  const stuckDb = brokenDatabase(() => stuck.error());
  afterAll(() => Promise.all([broken.destroy(), stuckDb.destroy(), away.destroy()]).then(() => {}));
  const server = useServer(database);
  const strictServer = useServer(database, { limit: 1 });
  const brokenServer = useServer(database, { operationsOn: broken });
  const stuckServer = useServer(database, { operationsOn: stuckDb });
  const awayServer = useServer(database, { operationsOn: away });
  const acme = useCaller(server);
  // A workspace has room for a hundred keys only.
  let busy: Caller | undefined;
  const keysWithout = new Map<Scope, Promise<Caller>>();
  const keyWithout = (scope: Scope) => {
    const others = ALL_SCOPES.filter((other) => other !== scope);
    const key = keysWithout.get(scope) ?? server.key(acme.workspaceId, others);
    keysWithout.set(scope, key);
    return key;
  };

  const withBody = (operation: OperationId, contentType: string, body: string | Buffer) =>
    acme.send({ ...requestOf(operation, { params: ANY_PARAMS }), headers: { 'content-type': contentType }, body });
  const withAuthorization = async (operation: OperationId, authorization: string) =>
    server.send(requestOf(operation, { ...(await VALID[operation](acme)), headers: { authorization } }));

  const PROVOKE: Record<CodeOfOperations | typeof SUCCESS | 'accepted', Provoke> = {
    success: async (operation) => acme.call(operation, await VALID[operation](acme)),
    accepted: async (operation) =>
      acme.job(operation as 'leads.bulkDelete', { source: (await acme.lead({ source: newId('lead') })).source }),
    VALIDATION_ERROR: async (operation) => acme.call(operation, { ...(await VALID[operation](acme)), query: 'unknown=1' }),
    // What is not UTF-8 is refused ahead of the parser, whatever that is.
    INVALID_JSON: (operation) => withBody(operation, rulesOf(operation).mediaType, Buffer.from([0x7b, 0xff])),
    MISSING_AUTH_HEADER: async (operation) => server.send(requestOf(operation, await VALID[operation](acme))),
    INVALID_API_KEY: (operation) => withAuthorization(operation, `Bearer ${newApiKey()}`),
    MALFORMED_AUTH_HEADER: (operation) => withAuthorization(operation, `Basic ${acme.key}`),
    INSUFFICIENT_SCOPE: async (operation) => {
      const { scope } = OPERATIONS.find(({ id }) => id === operation)!.metadata;
      return (await keyWithout(scope)).call(operation, await VALID[operation](acme));
    },
    LEAD_NOT_FOUND: (operation) => withUnknown(operation, 'leadId'),
    API_KEY_NOT_FOUND: (operation) => withUnknown(operation, 'keyId'),
    ACTIVITY_NOT_FOUND: (operation) => withUnknown(operation, 'activityId'),
    CAMPAIGN_NOT_FOUND: (operation) => withUnknown(operation, 'campaignId'),
    BACKUP_NOT_FOUND: (operation) => withUnknown(operation, 'backupId'),
    JOB_NOT_FOUND: (operation) => withUnknown(operation, 'jobId'),
    DELETION_NOT_FOUND: (operation) => withUnknown(operation, 'leadId'),
    PRECONDITION_FAILED: async (operation) =>
      acme.call(operation, { ...(await VALID[operation](acme)), headers: { 'if-match': '"other"' } }),
    CONFIRMATION_TOKEN_INVALID: async (operation) =>
      acme.call(operation, { ...(await VALID[operation](acme)), headers: { 'x-confirmation-token': 'none' } }),
    CONFIRMATION_STALE: async (operation) => {
      const call = await aboutLead(acme);
      const { confirmationToken } = (await acme.call('leads.deletionPreview', call)).body.data;
      await acme.call('leads.update', { ...call, body: { status: 'contacted' } });
      return acme.call(operation, { ...call, headers: { 'x-confirmation-token': confirmationToken } });
    },
    LEAD_IN_USE: async (operation) => acme.call(operation, { params: { leadId: (await acme.enrolledLead()).lead.id } }),
    LEAD_EXISTS: async (operation) => acme.call(operation, await backup(acme)),
    PLAN_TOKEN_INVALID: async (operation) => acme.call(operation, { body: { filter: { status: 'new' }, planToken: 'none' } }),
    PLAN_DRIFTED: async (operation) => {
      const filter = { source: (await acme.lead({ source: newId('lead') })).source };
      const { planToken } = (await acme.call(operation, { body: { filter, dryRun: true } })).body.data;
      await acme.lead(filter);
      return acme.call(operation, { body: { filter, planToken } });
    },
    BULK_REFUSED: async (operation) => acme.call(operation, { body: { ids: [(await acme.lead()).id, 'lead_unknown'], atomic: true } }),
    JOB_FINISHED: async (operation) => acme.call(operation, await job(acme)),
    CAMPAIGN_ACTIVE: async (operation) => acme.call(operation, { params: { campaignId: (await acme.campaign()).id } }),
    CAMPAIGN_LIMIT_REACHED: async (operation) => {
      const full = await server.workspace();
      await run(server.db, FILL_WITH_CAMPAIGNS, [full.workspaceId]);
      return full.call(operation, await VALID[operation](full));
    },
    ACTIVITY_LIMIT_REACHED: async (operation) => {
      const call = await VALID[operation](acme);
      await run(server.db, FILL_WITH_ACTIVITIES, [acme.workspaceId, call.params!['leadId']]);
      return acme.call(operation, call);
    },
    IDEMPOTENCY_KEY_REUSED: async (operation) => {
      const headers = { 'idempotency-key': newId('req') };
      await acme.call('campaigns.create', { body: { name: 'First' }, headers });
      return acme.call(operation, { ...(await VALID[operation](acme)), headers });
    },
    IDEMPOTENCY_KEY_IN_USE: async (operation) => {
      const call = { ...(await VALID[operation](acme)), headers: { 'idempotency-key': newId('req') } };
      const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<Error>()];
      stuck.error = () => {
        reached.resolve();
        return released.promise;
      };
      const first = acme.at(stuckServer).call(operation, call);
      await reached.promise;
      await acme.at(stuckServer).call(operation, call);
      released.resolve(new Error('a bug'));
      await first;
    },
    IDEMPOTENCY_ANSWER_ERASED: async (operation) => {
      const call = { ...(await VALID[operation](acme)), headers: { 'idempotency-key': newId('req') } };
      await acme.call(operation, call);
      await run(server.db, 'update idempotency_keys set answer = null where workspace_id = $1', [acme.workspaceId]);
      return acme.call(operation, call);
    },
    API_KEY_NOT_ACTIVE: async (operation) => {
      const call = await VALID[operation](acme);
      await acme.call('apiKeys.revoke', { params: call.params! });
      return acme.call(operation, call);
    },
    API_KEY_LIMIT_REACHED: async (operation) => {
      const full = await server.workspace();
      const call = await VALID[operation](full);
      await leaveKeyPlaces(full, 0);
      return full.call(operation, call);
    },
    PAYLOAD_TOO_LARGE: (operation) =>
      withBody(operation, rulesOf(operation).mediaType, JSON.stringify('x'.repeat(rulesOf(operation).maxBytes))),
    UNSUPPORTED_MEDIA_TYPE: (operation) => withBody(operation, 'text/plain', '{}'),
    RATE_LIMIT_EXCEEDED: async (operation) => {
      busy ??= (await server.key(acme.workspaceId, ALL_SCOPES)).at(strictServer);
      await busy.call('leads.list');
      return busy.call(operation, await VALID[operation](acme));
    },
    INTERNAL_ERROR: async (operation) => acme.at(brokenServer).call(operation, await VALID[operation](acme)),
    SERVICE_UNAVAILABLE: async (operation) => acme.at(awayServer).call(operation, await VALID[operation](acme)),
  };

  const withUnknown = async (operation: OperationId, name: string) => {
    const call = await VALID[operation](acme);
    return acme.call(operation, { ...call, params: { ...call.params, [name]: 'unknown' } });
  };
  const exercised = () => documentedAnswers().filter((name) => answered.get(database.name)?.has(name));

  it.each(documentedAnswers())('%s', async (name) => {
    const [operation, status, code] = name.split(' ') as [OperationId, string, keyof typeof PROVOKE];
    answered.get(database.name)?.delete(name);
    await PROVOKE[status === '202' ? 'accepted' : code](operation);
    expect(exercised()).toContain(name);
  });

  afterAll(() => {
    console.log(
      `${database.name}: documented (operation × status × code): ${exercised().length} of ${documentedAnswers().length} exercised`,
    );
  });
});

async function anotherKey({ server, workspaceId }: Caller): Promise<Caller> {
  return server.key(workspaceId, ['leads:read']);
}

const ALL_SCOPES = Object.keys(SCOPES) as Scope[];
const ANY_PARAMS = { leadId: 'any', keyId: 'any', campaignId: 'any' };

const FILL_WITH_CAMPAIGNS = `
  insert into campaigns select $1, 'camp_' || n, 'Old', 'completed', now(), now() from generate_series(1, ${CAMPAIGNS_MAX}) as n`;
const FILL_WITH_ACTIVITIES = `
  insert into activities select $1, $2, 'act_' || n, 'note', 'Old', '{}', now(), now() from generate_series(1, ${ACTIVITIES_MAX_PER_LEAD}) as n`;

function rulesOf(operation: OperationId) {
  const { bodyMediaType = 'application/json', bodyMaxBytes = BODY_MAX_BYTES }: OperationMetadata = OPERATIONS.find(
    ({ id }) => id === operation,
  )!.metadata;
  return { mediaType: bodyMediaType, maxBytes: bodyMaxBytes };
}
