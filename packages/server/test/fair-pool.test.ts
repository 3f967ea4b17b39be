import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { forWorkspace, openDatabase, run } from '../src/db/database.ts';
import { WorkspaceBusyError } from '../src/db/fair-pool.ts';
import { inTransaction } from '../src/db/transaction.ts';
import { onEachDatabase } from './support/databases.ts';
import { useServer } from './support/server.ts';

onEachDatabase('the connections of a server', (database) => {
  const server = useServer(database);
  const db = openDatabase(database.connection, database.maxConnections, () => {});
  const [many, one] = [forWorkspace(db, 'many'), forWorkspace(db, 'one')];
  /** How many of them a workspace may have. */
  const part = Math.ceil(database.maxConnections * 0.75);
  afterAll(() => db.destroy());
  afterEach(() => vi.useRealTimers());

  it('are given to workspaces in turns: whoever asks for one does not wait for the many that another asked for', async () => {
    // A connection that is opened first takes longer than many statements.
    await Promise.all(
      Array.from({ length: database.maxConnections }, (_, n) => run(forWorkspace(db, `warm ${n}`), 'select pg_sleep(0.1)', [])),
    );
    let done = 0;
    const slow = Array.from({ length: 60 }, () => run(many, 'select pg_sleep(0.1)', []).then(() => (done += 1)));
    await run(one, 'select 1', []);
    expect(done).toBeLessThanOrEqual(part + 1);
    await Promise.all(slow);
    expect(done).toBe(60);
  });

  it('are not all given to one workspace, unless there is one only', async () => {
    const release = Promise.withResolvers<void>();
    const begun = Array.from({ length: part }, () => Promise.withResolvers<void>());
    const held = begun.map(({ resolve }) =>
      inTransaction(many, async (transaction) => {
        await run(transaction, 'select 1', []);
        resolve();
        await release.promise;
      }),
    );
    await Promise.all(begun.map(({ promise }) => promise));
    let isNext = false;
    const next = run(many, 'select 1', []).then(() => (isNext = true));
    if (part < database.maxConnections) expect(await run(one, 'select 2 as n', [])).toEqual([{ n: 2 }]);
    expect(isNext).toBe(false);
    release.resolve();
    await Promise.all([...held, next]);
  });

  it('are what its requests share: they wait for each other, and those of another workspace do not', async () => {
    const [busy, other] = [await server.workspace(), await server.workspace()];
    for (const caller of [busy, other]) await caller.call('leads.list');
    const release = Promise.withResolvers<void>();
    const held = Array.from({ length: part }, () => inTransaction(forWorkspace(server.db, busy.workspaceId), () => release.promise));
    let isAnswered = false;
    const waiting = busy.call('leads.list').then(({ status }) => {
      isAnswered = true;
      return status;
    });
    if (part < database.maxConnections) expect((await other.call('leads.list')).status).toBe(200);
    expect(isAnswered).toBe(false);
    release.resolve();
    await Promise.all(held);
    expect(await waiting).toBe(200);
  });

  it('fail a workspace that waits for its own for five seconds, or with more than a thousand, and nobody else', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const release = Promise.withResolvers<void>();
    const held = Array.from({ length: part }, () => inTransaction(many, () => release.promise));
    const waiting = Array.from({ length: 1_000 }, () => run(many, 'select 1', []).catch((error: unknown) => error));
    await expect(run(many, 'select 1', [])).rejects.toThrow(WorkspaceBusyError);
    await vi.advanceTimersByTimeAsync(database.name === 'embedded' ? 30_000 : 5_000);
    for (const error of await Promise.all(waiting)) expect(error).toBeInstanceOf(WorkspaceBusyError);
    release.resolve();
    await Promise.all(held);
    expect(await run(many, 'select 3 as n', [])).toEqual([{ n: 3 }]);
    expect(await run(one, 'select 4 as n', [])).toEqual([{ n: 4 }]);
  });
});
