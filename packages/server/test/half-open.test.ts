import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { MovingAddress } from './crash/moving-address.ts';
import { TestServer } from './support/server.ts';

/** Longer than a statement may take, with what it takes the answer to come. */
const LIMIT_MS = 11_000;

// The embedded database is reached on no wire.
const database = inject('databases').find(({ name }) => name === 'postgresql')!;

describe.skipIf(!database)('connections to PostgreSQL that swallow everything', () => {
  afterEach(() => vi.useRealTimers());

  it('are noticed within the time of a statement: 503 SERVICE_UNAVAILABLE, and the next requests have new ones', async () => {
    await using address = await MovingAddress.create(database.connection.port);
    const connection = { ...database.connection, host: '127.0.0.1', port: address.port };
    const server = await new TestServer({ ...database, connection }).start();
    try {
      const caller = await server.workspace();
      const list = () => caller.call('leads.list');
      // As many as there may be.
      await Promise.all(Array.from({ length: database.maxConnections }, list));
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      address.goSilent();
      const lost = list();
      await address.swallowed;
      await vi.advanceTimersByTimeAsync(LIMIT_MS);
      const { status, body } = await lost;
      expect([status, body.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
      vi.useRealTimers();
      const answers = await Promise.all(Array.from({ length: database.maxConnections }, list));
      expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200));
    } finally {
      await server.stop();
    }
  });
});
