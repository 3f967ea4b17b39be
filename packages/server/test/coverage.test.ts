import { BODY_MAX_BYTES, type ErrorCode, OPERATIONS, type Scope, SCOPES } from '@leads/contract';
import { afterAll, expect, it } from 'vitest';
import { newApiKey } from '../src/auth/api-key.ts';
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

/** A call that succeeds, of each operation. */
const VALID: Record<OperationId, (caller: Caller) => Promise<Call>> = {
  'leads.create': async () => ({ body: { name: 'Ann', email: 'ann@example.com' } }),
  'leads.list': async () => ({}),
  'leads.get': async (caller) => ({ params: { leadId: (await caller.lead()).id } }),
  'leads.update': async (caller) => ({ params: { leadId: (await caller.lead()).id }, body: { status: 'lost' } }),
  'leads.delete': async (caller) => ({ params: { leadId: (await caller.lead()).id } }),
  'apiKeys.create': async () => ({ body: { name: 'Another', scopes: ['leads:read'] } }),
  'apiKeys.list': async () => ({}),
  'apiKeys.rotate': async (caller) => ({ params: { keyId: (await anotherKey(caller)).keyId }, body: {} }),
  'apiKeys.revoke': async (caller) => ({ params: { keyId: (await anotherKey(caller)).keyId } }),
};

onEachDatabase('every documented answer', (database) => {
  const broken = brokenDatabase(() => new Error('a bug'));
  const away = unreachableDatabase();
  afterAll(() => Promise.all([broken.destroy(), away.destroy()]).then(() => {}));
  const server = useServer(database);
  const strictServer = useServer(database, { limit: 1 });
  const brokenServer = useServer(database, { operationsOn: broken });
  const awayServer = useServer(database, { operationsOn: away });
  const acme = useCaller(server);

  const withBody = (operation: OperationId, contentType: string, body: string) =>
    acme.send({ ...requestOf(operation, { params: { leadId: 'any', keyId: 'any' } }), headers: { 'content-type': contentType }, body });
  const withAuthorization = async (operation: OperationId, authorization: string) =>
    server.send(requestOf(operation, { ...(await VALID[operation](acme)), headers: { authorization } }));

  const PROVOKE: Record<CodeOfOperations | typeof SUCCESS, Provoke> = {
    success: async (operation) => acme.call(operation, await VALID[operation](acme)),
    VALIDATION_ERROR: async (operation) => acme.call(operation, { ...(await VALID[operation](acme)), query: 'unknown=1' }),
    INVALID_JSON: (operation) => withBody(operation, 'application/json', '{"name":'),
    MISSING_AUTH_HEADER: async (operation) => server.send(requestOf(operation, await VALID[operation](acme))),
    INVALID_API_KEY: (operation) => withAuthorization(operation, `Bearer ${newApiKey()}`),
    MALFORMED_AUTH_HEADER: (operation) => withAuthorization(operation, `Basic ${acme.key}`),
    INSUFFICIENT_SCOPE: async (operation) => {
      const { scope } = OPERATIONS.find(({ id }) => id === operation)!.metadata;
      const others = (Object.keys(SCOPES) as Scope[]).filter((other) => other !== scope);
      return (await server.key(acme.workspaceId, others)).call(operation, await VALID[operation](acme));
    },
    LEAD_NOT_FOUND: async (operation) => acme.call(operation, { ...(await VALID[operation](acme)), params: { leadId: 'lead_unknown' } }),
    API_KEY_NOT_FOUND: async (operation) => acme.call(operation, { ...(await VALID[operation](acme)), params: { keyId: 'key_unknown' } }),
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
    PAYLOAD_TOO_LARGE: (operation) => withBody(operation, 'application/json', JSON.stringify('x'.repeat(BODY_MAX_BYTES))),
    UNSUPPORTED_MEDIA_TYPE: (operation) => withBody(operation, 'text/plain', '{}'),
    RATE_LIMIT_EXCEEDED: async (operation) => {
      const busy = (await server.key(acme.workspaceId, Object.keys(SCOPES) as Scope[])).at(strictServer);
      await busy.call('leads.list');
      return busy.call(operation, await VALID[operation](acme));
    },
    INTERNAL_ERROR: async (operation) => acme.at(brokenServer).call(operation, await VALID[operation](acme)),
    SERVICE_UNAVAILABLE: async (operation) => acme.at(awayServer).call(operation, await VALID[operation](acme)),
  };

  const exercised = () => documentedAnswers().filter((name) => answered.get(database.name)?.has(name));

  it.each(documentedAnswers())('%s', async (name) => {
    const [operation, , code] = name.split(' ') as [OperationId, string, keyof typeof PROVOKE];
    answered.get(database.name)?.delete(name);
    await PROVOKE[code](operation);
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
