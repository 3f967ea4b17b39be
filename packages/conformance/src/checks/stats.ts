import { LeadStatusSchema, type LeadStatus } from '@leads/contract';
import type { Calls } from '../calls.ts';
import type { Check } from '../check.ts';
import { demand, demandEqual, holdsOnce } from '../mismatch.ts';
import { newRecord, newSource } from '../valid-calls.ts';

interface Stats {
  readonly total: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly bySource: readonly { readonly source: string | null; readonly count: number }[];
  readonly otherSources: number;
  readonly byDay: readonly { readonly day: string; readonly count: number }[];
}

const statsOf = async (caller: Calls, query: Record<string, string> = {}): Promise<Stats> =>
  (await caller.call('leads.stats', { query })).body.data;
const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
const ofSource = ({ bySource }: Stats, wanted: string) => bySource.find(({ source }) => source === wanted)?.count ?? 0;

/** More than any other source is likely to have, so that it is among the first. */
const LEADS = 30;

/** What is promised of the statistics. What others do in the workspace meanwhile must not matter. */
export const statsChecks: readonly Check[] = [
  {
    name: 'stats: statuses and sources each make up the total, most first',
    async run({ caller }) {
      await caller.lead({ source: newSource() });
      const { total, byStatus, bySource, otherSources } = await statsOf(caller);
      const counts = bySource.map(({ count }) => count);
      demandEqual([sum(Object.values(byStatus)), sum(counts) + otherSources], [total, total], 'the sums');
      demandEqual(
        counts,
        counts.toSorted((a, b) => b - a),
        'the order of the sources',
      );
    },
  },
  {
    name: 'stats: count the leads of each day from its first to its last millisecond',
    async run({ caller }) {
      const year = 1000 + Math.floor(Math.random() * 800);
      const day = (n: number) => `${year}-03-0${n}`;
      const moments = ['1T00:00:00.000', '1T23:59:59.999', '2T00:00:00.000', '4T12:00:00.000', '4T12:00:00.001', '4T12:00:00.002'];
      const ids = await importLeads(
        caller,
        newSource(),
        moments.map((rest) => ({ createdAt: `${year}-03-0${rest}Z` })),
      );
      const days = async (from: number, to: number) => (await statsOf(caller, { from: day(from), to: day(to) })).byDay;
      const counted = (...counts: [number, number][]) => counts.map(([n, count]) => ({ day: day(n), count }));
      demandEqual(await days(1, 5), counted([1, 2], [2, 1], [4, 3]), 'five days');
      demandEqual(await days(2, 3), counted([2, 1]), 'two days');
      demandEqual(await days(3, 3), [], 'a day without any');
      await caller.call('leads.delete', { params: { leadId: ids[0]! } });
      await caller.call('leads.bulkDelete', { body: { ids: ids.slice(3) } });
      demandEqual(await days(1, 5), counted([1, 1], [2, 1]), 'after deletions');
      const { status } = await caller.call('leads.stats', { query: { from: day(2), to: day(1) } });
      demandEqual(status, 400, 'a span that ends before it begins');
    },
  },
  {
    name: 'stats: count today when no days are named',
    async run({ caller }) {
      const { createdAt } = await caller.lead({ source: newSource() });
      demand(
        (await statsOf(caller)).byDay.some(({ day }) => createdAt.startsWith(day)),
        'today is not among the days',
      );
    },
  },
  {
    name: 'stats: count each source, and follow each change',
    async run({ caller }) {
      const [source, target] = [newSource(), newSource()];
      const ids = await importLeads(
        caller,
        source,
        Array.from({ length: LEADS }, () => ({})),
      );
      const counted = async () => {
        const stats = await statsOf(caller);
        return [ofSource(stats, source), ofSource(stats, target)];
      };
      // Where there are many other sources, one may be counted with the rest.
      if ((await statsOf(caller)).otherSources === 0) {
        demandEqual(await counted(), [LEADS, 0], 'after an import');
        for (const leadId of ids.slice(0, 2)) await caller.call('leads.update', { params: { leadId }, body: { source: target } });
        await caller.call('leads.anonymize', { params: { leadId: ids[2]! } });
        await caller.call('leads.archive', { params: { leadId: ids[3]! } });
        demandEqual(await counted(), [LEADS - 2, 2], 'after updates, an anonymization and an archive');
        await caller.call('leads.delete', { params: { leadId: ids[0]! } });
        await caller.call('leads.bulkDelete', { body: { ids: ids.slice(1, 5) } });
        demandEqual(await counted(), [LEADS - 5, 0], 'after deletions');
      } else demand(await counted(), 'no counts');
    },
  },
  ...LeadStatusSchema.options.map((status): Check => ({
    name: `stats: count what is ${status}, and no more once it is not`,
    run: ({ caller }) => followStatus(caller, status),
  })),
];

/** Others may come and go between two looks: one quiet moment is enough, and a wrong count has none. */
function followStatus(caller: Calls, status: LeadStatus): Promise<void> {
  const other = status === 'new' ? 'lost' : 'new';
  const delta = (before: Stats, after: Stats) => [
    after.total - before.total,
    after.byStatus[status]! - before.byStatus[status]!,
    after.byStatus[other]! - before.byStatus[other]!,
  ];
  return holdsOnce(async () => {
    const before = await statsOf(caller);
    const { id } = await caller.lead({ status });
    const made = await statsOf(caller);
    demandEqual(delta(before, made), [1, 1, 0], 'the changes of total and counts after a creation');
    await caller.call('leads.update', { params: { leadId: id }, body: { status: other } });
    const changed = await statsOf(caller);
    demandEqual(delta(made, changed), [0, -1, 1], 'after another status');
    await caller.call('leads.delete', { params: { leadId: id } });
    demandEqual(delta(changed, await statsOf(caller)), [-1, 0, -1], 'after the deletion');
  });
}

async function importLeads(caller: Calls, source: string, leads: readonly object[]): Promise<string[]> {
  const records = leads.map((fields) => newRecord({ source, ...fields }));
  await caller.call('leads.import', { body: records.map((record) => JSON.stringify(record)).join('\n') });
  return records.map(({ lead }) => lead.id);
}
