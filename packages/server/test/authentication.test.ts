import { type Scope, SCOPES } from '@leads/contract';
import { describe, expect, it } from 'vitest';
import { newApiKey } from '../src/auth/api-key.ts';
import { onEachDatabase } from './support/databases.ts';
import { type Call, type Caller, Clock, type OperationId, useCaller, useServer } from './support/server.ts';

onEachDatabase('authentication', (database) => {
  const clock = new Clock();
  const server = useServer(database, { now: clock.now });
  const secondServer = useServer(database, { now: clock.now });
  const acme = useCaller(server);
  const withAuthorization = (authorization: string) => server.send({ method: 'GET', path: '/api/v1/leads', headers: { authorization } });

  describe('401, exactly as published', () => {
    it('MISSING_AUTH_HEADER: no header', async () => {
      const { status, body, headers } = await server.send({ method: 'GET', path: '/api/v1/leads' });
      expect([status, body]).toEqual([401, { success: false, error: 'Missing authorization header', code: 'MISSING_AUTH_HEADER' }]);
      expect(headers['www-authenticate']).toBe('Bearer realm="leads"');
    });

    it.each(['', 'Bearer', 'Basic YTpi', 'Token abc', 'Bearer a b', 'Bearer a,b', 'Bearer  a', 'Bearer\ta', 'bearer:a'])(
      'MALFORMED_AUTH_HEADER: %j',
      async (authorization) => {
        const { status, body } = await withAuthorization(authorization);
        expect([status, body]).toEqual([
          401,
          { success: false, error: 'Malformed authorization header. Expected format: Bearer <token>', code: 'MALFORMED_AUTH_HEADER' },
        ]);
      },
    );

    it.each([
      ['unknown', newApiKey()],
      ['too short', newApiKey().slice(0, -1)],
      ['too long', `${newApiKey()}a`],
      ['of another form', 'abc'],
      ['an injection', "sk-workspace_'or'1'='1"],
      ['15 KiB long', 'a'.repeat(15_000)],
    ])('INVALID_API_KEY: a key that is %s', async (_, key) => {
      const { status, body } = await withAuthorization(`Bearer ${key}`);
      expect([status, body]).toEqual([401, { success: false, error: 'Invalid API key', code: 'INVALID_API_KEY' }]);
    });

    it('INVALID_API_KEY: a key is not found in another case, and the scheme is in any', async () => {
      const flipped = acme.key.replace(/.$/, (last) => (last === last.toLowerCase() ? last.toUpperCase() : last.toLowerCase()));
      if (flipped !== acme.key) expect((await withAuthorization(`Bearer ${flipped}`)).status).toBe(401);
      for (const scheme of ['Bearer', 'bearer', 'BEARER']) expect((await withAuthorization(`${scheme} ${acme.key}`)).status).toBe(200);
    });
  });

  it('401: comes before everything else that is wrong with the request', async () => {
    const answer = await server.send({ method: 'POST', path: '/api/v1/leads?x=1', headers: { 'content-type': 'text/plain' }, body: '{' });
    expect(answer.body.code).toBe('MISSING_AUTH_HEADER');
  });

  describe('403 INSUFFICIENT_SCOPE', () => {
    const needs: Record<Scope, OperationId[]> = {
      'leads:read': ['leads.list', 'leads.get', 'leads.export', 'campaigns.list', 'backups.get', 'jobs.get', 'deletions.get'],
      'leads:write': ['leads.create', 'leads.update', 'leads.archive', 'backups.restore', 'campaigns.enrollLead'],
      'leads:delete': ['leads.delete', 'leads.anonymize', 'leads.bulkDelete', 'backups.delete', 'jobs.cancel'],
      // It is asked for together with leads:delete only.
      'leads:force': [],
      'audit:read': ['auditLog.list'],
      'keys:manage': ['apiKeys.create', 'apiKeys.list', 'apiKeys.rotate', 'apiKeys.revoke'],
    };

    it.each(Object.entries(needs) as [Scope, OperationId[]][])(
      '%s: is what its operations need, and all that they need',
      async (scope, operations) => {
        const others = (Object.keys(SCOPES) as Scope[]).filter((other) => other !== scope);
        const [without, only] = [await server.key(acme.workspaceId, others), await server.key(acme.workspaceId, [scope])];
        for (const operation of operations) {
          const call: Call = {
            params: {
              leadId: 'lead_unknown',
              keyId: 'key_unknown',
              campaignId: 'camp_unknown',
              backupId: 'backup_unknown',
              jobId: 'job_unknown',
            },
          };
          const refused = await without.call(operation, call);
          expect([refused.status, refused.body.details]).toEqual([403, { requiredScopes: [scope], grantedScopes: others }]);
          expect((await only.call(operation, call)).status).not.toBe(403);
        }
      },
    );
  });

  describe('the end of a key', () => {
    const isAlive = async (caller: Caller) => (await caller.call('leads.list')).status === 200;

    it('401 INVALID_API_KEY: from the moment that it expires, on every instance', async () => {
      const brief = await server.key(acme.workspaceId, ['leads:read'], 1);
      clock.advance(0.999);
      expect([await isAlive(brief), await isAlive(brief.at(secondServer))]).toEqual([true, true]);
      clock.advance(0.001);
      expect([await isAlive(brief), await isAlive(brief.at(secondServer))]).toEqual([false, false]);
    });

    it('401 INVALID_API_KEY: at once where it is revoked, within 5 seconds elsewhere', async () => {
      const doomed = await server.key(acme.workspaceId, ['leads:read']);
      expect([await isAlive(doomed), await isAlive(doomed.at(secondServer))]).toEqual([true, true]);
      await acme.call('apiKeys.revoke', { params: { keyId: doomed.keyId } });
      expect(await isAlive(doomed)).toBe(false);
      clock.advance(5);
      expect(await isAlive(doomed.at(secondServer))).toBe(false);
    });

    it('401 INVALID_API_KEY: within 5 seconds, also where the clock was set back meanwhile', async () => {
      const doomed = await server.key(acme.workspaceId, ['leads:read']);
      expect(await isAlive(doomed.at(secondServer))).toBe(true);
      await acme.call('apiKeys.revoke', { params: { keyId: doomed.keyId } });
      clock.advance(-3600);
      expect(await isAlive(doomed.at(secondServer))).toBe(false);
      clock.advance(3600);
    });

    it('401 INVALID_API_KEY: a key that revokes itself is gone with the answer', async () => {
      const own = await server.key(acme.workspaceId, ['keys:manage', 'leads:read']);
      expect((await own.call('apiKeys.revoke', { params: { keyId: own.keyId } })).status).toBe(200);
      expect(await isAlive(own)).toBe(false);
    });

    it('401 INVALID_API_KEY: never comes back through requests that are under way when it is revoked', async () => {
      const doomed = await server.key(acme.workspaceId, ['leads:read']);
      await Promise.all([
        ...Array.from({ length: 8 }, () => isAlive(doomed)),
        acme.call('apiKeys.revoke', { params: { keyId: doomed.keyId } }),
        ...Array.from({ length: 8 }, () => isAlive(doomed)),
      ]);
      expect(await isAlive(doomed)).toBe(false);
    });
  });
});
