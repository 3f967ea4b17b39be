import { setTimeout as wait } from 'node:timers/promises';
import { type LeadStatus, LeadStatusSchema, STATS_MAX_DAYS } from '@leads/contract';
import type { Calls } from '../calls.ts';
import type { Check } from '../check.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newEmail, newRecord, newSource } from '../valid-calls.ts';

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

/** So many leads that what passers-by do at the same time is less than half of it, and few enough to be over soon. */
const MANY = 200;
/** A server that counts wrong does so alike so many times in a row: what others do at the same time does not. */
const ALIKE_MAX = 4;
const ATTEMPTS_MAX = 60;
/** How often it is tried with a single lead, whose change any passer-by may hide. */
const SINGLE_ATTEMPTS_MAX = 30;
/** How much longer the pauses between two attempts become, up to some of them. */
const PAUSE_MS = 500;
const PAUSES_MAX = 12;

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
    name: 'stats: count 30 days up to the last, and up to today when that is not named, and no more than a year and a day',
    async run({ caller }) {
      const year = 1000 + Math.floor(Math.random() * 800);
      const dayOf = (at: string, days: number) => new Date(Date.parse(at) + days * 86_400_000).toISOString().slice(0, 10);
      const last = `${year}-05-30`;
      const { createdAt: now } = await caller.lead();
      const days = [dayOf(last, -30), dayOf(last, -29), last, dayOf(last, 1), dayOf(now, -30), dayOf(now, -29)];
      const moments = days.flatMap((day) => [`${day}T00:00:00.000Z`, `${day}T23:59:59.999Z`]);
      await importLeads(
        caller,
        newSource(),
        moments.map((createdAt) => ({ createdAt })),
      );
      const { byDay } = await statsOf(caller, { to: last });
      demandEqual(
        byDay,
        [days[1]!, last].map((day) => ({ day, count: 2 })),
        'the days up to the last',
      );
      const named = (await statsOf(caller)).byDay.map(({ day }) => day);
      // It may have become tomorrow.
      const { createdAt: later } = await caller.lead();
      if (later.slice(0, 10) !== now.slice(0, 10)) return;
      demandEqual([named[0], named.at(-1)], [days[5], dayOf(now, 0)], 'the first and the last of the days up to today');
      const since = (await statsOf(caller, { from: dayOf(now, -30) })).byDay.map(({ day }) => day);
      demandEqual([since[0], since.at(-1)], [days[4], dayOf(now, 0)], 'the first and the last of the days from one on');
      const statusOf = async (more: number) =>
        (await caller.call('leads.stats', { query: { from: last, to: dayOf(last, STATS_MAX_DAYS - 1 + more) } })).status;
      demandEqual([await statusOf(0), await statusOf(1)], [200, 400], `the answers to ${STATS_MAX_DAYS} days, and to one more`);
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
        Array.from({ length: 30 }, () => ({})),
      );
      await demandSources(caller, { [source]: 30, [target]: 0 }, 'after an import');
      for (const leadId of ids.slice(0, 2)) await caller.call('leads.update', { params: { leadId }, body: { source: target } });
      await caller.call('leads.anonymize', { params: { leadId: ids[2]! } });
      await caller.call('leads.archive', { params: { leadId: ids[3]! } });
      await demandSources(caller, { [source]: 28, [target]: 2 }, 'after updates, an anonymization and an archive');
      await caller.call('leads.delete', { params: { leadId: ids[0]! } });
      await caller.call('leads.bulkDelete', { body: { ids: ids.slice(1, 5) } });
      await demandSources(caller, { [source]: 25, [target]: 0 }, 'after deletions');
      const params = { leadId: (await caller.lead()).id as string };
      for (const [value, count] of [
        [target, 1],
        [null, 0],
        [target, 1],
      ] as const) {
        await caller.call('leads.update', { params, body: { source: value } });
        await demandSources(caller, { [target]: count }, `of a lead whose source becomes ${value}`);
        const { pagination } = (await caller.call('leads.list', { query: { source: target } })).body.data;
        demandEqual(pagination.total, count, `the total of a list of a lead whose source becomes ${value}`);
      }
    },
  },
  {
    name: 'stats: the counts of statuses follow an update, an unarchiving and a restoring, and no anonymization',
    countsAll: true,
    async run({ caller }) {
      const params = { leadId: (await caller.lead({ email: newEmail(), status: 'converted' })).id as string };
      const steps: readonly [string, Change, () => Promise<unknown>][] = [
        ['an update', { converted: -1, follow_up: 1 }, () => caller.call('leads.update', { params, body: { status: 'follow_up' } })],
        ['an anonymization', {}, () => caller.call('leads.anonymize', { params })],
        ['an archive', { follow_up: -1 }, () => caller.call('leads.archive', { params })],
        ['an unarchiving', { follow_up: 1 }, () => caller.call('leads.unarchive', { params })],
        ['a deletion', { follow_up: -1 }, () => caller.call('leads.delete', { params, query: 'backup=true' })],
        ['a restoring', { follow_up: 1 }, () => restoreLast(caller, params)],
        ['another update', { follow_up: -1, converted: 1 }, () => caller.call('leads.update', { params, body: { status: 'converted' } })],
      ];
      const counted = async () => {
        const { converted = 0, follow_up: followUp = 0 } = (await statsOf(caller)).byStatus;
        return { converted, follow_up: followUp };
      };
      const open = new Map<string, string>();
      // What others do at the same moment is not done again each time.
      for (let attempt = 1; attempt === 1 || (open.size > 0 && attempt <= SINGLE_ATTEMPTS_MAX); attempt++) {
        for (const [what, expected, act] of steps) {
          const before = await counted();
          await act();
          const after = await counted();
          const found = { converted: after.converted - before.converted, follow_up: after.follow_up - before.follow_up };
          const isRight = JSON.stringify(found) === JSON.stringify({ converted: 0, follow_up: 0, ...expected });
          if (isRight) open.delete(what);
          else if (attempt === 1) open.set(what, JSON.stringify(found));
        }
        if (open.size > 0) await wait(Math.random() * PAUSE_MS);
      }
      demandEqual([...open], [], 'the changes that are not counted as they should be');
    },
  },
  ...LeadStatusSchema.options.map((status): Check => ({
    name: `stats: count what is ${status}, and no more once it is not`,
    countsAll: true,
    run: ({ caller }) => followStatus(caller, status),
  })),
];

