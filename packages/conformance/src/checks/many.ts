import {
  ACTIVITIES_MAX_PER_LEAD,
  bodyOf,
  ERASURE_MAX_LEADS,
  ID_MAX_LENGTH,
  type OperationId,
  OPERATIONS,
  STATS_MAX_SOURCES,
} from '@leads/contract';
import type { Caller } from '../caller.ts';
import type { Check } from '../check.ts';
import { fieldsOf } from '../fields.ts';
import type { Item } from '../filters.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newEmail, newRecord, newSource, VALID_CALLS } from '../valid-calls.ts';
import { walk } from '../walk.ts';

/** More than a server does at once where it does a thousand. */
const MANY = 1_050;

const imported = async (caller: Caller, records: readonly object[]) =>
  (await caller.call('leads.import', { body: records.map((record) => JSON.stringify(record)).join('\n') })).body.data;

/** What holds for one holds for as many as may be. */
export const manyChecks: readonly Check[] = [
  {
    name: `many: ${MANY} leads are imported, listed, exported, archived and deleted each once, and counted so, and a job that is cancelled leaves the rest`,
    requests: 50,
    async run({ caller }) {
      const [source, email] = [newSource(), newEmail()];
      const records = Array.from({ length: MANY }, () => newRecord({ source, email }));
      const ids = records.map(({ lead }) => lead.id).toSorted();
      demandEqual((await imported(caller, records)).imported, MANY, 'how many are imported');
      const { items, pages } = await walk(caller, 'leads.list', { query: { source, limit: 100 } });
      demandEqual(items.map(({ id }) => String(id)).toSorted(), ids, 'the leads of the list');
      demandEqual(pages[0]!.total, MANY, 'its total');
      for (const format of ['ndjson', 'csv']) {
        const { text, headers } = await caller.call('leads.export', { query: { source, format } });
        const type = format === 'csv' ? /^text\/csv/ : /^application\/x-ndjson/;
        demand(type.test(headers['content-type'] ?? ''), `the type of an export as ${format} is ${String(headers['content-type'])}`);
        demandEqual(text.match(/lead_[0-9a-z]+(?=[",])/g), ids, `the leads of an export as ${format}`);
      }
      await demandCancelled(caller, source);
      await demandDone(caller, 'leads.bulkArchive', source, ids);
      const plan = () => caller.call('erasures.create', { body: { email, dryRun: true } });
      const { status, body } = await plan();
      const details = { found: MANY, limit: ERASURE_MAX_LEADS };
      demandEqual([status, body.code, body.details], [409, 'ERASURE_TOO_LARGE', details], 'the plan of an erasure of too many');
      const over = MANY - ERASURE_MAX_LEADS;
      await caller.call('leads.bulkDelete', { body: { ids: ids.slice(0, over) } });
      demandEqual((await plan()).body.data?.found.leads, ERASURE_MAX_LEADS, 'how many there are in the plan of as many as may be');
      await demandDone(caller, 'leads.bulkDelete', source, ids.slice(over));
    },
  },
  ...OPERATIONS.flatMap(({ id, route, metadata }) =>
    (metadata.bodyMediaType ? [] : fieldsOf(bodyOf(route)))
      .filter(({ name, bounds }) => bounds.type === 'array' && /ids$/i.test(name))
      .map(({ name, bounds: { maxItems = 0 } }): Check => ({
        name: `many: ${id} takes ${maxItems} ${name}, and says of each what came of it`,
        async run({ caller }) {
          const call = await VALID_CALLS[id as OperationId](caller);
          const [own] = (call.body as Record<string, string[]>)[name]!;
          const ids = [...Array.from({ length: maxItems - 1 }, (_, n) => `unknown_${n}`.padEnd(ID_MAX_LENGTH, 'x')), own!];
          const { status, text, body } = await caller.call(id as OperationId, { ...call, body: { [name]: ids } });
          demand(status === 200, `refused: ${text.slice(0, 300)}`);
          const told = body.data.outcomes.map((outcome: Item) => (name === 'backupIds' ? outcome['backupId'] : outcome['leadId']));
          demandEqual(told, ids, 'the ids of the outcomes');
          const kinds = body.data.outcomes.map(({ outcome }: Item) => outcome);
          demandEqual([new Set(kinds.slice(0, -1)).size, kinds.at(-1) === kinds[0]], [1, id === 'campaigns.remove'], 'their outcomes');
        },
      })),
  ),
  {
    name: `many: a lead has ${ACTIVITIES_MAX_PER_LEAD} activities, and no more, by an import or one by one`,
    async run({ caller }) {
      const at = '2024-01-15T10:30:00.000Z';
      const recordOf = (count: number) => {
        const { lead } = newRecord();
        const activity = { leadId: lead.id, type: 'note', text: 'Met', metadata: {}, occurredAt: at, createdAt: at };
        return { lead, activities: Array.from({ length: count }, (_, n) => ({ ...activity, id: `act_${n}x${lead.id.slice(5)}` })) };
      };
      const [full, over] = [recordOf(ACTIVITIES_MAX_PER_LEAD), recordOf(ACTIVITIES_MAX_PER_LEAD + 1)];
      const { outcomes } = await imported(caller, [full, over]);
      demandEqual(
        outcomes.map(({ outcome, code }: Item) => code ?? outcome),
        ['imported', 'VALIDATION_ERROR'],
        'the outcomes',
      );
      const params = { leadId: full.lead.id };
      const create = () => caller.call('activities.create', { params, body: { type: 'note', text: 'Met' } });
      const refused = await create();
      demandEqual([refused.status, refused.body.details], [409, { limit: ACTIVITIES_MAX_PER_LEAD }], 'the answer to one more');
      const { activities } = (await caller.call('leads.exportOne', { params })).body.data;
      demandEqual(activities.length, ACTIVITIES_MAX_PER_LEAD, 'how many there are');
      await caller.call('activities.delete', { params: { ...params, activityId: activities[0].id } });
      demandEqual((await create()).status, 201, 'the answer once one is deleted');
    },
  },
  {
    name: `many: statistics name ${STATS_MAX_SOURCES} sources, and count the rest together`,
    async run({ caller }) {
      const records = Array.from({ length: STATS_MAX_SOURCES + 5 }, () => newRecord({ source: newSource() }));
      await imported(caller, records);
      const { total, bySource, otherSources } = (await caller.call('leads.stats')).body.data;
      const named = bySource.reduce((sum: number, { count }: { count: number }) => sum + count, 0);
      demandEqual([bySource.length, named + otherSources], [STATS_MAX_SOURCES, total], 'how many sources, and the sum of all');
      await caller.call('leads.bulkDelete', { body: { ids: records.map(({ lead }) => lead.id) } });
    },
  },
];

const archivedOf = async (caller: Caller, source: string): Promise<number> =>
  (await caller.call('leads.list', { query: { source, archived: 'true', limit: 1 } })).body.data.pagination.total;

async function outcomesOf(caller: Caller, jobId: string): Promise<Item[]> {
  const { items } = await walk(caller, 'jobs.listOutcomes', { params: { jobId }, query: { limit: 1000 } });
  return items.toSorted((a, b) => (String(a['leadId']) < String(b['leadId']) ? -1 : 1));
}

/** A job that is cancelled has touched those leads that have an outcome, and no other. */
async function demandCancelled(caller: Caller, source: string): Promise<void> {
  const filter = { source };
  const { planToken } = (await caller.call('leads.bulkArchive', { body: { filter, dryRun: true } })).body.data;
  const { id: jobId } = (await caller.call('leads.bulkArchive', { body: { filter, planToken } })).body.data;
  const { status, body } = await caller.call('jobs.cancel', { params: { jobId } });
  const job = (await caller.jobDone(jobId)).body.data;
  // It may have been faster.
  if (status === 200) {
    demandEqual(body.data, job, 'the answer of the cancelling, and the job afterwards');
    demandEqual([job.status, job.stopReason], ['cancelled', null], 'how it ended');
    demand(job.finishedAt >= job.createdAt, `finishedAt is ${job.finishedAt}`);
  } else
    demandEqual([status, body.details, job.status], [409, { jobId, status: 'completed' }, 'completed'], 'the answer of the cancelling');
  const { length } = await outcomesOf(caller, jobId);
  demandEqual([job.done, job.succeeded, await archivedOf(caller, source)], [length, length, length], 'its counts, and what is archived');
}

async function demandDone(caller: Caller, operation: 'leads.bulkArchive' | 'leads.bulkDelete', source: string, ids: readonly string[]) {
  const job = await caller.job(operation, { source });
  const n = ids.length;
  demandEqual([job.total, job.done, job.succeeded, job.skipped, job.failed], [n, n, n, 0, 0], `the counts of ${operation}`);
  const outcome = operation === 'leads.bulkArchive' ? 'archived' : 'deleted';
  const expected = ids.map((leadId) => ({ leadId, outcome }));
  demandEqual(await outcomesOf(caller, job.id), expected, `the outcomes of ${operation}`);
  demandEqual(await archivedOf(caller, source), outcome === 'archived' ? n : 0, `how many are archived after ${operation}`);
}
