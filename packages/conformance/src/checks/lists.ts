import type { Check } from '../check.ts';
import type { Calls } from '../calls.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newSource } from '../valid-calls.ts';

type Lead = { id: string; name: string; email: string; createdAt: string };

async function page(
  caller: Calls,
  query: Record<string, string | number>,
): Promise<{ leads: Lead[]; pagination: Record<string, number | boolean | string | null> }> {
  return (await caller.call('leads.list', { query })).body.data;
}

async function makeLeads(caller: Calls, source: string, count: number): Promise<Lead[]> {
  const leads: Lead[] = [];
  for (let n = 0; n < count; n++)
    leads.push(await caller.lead({ source, name: `Lead ${String(n).padStart(2, '0')}`, email: `lead${n}@example.com` }));
  return leads;
}

/** What is promised of lists. */
export const listChecks: readonly Check[] = [
  {
    name: 'list: a walk by cursor neither repeats nor skips a lead while others are deleted and created',
    async run({ caller }) {
      const source = newSource();
      await makeLeads(caller, source, 12);
      const before = (await page(caller, { source, limit: 100 })).leads.map(({ id }) => id);
      const seen: string[] = [];
      let cursor: unknown;
      do {
        const { leads: found, pagination } = await page(caller, { source, limit: 3, ...(typeof cursor === 'string' && { cursor }) });
        seen.push(...found.map(({ id }) => id));
        cursor = pagination['nextCursor'];
        if (seen.length === 3) {
          // One goes that was read, one that was not, and a new one comes.
          await caller.call('leads.delete', { params: { leadId: before[0]! } });
          await caller.call('leads.delete', { params: { leadId: before.at(-1)! } });
          await caller.lead({ source });
        }
        demand(seen.length <= 20, 'the walk does not end');
      } while (cursor !== null);
      demandEqual(seen, before.slice(0, -1), 'the walk');
    },
  },
  {
    name: 'list: numbered pages show every lead once, and say where they stand',
    async run({ caller }) {
      const source = newSource();
      await makeLeads(caller, source, 5);
      const all = (await page(caller, { source, limit: 100 })).leads.map(({ id }) => id);
      const seen: string[] = [];
      for (const number of [1, 2, 3]) {
        const { leads: found, pagination } = await page(caller, { source, limit: 2, page: number });
        seen.push(...found.map(({ id }) => id));
        const { nextCursor: _, ...rest } = pagination;
        demandEqual(rest, { page: number, limit: 2, total: 5, totalPages: 3, hasNext: number < 3, hasPrev: number > 1 }, `page ${number}`);
      }
      demandEqual(seen, all, 'the leads of one page');
    },
  },
  {
    name: 'list: filters by status, e-mail address and any part of name or address, in any case',
    async run({ caller }) {
      const source = newSource();
      const ann = await caller.lead({ source, name: 'Ann Ångström', email: 'ann.unique@example.com', status: 'lost' });
      const bob = await caller.lead({ source, name: 'Bob', email: 'bob@example.org', status: 'new' });
      const ids = async (query: Record<string, string>) => (await page(caller, { source, ...query })).leads.map(({ id }) => id);
      demandEqual(await ids({ status: 'lost' }), [ann.id], 'by status');
      demandEqual(await ids({ email: 'bob@example.org' }), [bob.id], 'by e-mail address');
      demandEqual(await ids({ search: 'NN ÅNG' }), [ann.id], 'by part of the name');
      demandEqual(await ids({ search: 'N.UNIQ' }), [ann.id], 'by part of the address');
      demandEqual(await ids({ search: '%' }), [], 'by a character that means something to a database');
      demandEqual(new Set(await ids({})), new Set([ann.id, bob.id]), 'by source');
    },
  },
  {
    name: 'list: sorts as it is asked',
    async run({ caller }) {
      const source = newSource();
      const leads = await makeLeads(caller, source, 4);
      for (const sortBy of ['name', 'email', 'createdAt'] as const) {
        const up = leads.map((lead) => lead[sortBy]);
        for (const sortOrder of ['asc', 'desc']) {
          const found = (await page(caller, { source, sortBy, sortOrder })).leads.map((lead) => lead[sortBy]);
          demandEqual(found, sortOrder === 'asc' ? up : up.toReversed(), `by ${sortBy}, ${sortOrder}`);
        }
      }
    },
  },
  {
    name: 'stats: count every lead once by status, and follow each change',
    async run({ caller }) {
      const stats = async () => (await caller.call('leads.stats')).body.data as { total: number; byStatus: Record<string, number> };
      const before = await stats();
      const { id } = await caller.lead({ status: 'qualified' });
      const after = await stats();
      demandEqual([after.total - before.total, after.byStatus['qualified']! - before.byStatus['qualified']!], [1, 1], 'after a creation');
      await caller.call('leads.delete', { params: { leadId: id } });
      demandEqual(await stats(), before, 'after its deletion');
    },
  },
];
