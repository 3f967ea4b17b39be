import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Database, forWorkspace, openDatabase, run, runShort } from '../src/db/database.ts';
import { WorkspaceBusyError } from '../src/db/fair-pool.ts';
import { inTransaction } from '../src/db/transaction.ts';
import { onEachDatabase } from './support/databases.ts';
import { useServer } from './support/server.ts';

onEachDatabase('the connections of a server', (database) => {
  const server = useServer(database);
  /** How many of them a workspace may have: alone, and beside others. */
  const [part, fewer] = [0.75, 0.1].map((share) => Math.ceil(database.maxConnections * share)) as [number, number];
  let db: Database;
  let many: Database;
  let one: Database;
  beforeEach(() => {
    db = openDatabase(database.connection, database.maxConnections, () => {});
    [many, one] = [forWorkspace(db, 'many'), forWorkspace(db, 'one')];
    return () => db.destroy();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

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
    const held = hold(many, part);
    await expect.poll(() => held.begun).toBe(part);
    let isNext = false;
    const next = run(many, 'select 1', []).then(() => (isNext = true));
    if (part < database.maxConnections) expect(await run(one, 'select 2 as n', [])).toEqual([{ n: 2 }]);
    expect(isNext).toBe(false);
    await held.release();
    await next;
  });

  it('are fewer for a workspace while others ask for some, too, and more again once they have not asked for a second', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    await run(one, 'select 1', []);
    const held = hold(many, part + 1);
    await expect.poll(() => held.begun).toBe(fewer);
    if (fewer < database.maxConnections) expect(await run(one, 'select 5 as n', [])).toEqual([{ n: 5 }]);
    expect(held.begun).toBe(fewer);
    vi.advanceTimersByTime(1_000);
    held.releaseOne();
    await expect.poll(() => held.begun).toBe(1 + part);
    await held.release();
  });

  it('are what its requests share: they wait for each other, and those of another workspace do not', async () => {
    const [busy, other] = [await server.workspace(), await server.workspace()];
    for (const caller of [busy, other]) await caller.call('leads.list');
    const held = hold(forWorkspace(server.db, busy.workspaceId), part);
    await expect.poll(() => held.begun).toBeGreaterThanOrEqual(fewer);
    let isAnswered = false;
    const waiting = busy.call('leads.list').then(({ status }) => {
      isAnswered = true;
      return status;
    });
    if (part < database.maxConnections) expect((await other.call('leads.list')).status).toBe(200);
    expect(isAnswered).toBe(false);
    await held.release();
    expect(await waiting).toBe(200);
  });

  it('fail a workspace that waits for its own for five seconds, or with more than a thousand, and nobody else', async () => {
    const held = hold(many, part);
    await expect.poll(() => held.begun).toBe(part);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const waiting = Array.from({ length: 1_000 }, () => run(many, 'select 1', []).catch((error: unknown) => error));
    await expect(run(many, 'select 1', [])).rejects.toThrow(WorkspaceBusyError);
    await vi.advanceTimersByTimeAsync(database.name === 'embedded' ? 30_000 : 5_000);
    for (const error of await Promise.all(waiting)) expect(error).toBeInstanceOf(WorkspaceBusyError);
    await held.release();
    expect(await run(many, 'select 3 as n', [])).toEqual([{ n: 3 }]);
    expect(await run(one, 'select 4 as n', [])).toEqual([{ n: 4 }]);
  });

  it('are used by several short statements that wait: each has its own answer, or its own error', async () => {
    const held = hold(many, part);
    await expect.poll(() => held.begun).toBe(part);
    const statements = Array.from({ length: 20 }, (_, n) => runShort<{ n: number }>(many, 'select 12 / $1::integer as n', [n % 5]));
    held.releaseOne();
    const outcomes = await Promise.allSettled(statements);
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value[0]!.n : outcome.reason.code))).toEqual(
      Array.from({ length: 20 }, (_, n) => (n % 5 === 0 ? '22012' : Math.trunc(12 / (n % 5)))),
    );
    await held.release();
  });

  it('are given to a short statement together with another one that waits, ahead of what waits between them', async () => {
    const held = hold(many, part);
    await expect.poll(() => held.begun).toBe(part);
    const order: string[] = [];
    const ends = (name: string) => () => void order.push(name);
    const waiting = [
      runShort(many, 'select 1', []).then(ends('short')),
      run(many, 'select 1', []).then(ends('whole')),
      runShort(many, 'select 1', []).then(ends('short, too')),
    ];
    held.releaseOne();
    await Promise.all(waiting);
    expect(order).toEqual(['short', 'short, too', 'whole']);
    await held.release();
  });

  it('that break fail the short statements on them, and nothing after those', async () => {
    const held = hold(many, part);
    await expect.poll(() => held.begun).toBe(part);
    // The embedded database has one session, and does not end it.
    const statements = ['select pg_terminate_backend(pg_backend_pid())', 'select 1', 'select 2'].map((sql) => runShort(many, sql, []));
    const behind = run(many, 'select 7 as n', []);
    held.releaseOne();
    const failed = (await Promise.allSettled(statements)).map(({ status }) => status === 'rejected');
    expect(failed).toEqual(database.name === 'embedded' ? [false, false, false] : [true, true, true]);
    expect(await behind).toEqual([{ n: 7 }]);
    await held.release();
  });
});

/** Transactions that have begun, or wait for that, until they are released. */
function hold(db: Database, count: number) {
  let begun = 0;
  const ends = Array.from({ length: count }, () => Promise.withResolvers<void>());
  const held = ends.map(({ promise }) =>
    inTransaction(db, async (transaction) => {
      await run(transaction, 'select 1', []);
      begun += 1;
      await promise;
    }),
  );
  return {
    get begun() {
      return begun;
    },
    releaseOne: () => ends[0]!.resolve(),
    release() {
      for (const { resolve } of ends) resolve();
      return Promise.all(held);
    },
  };
}
