import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { CountExchange } from '../src/rate-limit/share-counts.ts';
import { onEachDatabase } from './support/databases.ts';
import { unreachableDatabase } from './support/faulty-databases.ts';
import type { Answer } from '@leads/conformance';
import { Clock, TestServer, useServer } from './support/server.ts';

const LIMIT = 3;

onEachDatabase('rate limit', (database) => {
  const clock = new Clock();
  const server = useServer(database, { now: clock.now, limit: LIMIT });
  const secondServer = useServer(database, { now: clock.now, limit: LIMIT });
  const unlimited = useServer(database, { limit: Infinity });
  const nowSeconds = () => Math.floor(clock.now().getTime() / 1000);
  const standing = ({ headers }: Answer) => ['limit', 'remaining', 'used', 'reset'].map((name) => Number(headers[`x-ratelimit-${name}`]));

  it('200: every answer says where the key stands, refusals of the request included', async () => {
    const caller = await server.workspace();
    const reset = nowSeconds() + 3600;
    expect(standing(await caller.call('leads.list'))).toEqual([LIMIT, 2, 1, reset]);
    clock.advance(10);
    expect(standing(await caller.call('leads.get', { params: { leadId: 'lead_unknown' } }))).toEqual([LIMIT, 1, 2, reset]);
    expect(standing(await caller.call('leads.list', { query: 'foo=1' }))).toEqual([LIMIT, 0, 3, reset]);
  });

  it('429 RATE_LIMIT_EXCEEDED: exactly as published, with Retry-After', async () => {
    const caller = await server.workspace();
    const resetTime = nowSeconds() + 3600;
    for (let i = 0; i < LIMIT; i++) await caller.call('leads.list');
    clock.advance(100);
    const { status, body, headers } = await caller.call('leads.list');
    expect([status, body]).toEqual([
      429,
      {
        success: false,
        error: 'Rate limit exceeded',
        code: 'RATE_LIMIT_EXCEEDED',
        details: { limit: LIMIT, remaining: 0, resetTime, retryAfter: 3500 },
      },
    ]);
    expect(headers['retry-after']).toBe('3500');
  });

  it('429: the hour slides: each request makes place for one an hour after it', async () => {
    const caller = await server.workspace();
    for (let i = 0; i < LIMIT; i++) {
      await caller.call('leads.list');
      clock.advance(600);
    }
    const refused = await caller.call('leads.list');
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '1800']);
    clock.advance(1799);
    expect((await caller.call('leads.list')).status).toBe(429);
    clock.advance(1);
    expect((await caller.call('leads.list')).status).toBe(200);
    expect((await caller.call('leads.list')).headers['retry-after']).toBe('600');
  });

  it('429: refused requests are not counted, and Retry-After holds what it says', async () => {
    const caller = await server.workspace();
    for (let i = 0; i < LIMIT + 20; i++) await caller.call('leads.list');
    const refused = await caller.call('leads.list');
    expect(standing(refused).slice(0, 3)).toEqual([LIMIT, 0, LIMIT]);
    clock.advance(Number(refused.headers['retry-after']));
    expect((await caller.call('leads.list')).status).toBe(200);
  });

  it('429: as many pass as may, however many come at once', async () => {
    const caller = await server.workspace();
    const answers = await Promise.all(Array.from({ length: 20 }, () => caller.call('leads.list')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(LIMIT);
  });

  it('200: every key has a count of its own, also in one workspace', async () => {
    const caller = await server.workspace();
    const colleague = await server.key(caller.workspaceId, ['leads:read']);
    for (let i = 0; i < LIMIT; i++) await caller.call('leads.list');
    expect((await caller.call('leads.list')).status).toBe(429);
    expect((await colleague.call('leads.list')).status).toBe(200);
  });

  it('401: requests without a valid key are not counted and say nothing of a limit', async () => {
    const { headers } = await server.send({ method: 'GET', path: '/api/v1/leads' });
    expect(Object.keys(headers).filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
  });

  it('200: a server without a limit sends no headers of one', async () => {
    const caller = await unlimited.workspace();
    const { headers } = await caller.call('leads.list');
    expect(Object.keys(headers).filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
  });

  it('429: two instances share one count', async () => {
    const caller = await server.workspace();
    const exchanges = [
      new CountExchange(server.db, server.limiter, `inst_a${caller.keyId}`),
      new CountExchange(secondServer.db, secondServer.limiter, `inst_b${caller.keyId}`),
    ];
    const exchange = async () => {
      for (const each of [...exchanges, ...exchanges]) await each.run();
    };
    await exchange();
    await caller.call('leads.list');
    await caller.at(secondServer).call('leads.list');
    await exchange();
    expect(standing(await caller.call('leads.list')).slice(0, 3)).toEqual([LIMIT, 0, 3]);
    await exchange();
    expect((await caller.at(secondServer).call('leads.list')).status).toBe(429);
    expect((await caller.call('leads.list')).status).toBe(429);
  });

  it('200: late news of an older request expires in its turn, and Reset names it', async () => {
    const caller = await server.workspace();
    const exchanges = [
      new CountExchange(server.db, server.limiter, `inst_c${caller.keyId}`),
      new CountExchange(secondServer.db, secondServer.limiter, `inst_d${caller.keyId}`),
    ] as const;
    await caller.at(secondServer).call('leads.list');
    const oldest = nowSeconds();
    clock.advance(10);
    await caller.call('leads.list');
    await exchanges[1].run();
    await exchanges[0].run();
    expect(standing(await caller.call('leads.list'))).toEqual([LIMIT, 0, 3, oldest + 3600]);
    clock.advance(3590);
    expect((await caller.call('leads.list')).status).toBe(200);
  });

  it('429: a count survives the restart of its instance', async () => {
    const before = await new TestServer(database, { now: clock.now, limit: LIMIT }).start();
    const caller = await before.workspace();
    for (let i = 0; i < LIMIT; i++) await caller.call('leads.list');
    await new CountExchange(before.db, before.limiter, `inst_before${caller.keyId}`).run();
    await before.stop();
    const after = await new TestServer(database, { now: clock.now, limit: LIMIT }).start();
    try {
      await new CountExchange(after.db, after.limiter, `inst_after${caller.keyId}`).run();
      expect((await caller.at(after).call('leads.list')).status).toBe(429);
    } finally {
      await after.stop();
    }
  });

  it('reads of other instances only the counts of keys that are used here', async () => {
    const caller = await server.workspace();
    const elsewhere = new CountExchange(secondServer.db, secondServer.limiter, `inst_e${caller.keyId}`);
    const here = new CountExchange(server.db, server.limiter, `inst_f${caller.keyId}`);
    await caller.at(secondServer).call('leads.list');
    await elsewhere.run();
    await here.run();
    expect(server.limiter.knows(caller.keyId)).toBe(false);
    expect(standing(await caller.call('leads.list')).slice(0, 3)).toEqual([LIMIT, 1, 2]);
    // What was read with the key's history is not counted again.
    await here.run();
    expect(standing(await caller.call('leads.list')).slice(0, 3)).toEqual([LIMIT, 0, 3]);
  });

  it('counts what was counted an hour ago to a minute ago, and no more', async () => {
    const caller = await server.workspace();
    await new CountExchange(server.db, server.limiter, `inst_g${caller.keyId}`).run();
    await sql`
      insert into request_counts select ${caller.keyId}, ${nowSeconds()}::bigint - ago, 'inst_other' || ago, 1, now() - make_interval(secs => ago)
      from unnest(array[90, 1800, 3590, 3700]) as ago`.execute(server.db);
    expect(standing(await caller.call('leads.list'))).toEqual([LIMIT, 0, 3, nowSeconds() + 10]);
  });

  it('429: Retry-After and Reset are within the hour, also after the clock was set back', async () => {
    const caller = await server.workspace();
    clock.advance(5 * 3600);
    for (let i = 0; i < LIMIT; i++) await caller.call('leads.list');
    clock.advance(-5 * 3600);
    const refused = await caller.call('leads.list');
    expect([refused.status, refused.headers['retry-after'], standing(refused)[3]]).toEqual([429, '3600', nowSeconds() + 3600]);
    clock.advance(3600);
    expect((await caller.call('leads.list')).status).toBe(200);
  });

  it('429: what could not be handed on, because the database was away, is handed on later', async () => {
    const caller = await server.workspace();
    await caller.call('leads.list');
    const away = unreachableDatabase();
    await expect(new CountExchange(away, server.limiter, `inst_${caller.keyId}`).run()).rejects.toThrow();
    await away.destroy();
    await new CountExchange(server.db, server.limiter, `inst_${caller.keyId}`).run();
    const rows = await server.db.selectFrom('request_counts').select('count').where('key_id', '=', caller.keyId).execute();
    expect(rows).toEqual([{ count: 1 }]);
  });
});
