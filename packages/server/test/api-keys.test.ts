import { API_KEY_PATTERN, API_KEYS_MAX_ACTIVE, ROTATION_OVERLAP_DEFAULT_SECONDS, ROTATION_OVERLAP_MAX_SECONDS } from '@leads/contract';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { CountExchange } from '../src/rate-limit/share-counts.ts';
import { onEachDatabase } from './support/databases.ts';
import { leaveKeyPlaces } from './support/key-limit.ts';
import { Caller, Clock, locations, useCaller, useServer } from './support/server.ts';

onEachDatabase('API keys', (database) => {
  const clock = new Clock();
  const server = useServer(database, { now: clock.now });
  const acme = useCaller(server);
  const inSeconds = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000).toISOString();
  const create = async (caller: Caller, fields: object = {}) =>
    (await caller.call('apiKeys.create', { body: { name: 'New', scopes: ['leads:read'], ...fields } })).body.data;
  const holderOf = ({ id, key, workspaceId }: { id: string; key: string; workspaceId: string }) => new Caller(server, workspaceId, id, key);
  const isAlive = async (caller: Caller) => (await caller.call('leads.list')).status === 200;

  describe('apiKeys.create', () => {
    it('201: gives the secret this once, and it works', async () => {
      const created = await create(acme, { name: 'Ünïque', scopes: ['leads:read', 'leads:write'], expiresAt: inSeconds(60) });
      const { key, ...shown } = created;
      expect(key).toMatch(API_KEY_PATTERN);
      expect(shown).toEqual({
        id: created.id,
        name: 'Ünïque',
        hint: key.slice(-4),
        scopes: ['leads:read', 'leads:write'],
        createdAt: inSeconds(0),
        expiresAt: inSeconds(60),
        lastUsedAt: null,
        revokedAt: null,
        workspaceId: acme.workspaceId,
      });
      expect(await isAlive(holderOf(created))).toBe(true);
      const { body, text } = await acme.call('apiKeys.list');
      expect(body.data.apiKeys.find(({ id }: { id: string }) => id === created.id)).toEqual(shown);
      expect(text).not.toContain(key);
    });

    it.each([
      [{ name: '' }, ['body.name']],
      [{ name: 'a'.repeat(101) }, ['body.name']],
      [{ name: 'a\0' }, ['body.name']],
      [{ scopes: [] }, ['body.scopes']],
      [{ scopes: ['leads:read', 'leads:read'] }, ['body.scopes']],
      [{ scopes: ['leads:read', 'admin'] }, ['body.scopes.1']],
      [{ scopes: 'leads:read' }, ['body.scopes']],
      [{ expiresAt: '2024-01-01' }, ['body.expiresAt']],
      [{ expiresAt: '2024-01-01T00:00:00Z' }, ['body.expiresAt']],
      [{ key: `sk-workspace_${'a'.repeat(51)}`, workspaceId: 'ws_1' }, ['body.key', 'body.workspaceId']],
    ])('400 VALIDATION_ERROR: %j', async (fields, where) => {
      const answer = await acme.call('apiKeys.create', { body: { name: 'New', scopes: ['leads:read'], ...fields } });
      expect([answer.status, [...new Set(locations(answer))]]).toEqual([400, where]);
    });

    it('400 VALIDATION_ERROR: the moment of expiry is in the future', async () => {
      for (const seconds of [0, -1]) {
        const answer = await acme.call('apiKeys.create', { body: { name: 'New', scopes: ['leads:read'], expiresAt: inSeconds(seconds) } });
        expect([answer.status, locations(answer)]).toEqual([400, ['body.expiresAt']]);
      }
    });

    it('201: the latest moment of expiry is the last of the year 9999; 400 VALIDATION_ERROR: after it, whatever the time zone', async () => {
      const caller = await server.workspace();
      expect((await create(caller, { expiresAt: '9999-12-31T23:59:59.999Z' })).expiresAt).toBe('9999-12-31T23:59:59.999Z');
      const later = await caller.call('apiKeys.create', {
        body: { name: 'New', scopes: ['leads:read'], expiresAt: '9999-12-31T23:59:59-00:01' },
      });
      expect([later.status, locations(later)]).toEqual([400, ['body.expiresAt']]);
    });

    it('403 INSUFFICIENT_SCOPE: no key gives what it does not have', async () => {
      const manager = await server.key(acme.workspaceId, ['keys:manage', 'leads:read']);
      const answer = await manager.call('apiKeys.create', {
        body: { name: 'More', scopes: ['leads:read', 'leads:delete', 'leads:write'] },
      });
      expect([answer.status, answer.body.details]).toEqual([
        403,
        { requiredScopes: ['leads:delete', 'leads:write'], grantedScopes: ['keys:manage', 'leads:read'] },
      ]);
    });

    it('409 API_KEY_LIMIT_REACHED: a workspace has 100 active keys and not one more, however many ask at once', async () => {
      const full = await server.workspace();
      await leaveKeyPlaces(full, 3);
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => full.call('apiKeys.create', { body: { name: 'Last', scopes: ['leads:read'] } })),
      );
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 201, 409, 409, 409]);
      expect(answers.find(({ status }) => status === 409)!.body.details).toEqual({ limit: API_KEYS_MAX_ACTIVE });
    });

    it('201: keys that are revoked or expired take no place', async () => {
      const full = await server.workspace();
      const [revoked] = [await create(full), await create(full, { expiresAt: inSeconds(10) })];
      await leaveKeyPlaces(full, 0);
      expect((await full.call('apiKeys.create', { body: { name: 'New', scopes: ['leads:read'] } })).status).toBe(409);
      await full.call('apiKeys.revoke', { params: { keyId: revoked.id } });
      expect((await full.call('apiKeys.create', { body: { name: 'New', scopes: ['leads:read'] } })).status).toBe(201);
      clock.advance(10);
      expect((await full.call('apiKeys.create', { body: { name: 'New', scopes: ['leads:read'] } })).status).toBe(201);
    });
  });

  describe('apiKeys.list', () => {
    it('200: newest first, expired and revoked ones included, each once in a walk', async () => {
      const caller = await server.workspace();
      const made = [caller.keyId];
      for (let i = 0; i < 6; i++) {
        if (i % 2) clock.advance(1);
        made.push((await create(caller, i === 0 ? { expiresAt: inSeconds(0.5) } : {})).id);
      }
      await caller.call('apiKeys.revoke', { params: { keyId: made[2]! } });
      const walked: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const { body } = await caller.call('apiKeys.list', { query: { limit: 3, ...(cursor && { cursor }) } });
        walked.push(...body.data.apiKeys.map(({ id }: { id: string }) => id));
        cursor = body.data.pagination.nextCursor;
      }
      expect(walked.toSorted()).toEqual(made.toSorted());
      expect(walked.at(0)).toBe(made.at(-1));
    });

    it('400 VALIDATION_ERROR: a tampered cursor is refused', async () => {
      const encode = (position: unknown) => Buffer.from(JSON.stringify(position)).toString('base64url');
      const time = inSeconds(0);
      const accepted: string[] = [];
      for (const position of [
        null,
        {},
        { createdAt: time },
        { createdAt: 'x', id: 'y' },
        { createdAt: time, id: '\0' },
        { createdAt: time, id: 1 },
        { createdAt: '-271821-04-20T00:00:00Z', id: 'a' },
      ]) {
        const { status } = await acme.call('apiKeys.list', { query: { cursor: encode(position) } });
        if (status !== 400) accepted.push(`${status} ${JSON.stringify(position)}`);
      }
      expect(accepted).toEqual([]);
    });
  });

  describe('apiKeys.rotate', () => {
    const rotate = (caller: Caller, keyId: string, body: object = {}) => caller.call('apiKeys.rotate', { params: { keyId }, body });
    const shown = async (caller: Caller, keyId: string) =>
      (await caller.call('apiKeys.list', { query: { limit: 100 } })).body.data.apiKeys.find(({ id }: { id: string }) => id === keyId);

    it('201: old and new key work side by side until the overlap ends', async () => {
      const old = await create(acme, { name: 'Rotated', scopes: ['leads:read'] });
      const { status, body } = await rotate(acme, old.id, { overlapSeconds: 60 });
      expect(status).toBe(201);
      expect(body.data).toMatchObject({ name: 'Rotated', scopes: ['leads:read'], expiresAt: null });
      expect([body.data.id === old.id, body.data.key === old.key]).toEqual([false, false]);
      expect((await shown(acme, old.id)).expiresAt).toBe(inSeconds(60));
      clock.advance(59.999);
      expect([await isAlive(holderOf(old)), await isAlive(holderOf(body.data))]).toEqual([true, true]);
      clock.advance(0.001);
      expect([await isAlive(holderOf(old)), await isAlive(holderOf(body.data))]).toEqual([false, true]);
    });

    it('201: without overlap the old key ends with the answer', async () => {
      const old = await create(acme);
      expect(await isAlive(holderOf(old))).toBe(true);
      await rotate(acme, old.id, { overlapSeconds: 0 });
      expect(await isAlive(holderOf(old))).toBe(false);
    });

    it('201: the overlap is a day when nothing is said, and never lengthens a key’s life', async () => {
      const [forever, brief] = [await create(acme), await create(acme, { expiresAt: inSeconds(10) })];
      await rotate(acme, forever.id);
      expect((await shown(acme, forever.id)).expiresAt).toBe(inSeconds(ROTATION_OVERLAP_DEFAULT_SECONDS));
      const { body } = await rotate(acme, brief.id, { overlapSeconds: ROTATION_OVERLAP_MAX_SECONDS });
      expect([(await shown(acme, brief.id)).expiresAt, body.data.expiresAt]).toEqual([brief.expiresAt, brief.expiresAt]);
    });

    it('201: a key can rotate itself', async () => {
      const own = await server.workspace();
      expect((await rotate(own, own.keyId, { overlapSeconds: 0 })).status).toBe(201);
      expect(await isAlive(own)).toBe(false);
    });

    it.each([
      { overlapSeconds: -1 },
      { overlapSeconds: ROTATION_OVERLAP_MAX_SECONDS + 1 },
      { overlapSeconds: 1.5 },
      { overlapSeconds: '60' },
      { overlapSeconds: null },
    ])('400 VALIDATION_ERROR: %j', async (body) => {
      const answer = await rotate(acme, acme.keyId, body);
      expect([answer.status, locations(answer)]).toEqual([400, ['body.overlapSeconds']]);
    });

    it('403 INSUFFICIENT_SCOPE: nobody rotates their way to more scopes', async () => {
      const manager = await server.key(acme.workspaceId, ['keys:manage']);
      const answer = await rotate(manager, acme.keyId, { overlapSeconds: 0 });
      expect([answer.status, answer.body.details.requiredScopes]).toEqual([
        403,
        ['leads:read', 'leads:write', 'leads:delete', 'leads:force', 'audit:read'],
      ]);
      expect(answer.text).not.toContain('sk-workspace_');
      expect(await isAlive(acme)).toBe(true);
    });

    it('409 API_KEY_NOT_ACTIVE: a key that is revoked or expired stays dead', async () => {
      const [revoked, expired] = [await create(acme), await create(acme, { expiresAt: inSeconds(1) })];
      await acme.call('apiKeys.revoke', { params: { keyId: revoked.id } });
      clock.advance(1);
      for (const { id } of [revoked, expired]) {
        const answer = await rotate(acme, id);
        expect([answer.status, answer.body.details]).toEqual([409, { keyId: id }]);
      }
    });

    it('409 API_KEY_LIMIT_REACHED: and then the old key is as it was', async () => {
      const full = await server.workspace();
      const old = await create(full);
      await leaveKeyPlaces(full, 0);
      expect((await rotate(full, old.id, { overlapSeconds: 60 })).status).toBe(409);
      expect((await shown(full, old.id))?.expiresAt ?? null).toBe(null);
      expect((await rotate(full, old.id, { overlapSeconds: 0 })).status).toBe(201);
    });
  });

  describe('apiKeys.revoke', () => {
    it('200: and again, with the same answer', async () => {
      const { id } = await create(acme);
      const first = await acme.call('apiKeys.revoke', { params: { keyId: id } });
      expect(first.body).toEqual({ success: true, message: 'API key revoked successfully', data: { id, revokedAt: inSeconds(0) } });
      clock.advance(5);
      const again = await acme.call('apiKeys.revoke', { params: { keyId: id } });
      expect([again.status, again.body]).toEqual([200, first.body]);
    });

    it.each(['key_unknown', 'a/b', '\0', "' or true --", '👩'])('404 API_KEY_NOT_FOUND: %j', async (keyId) => {
      for (const operation of ['apiKeys.revoke', 'apiKeys.rotate'] as const) {
        const { status, body } = await acme.call(operation, { params: { keyId }, ...(operation === 'apiKeys.rotate' && { body: {} }) });
        expect([status, body.details]).toEqual([404, { keyId, message: 'No API key found with this ID in your workspace' }]);
      }
    });
  });

  it('no secret is stored anywhere, in any form that could be read back', async () => {
    const { key } = await create(acme);
    await acme.call('leads.list');
    const tables = await sql<{
      table: string;
    }>`select quote_ident(table_name) as table from information_schema.tables where table_schema = 'public'`.execute(server.db);
    const dump = await Promise.all(
      tables.rows.map(({ table }) => sql<{ text: string }>`select t::text as text from ${sql.raw(table)} as t`.execute(server.db)),
    );
    const text = dump.flatMap(({ rows }) => rows.map((row) => row.text)).join('\n');
    expect(text).toContain(acme.keyId);
    for (const secret of [key, acme.key]) {
      const random = secret.slice('sk-workspace_'.length);
      for (const form of [
        random,
        random.slice(0, 47),
        Buffer.from(secret).toString('hex'),
        Buffer.from(secret).toString('base64').slice(0, 60),
      ])
        expect(text).not.toContain(form);
    }
  });

  it('lastUsedAt: tells when a key was last used, to within a minute', async () => {
    const used = await create(acme);
    const lastUsedAt = async () =>
      (await acme.call('apiKeys.list', { query: { limit: 100 } })).body.data.apiKeys.find(({ id }: { id: string }) => id === used.id)
        .lastUsedAt;
    expect(await lastUsedAt()).toBe(null);
    const exchange = new CountExchange(server.db, server.limiter, 'inst_last_used');
    for (const seconds of [0, 60]) {
      clock.advance(seconds);
      await holderOf(used).call('leads.list');
      await exchange.run();
      expect(Math.abs(Date.parse(await lastUsedAt()) - clock.now().getTime())).toBeLessThan(60_000);
    }
  });
});