/** Compares counts of sources. Where there are very many, one may be counted with the rest. */
async function demandSources(caller: Calls, expected: Readonly<Record<string, number>>, when: string): Promise<void> {
  const { bySource, otherSources } = await statsOf(caller);
  const counted = Object.entries(expected).map(([wanted, count]) => {
    const found = bySource.find(({ source }) => source === wanted)?.count;
    return [wanted, found ?? (otherSources >= count ? count : 0)];
  });
  demandEqual(Object.fromEntries(counted), expected, when);
}

/**
 * Does things to very many leads, each of which must once change the counts by as many. Where others do as much at that
 * moment, it is done again after a while.
 */
async function followStatus(caller: Calls, status: LeadStatus): Promise<void> {
  const archived: Change = status === 'lost' ? {} : { [status]: -1, lost: 1 };
  const expected: Readonly<Record<string, Change>> = {
    'an import': { total: 1, [status]: 1 },
    'an archive': archived,
    'a deletion': { total: -1, lost: -1 },
  };
  const open = new Set(Object.keys(expected));
  const wrong = new Map<string, { readonly found: string; readonly times: number }>();
  for (let attempt = 1; ; attempt++) {
    let ids: string[] = [];
    const many = Array.from({ length: MANY }, () => ({ status }));
    const changes: Readonly<Record<string, Change>> = {
      'an import': await changeOf(caller, async () => void (ids = await importLeads(caller, newSource(), many))),
      'an archive': await changeOf(caller, () => caller.call('leads.bulkArchive', { body: { ids } })),
      'a deletion': await changeOf(caller, () => caller.call('leads.bulkDelete', { body: { ids } })),
    };
    for (const when of open) {
      const found = JSON.stringify(sorted(changes[when]!));
      if (found === JSON.stringify(sorted(expected[when]!))) {
        open.delete(when);
        continue;
      }
      const before = wrong.get(when);
      const times = before?.found === found ? before.times + 1 : 1;
      if (times === ALIKE_MAX || attempt === ATTEMPTS_MAX)
        demandEqual(changes[when], expected[when], `the changes in units of ${MANY} leads after ${when}`);
      wrong.set(when, { found, times });
    }
    if (open.size === 0) return;
    await wait(Math.random() * Math.min(attempt, PAUSES_MAX) * PAUSE_MS);
  }
}

type Change = Readonly<Record<string, number>>;

/** By how many times as many leads the counts are others afterwards, to within what single leads do. */
async function changeOf(caller: Calls, act: () => Promise<unknown>): Promise<Change> {
  const before = await statsOf(caller);
  await act();
  const after = await statsOf(caller);
  const change = (count: (stats: Stats) => number) => Math.round((count(after) - count(before)) / MANY);
  const changes = LeadStatusSchema.options.map((each) => [each, change(({ byStatus }) => byStatus[each]!)] as const);
  const all = [['total', change(({ total }) => total)] as const, ...changes];
  return Object.fromEntries(all.filter(([, by]) => by !== 0));
}

async function restoreLast(caller: Calls, params: { readonly leadId: string }): Promise<void> {
  const { backupId } = (await caller.call('deletions.get', { params })).body.data;
  await caller.call('backups.restore', { params: { backupId }, query: { allowDuplicateEmail: 'true' } });
}

function sorted(change: Change): Change {
  return Object.fromEntries(Object.entries(change).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function importLeads(caller: Calls, source: string, leads: readonly object[]): Promise<string[]> {
  const records = leads.map((fields) => newRecord({ source, ...fields }));
  await caller.call('leads.import', {
    query: { allowDuplicateEmail: 'true' },
    body: records.map((record) => JSON.stringify(record)).join('\n'),
  });
  return records.map(({ lead }) => lead.id);
}
