import { CAMPAIGNS_MAX } from '@leads/contract';
import { expect, it } from 'vitest';
import { run } from '../src/db/database.ts';
import { onEachDatabase } from './support/databases.ts';
import { useCaller, useServer } from './support/server.ts';

const times = <T>(count: number, work: (i: number) => Promise<T>) => Promise.all(Array.from({ length: count }, (_, i) => work(i)));

onEachDatabase('concurrent requests', (database) => {
  const server = useServer(database);
  const other = useServer(database);
  const acme = useCaller(server);

  it('200: metadata patches of different keys lose nothing, at any level', async () => {
    const { id } = await acme.lead({ metadata: { kept: true } });
    const answers = await times(40, (i) =>
      acme.call('leads.update', { params: { leadId: id }, body: { metadata: { [`top${i}`]: i, deep: { [`in${i}`]: i } } } }),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200));
    const { metadata } = (await acme.call('leads.get', { params: { leadId: id } })).body.data;
    expect(metadata.kept).toBe(true);
    expect(Object.keys(metadata)).toHaveLength(42);
    expect(Object.keys(metadata.deep)).toHaveLength(40);
  });

  it('200 and 400: large patches at once never exceed the bound together', async () => {
    const { id } = await acme.lead();
    const answers = await times(12, (i) =>
      acme.call('leads.update', { params: { leadId: id }, body: { metadata: { [`k${i}`]: 'x'.repeat(3_000) } } }),
    );
    const done = answers.filter(({ status }) => status === 200).length;
    expect(done).toBe(5);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(7);
    const { metadata } = (await acme.call('leads.get', { params: { leadId: id } })).body.data;
    expect(Object.keys(metadata)).toHaveLength(done);
  });

  it('200 once, else 404 LEAD_NOT_FOUND: several deletes of one lead', async () => {
    const { id } = await acme.lead();
    const answers = await times(6, () => acme.call('leads.delete', { params: { leadId: id } }));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 404, 404, 404, 404, 404]);
  });

  it('200 or 404: a change and a delete of one lead never bring it back', async () => {
    await times(10, async (i) => {
      const { id } = await acme.lead();
      const [changed, deleted] = await Promise.all([
        acme.call('leads.update', { params: { leadId: id }, body: i % 2 ? { metadata: { a: 1 } } : { status: 'lost' } }),
        acme.call('leads.delete', { params: { leadId: id } }),
      ]);
      expect([200, 404]).toContain(changed.status);
      expect(deleted.status).toBe(200);
      expect((await acme.call('leads.get', { params: { leadId: id } })).status).toBe(404);
    });
  });

  it('201: every one of many leads is there, with an id of its own', async () => {
    const caller = await server.workspace();
    const leads = await times(150, (i) => caller.lead({ name: `Lead ${i}` }));
    expect(new Set(leads.map(({ id }) => id)).size).toBe(150);
    const pages = await times(2, (i) => caller.call('leads.list', { query: { limit: 100, page: i + 1, sortBy: 'name' } }));
    expect(new Set(pages.flatMap(({ body }) => body.data.leads.map(({ id }: { id: string }) => id))).size).toBe(150);
  });

  it('200: totals are right at once, whatever is created, deleted and moved at the same time', async () => {
    const caller = await server.workspace();
    const statuses = ['new', 'contacted', 'lost'] as const;
    const sources = [null, 'web', 'fair'];
    const expected = new Map<string, number>();
    const count = (status: string, source: string | null, by: number) => {
      for (const key of ['', `status=${status}`, ...(source ? [`source=${source}`, `status=${status}&source=${source}`] : [])])
        expected.set(key, (expected.get(key) ?? 0) + by);
    };
    await times(60, async (i) => {
      const [status, source] = [statuses[i % 3]!, sources[(i >> 1) % 3]!];
      const { id } = await caller.lead({ status, source });
      if (i % 4 === 0) await caller.call('leads.delete', { params: { leadId: id } });
      else if (i % 4 === 1) {
        const moved = { status: statuses[(i + 1) % 3]!, source: sources[i % 3]! };
        await caller.call('leads.update', { params: { leadId: id }, body: moved });
        count(moved.status, moved.source, 1);
      } else count(status, source, 1);
    });
    for (const [query, total] of expected) {
      const { body } = await caller.call('leads.list', { query: query && `${query}&limit=1` });
      expect([query, body.data.pagination.total]).toEqual([query, total]);
    }
  });

  it('201 and 409 CAMPAIGN_LIMIT_REACHED: a workspace never has more campaigns than it may, however many are made at once', async () => {
    const caller = await server.workspace();
    await run(
      server.db,
      `insert into campaigns select $1, 'camp_' || n, 'Old', 'completed', now(), now() from generate_series(1, $2::integer) as n`,
      [caller.workspaceId, CAMPAIGNS_MAX - 2],
    );
    const answers = await times(20, (i) => caller.at(i % 2 ? server : other).call('campaigns.create', { body: { name: `${i}` } }));
    const refused = answers.filter(({ body }) => body.code === 'CAMPAIGN_LIMIT_REACHED').length;
    expect([answers.filter(({ status }) => status === 201).length, refused]).toEqual([2, 18]);
  });
});
