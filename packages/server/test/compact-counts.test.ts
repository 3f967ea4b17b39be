import { expect, it } from 'vitest';
import { compactCounts } from '../src/compact-counts.ts';
import { run } from '../src/db/database.ts';
import { inTransaction } from '../src/db/transaction.ts';
import { onEachDatabase } from './support/databases.ts';
import { useServer } from './support/server.ts';

onEachDatabase('the counters of leads', (database) => {
  const server = useServer(database);
  // It pauses so that others are not held up, and other suites leave many counters to go through.
  const compact = () => compactCounts(server.db, new AbortController().signal, async () => {});
  const rowsOf = async (workspaceId: string) => {
    const [rows] = await run<Record<string, number>>(
      server.db,
      `select (select count(*)::integer from lead_counts where workspace_id = $1) as counts,
         (select count(*)::integer from lead_counts_by_day where workspace_id = $1) as days`,
      [workspaceId],
    );
    return rows!;
  };

  it('go with the last lead that they count, so that the name of a source goes, too', async () => {
    const caller = await server.workspace();
    const kept = await caller.lead({ source: 'kept' });
    const leads = await Promise.all(Array.from({ length: 20 }, (_, n) => caller.lead({ source: `Jane ${n}` })));
    await caller.call('leads.bulkDelete', { body: { ids: leads.map(({ id }) => id) } });
    await compact();
    expect(await run(server.db, 'select distinct source from lead_counts where workspace_id = $1', [caller.workspaceId])).toEqual([
      { source: 'kept' },
    ]);
    expect((await caller.call('leads.stats')).body.data.total).toBe(1);
    await caller.call('leads.delete', { params: { leadId: kept.id } });
    await compact();
    expect(await rowsOf(caller.workspaceId)).toEqual({ counts: 0, days: 0 });
  });

  it('of one thing become one where one of them is used up, and their sum stays', async () => {
    const { workspaceId } = await server.workspace();
    const counts = [7, -2, 0, 1];
    for (const [slot, count] of counts.entries()) {
      await run(server.db, `insert into lead_counts values ($1, 'new', 'many', $2, $3), ($1, 'lost', 'sound', $2, 5)`, [
        workspaceId,
        slot,
        count,
      ]);
      await run(server.db, `insert into lead_counts_by_day values ($1, '2024-01-16', $2, $3)`, [workspaceId, slot, count]);
    }
    await compact();
    const left = 'select source, count::integer from lead_counts where workspace_id = $1 order by source, slot';
    const sound = Array.from({ length: 4 }, () => ({ source: 'sound', count: 5 }));
    expect(await run(server.db, left, [workspaceId])).toEqual([{ source: 'many', count: 6 }, ...sound]);
    expect(await run(server.db, 'select count::integer from lead_counts_by_day where workspace_id = $1', [workspaceId])).toEqual([
      { count: 6 },
    ]);
  });

  it('are right after leads came and went while they were compacted', async () => {
    const callers = await Promise.all([server.workspace(), server.workspace()]);
    const ended = new AbortController();
    const compacted = (async () => {
      while (!ended.signal.aborted) await compact();
    })();
    await Promise.all(
      callers.flatMap((caller) =>
        Array.from({ length: 8 }, async () => {
          for (let n = 0; n < 15; n++) {
            const { id } = await caller.lead({ source: `source ${n % 3}` });
            if (n % 5) await caller.call('leads.delete', { params: { leadId: id } });
          }
        }),
      ),
    );
    ended.abort();
    await compacted;
    for (const caller of callers) {
      const { total, bySource } = (await caller.call('leads.stats')).body.data;
      expect(total).toBe(24);
      expect(JSON.stringify(bySource)).toContain('source 0');
      const [wrong] = await run(
        server.db,
        `select 1 from (select source, status, count(*) as count from leads where workspace_id = $1 group by 1, 2) as real
         full join (select source, status, sum(count) as count from lead_counts where workspace_id = $1 group by 1, 2) as kept using (source, status)
         where coalesce(real.count, 0) <> coalesce(kept.count, 0)`,
        [caller.workspaceId],
      );
      expect(wrong).toBeUndefined();
    }
  });

  it.skipIf(database.name === 'embedded')('that are in use are passed over: nobody waits for another', async () => {
    const { workspaceId } = await server.workspace();
    await run(server.db, `insert into lead_counts values ($1, 'new', 'used', 1, 0), ($1, 'new', 'used', 2, 0)`, [workspaceId]);
    await inTransaction(server.db, async (transaction) => {
      await run(transaction, 'update lead_counts set count = 1 where workspace_id = $1 and slot = 1', [workspaceId]);
      await compact();
      expect(await rowsOf(workspaceId)).toMatchObject({ counts: 1 });
    });
    await compact();
    expect(await rowsOf(workspaceId)).toMatchObject({ counts: 1 });
  });
});
