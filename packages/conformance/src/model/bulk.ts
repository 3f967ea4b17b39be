import { BULK_SAMPLE_MAX_LEADS, type BulkOutcome, type Job, type LeadRecord } from '@leads/contract';
import fc from 'fast-check';
import type { BulkOperation } from '../calls.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { anonymized, archived, leftoversErased, readBackup } from './deeds.ts';
import type { World } from './world.ts';

type Options = Readonly<Record<string, unknown>>;

/** What a bulk operation does with one lead that is there. */
interface Deed {
  readonly done: BulkOutcome['outcome'];
  /** Why it is not done. */
  readonly refusal: (world: World, record: LeadRecord, options: Options) => BulkOutcome['code'];
  readonly apply: (world: World, record: LeadRecord, options: Options, said: Said) => Promise<void>;
}

interface Said {
  readonly requestId: string;
  readonly jobId: string | null;
  readonly outcome: BulkOutcome;
}

export const reason = fc.option(fc.constantFrom('Ticket 4711', 'Ticket 4712: "on request"'), { nil: undefined });
export const keepMetadata = fc.subarray(['a', 'b', 'archived_reason']);

/** The options of each bulk operation. */
export const BULK_OPTIONS: Readonly<Record<BulkOperation, fc.Arbitrary<Options>>> = {
  'leads.bulkDelete': fc
    .record({ force: fc.boolean(), backup: fc.boolean(), erase: fc.boolean(), reason })
    .map(({ backup, erase, ...rest }) => ({ ...rest, backup, erase: erase && !backup })),
  'leads.bulkArchive': fc.record({ reason }),
  'leads.bulkAnonymize': fc.record({ keepMetadata, reason }),
};

const DEEDS: Readonly<Record<BulkOperation, Deed>> = {
  'leads.bulkDelete': {
    done: 'deleted',
    refusal: (world, record, { force }) => (world.isHeld(record) && force !== true ? 'LEAD_IN_USE' : undefined),
    async apply(world, { lead }, { backup, erase, reason: why }, { outcome, ...said }) {
      demandEqual(outcome.backupId !== undefined, backup === true, 'whether a backup is named');
      const backupId = outcome.backupId ?? null;
      const { deletedAt } = await world.done('deletions.get', { params: { leadId: lead.id } });
      const attached = backupId === null ? {} : { attached: await readBackup(world, backupId) };
      world.remove(
        lead.id,
        { ...said, deletedAt, reason: (why as string | undefined) ?? null, backupId },
        { erase: erase === true, ...attached },
      );
    },
  },
  'leads.bulkArchive': {
    done: 'archived',
    refusal: () => undefined,
    apply: (world, { lead }, { reason: why }) => archived(world, lead.id, (why as string | undefined) ?? null),
  },
  'leads.bulkAnonymize': {
    done: 'anonymized',
    refusal: () => undefined,
    async apply(world, { lead }, { keepMetadata: kept }) {
      await anonymized(world, lead.id, kept as string[]);
    },
  },
};

/** Does it to leads that are named, and compares what is said of each. */
export async function bulkByIds(world: World, operation: BulkOperation, ids: string[], atomic: boolean, options: Options): Promise<void> {
  const { done, refusal, apply } = DEEDS[operation];
  const before = new Map(ids.map((id) => [id, world.leads.get(id)]));
  const expected = ids.map((leadId): BulkOutcome => {
    const record = before.get(leadId);
    const isErasable = options['erase'] === true && world.backupsOf(leadId).length > 0;
    if (!record && !isErasable) return { leadId, outcome: 'skipped', code: 'LEAD_NOT_FOUND' };
    const code = record && refusal(world, record, options);
    return code ? { leadId, outcome: 'failed', code } : { leadId, outcome: done };
  });
  for (const id of ids) world.touched.add(id);
  const refused = expected.filter(({ code }) => code !== undefined);
  const { status, headers, body } = await world.call(operation, { body: { ids, ...options, ...(atomic && { atomic }) } });
  if (atomic && refused.length > 0) return demandEqual([status, body.details?.outcomes], [409, refused], 'the refusal');
  const { outcomes, ...counts } = body.data;
  const count = (wanted: string) => expected.filter(({ outcome }) => outcome === wanted).length;
  demandEqual(counts, { dryRun: false, succeeded: count(done), skipped: count('skipped'), failed: count('failed') }, 'the counts');
  demandEqual(outcomes.map(withoutBackup), expected, 'the outcomes');
  for (const outcome of outcomes as BulkOutcome[]) {
    if (outcome.code) continue;
    const record = before.get(outcome.leadId);
    if (record) await apply(world, record, options, { requestId: String(headers['x-request-id']), jobId: null, outcome });
    else leftoversErased(world, outcome.leadId);
  }
}

/** Does it to all leads of a source, in two steps, and compares what is said ahead and what is said after. */
export async function bulkByFilter(
  world: World,
  operation: BulkOperation,
  filter: { source: string },
  options: Options,
  cancel = false,
): Promise<void> {
  const { done, refusal, apply } = DEEDS[operation];
  const before = [...world.leads.values()].filter(({ lead }) => lead.source === filter.source);
  const held = before.filter((record) => world.isHeld(record));
  const plan = await world.done(operation, { body: { filter, dryRun: true } });
  const blockers = world.holding(held.flatMap(({ campaigns }) => campaigns.map(({ id }) => id)));
  demandEqual([plan.count, plan.blocked, plan.blockers], [before.length, held.length, blockers], 'count, blocked and blockers of the plan');
  demandEqual(plan.sample.length, Math.min(before.length, BULK_SAMPLE_MAX_LEADS), 'the size of its sample');
  for (const lead of plan.sample) demandEqual(lead, world.leads.get(lead.id)?.lead, 'a lead of its sample');
  const times = plan.sample.map(({ createdAt }: { createdAt: string }) => createdAt);
  demandEqual(
    times,
    before
      .map(({ lead }) => lead.createdAt)
      .toSorted()
      .slice(0, BULK_SAMPLE_MAX_LEADS),
    'its sample, oldest first',
  );

  const { headers, body } = await world.call(operation, { body: { filter, planToken: plan.planToken, ...options } });
  const { id: jobId } = body.data as Job;
  const params = { jobId };
  demandEqual([body.data.total, body.data.filter], [before.length, filter], 'total and filter of the job');
  if (cancel) {
    const { status, body: cancelled } = await world.call('jobs.cancel', { params });
    if (status === 409) demandEqual(cancelled.code, 'JOB_FINISHED', 'why it cannot be cancelled');
    else demandEqual([status, cancelled.data.status], [200, 'cancelled'], 'the cancelling');
    demand(cancelled.success !== true || cancelled.data.finishedAt !== null, 'a cancelled job has not ended');
  }
  const job: Job = (await world.caller.jobDone(jobId)).body.data;
  world.jobs.set(jobId, job);
  const { outcomes } = (await world.done('jobs.listOutcomes', { params, query: { limit: 1000 } })) as { outcomes: BulkOutcome[] };
  const expected = before.map((record): BulkOutcome => {
    const code = refusal(world, record, options);
    return { leadId: record.lead.id, outcome: code ? 'failed' : done, ...(code && { code }) };
  });
  if (job.status !== 'cancelled')
    demandEqual([job.status, byLead(outcomes.map(withoutBackup))], ['completed', byLead(expected)], 'status and outcomes of the job');
  for (const outcome of outcomes)
    demandEqual(
      withoutBackup(outcome),
      expected.find(({ leadId }) => leadId === outcome.leadId),
      'an outcome',
    );
  const count = (wanted: string) => outcomes.filter(({ outcome }) => outcome === wanted).length;
  const counts = {
    total: before.length,
    done: outcomes.length,
    succeeded: count(done),
    skipped: count('skipped'),
    failed: count('failed'),
  };
  const { total, done: ended, succeeded, skipped, failed } = job;
  demandEqual({ total, done: ended, succeeded, skipped, failed }, counts, 'the counts of the job');
  const said = { requestId: String(headers['x-request-id']), jobId };
  for (const { lead } of before) world.touched.add(lead.id);
  for (const outcome of outcomes) {
    if (!outcome.code)
      await apply(
        world,
        before.find(({ lead }) => lead.id === outcome.leadId)!,
        options,
        { ...said, outcome },
      );
  }
}

function withoutBackup({ backupId: _, ...outcome }: BulkOutcome): BulkOutcome {
  return outcome;
}

function byLead(outcomes: readonly BulkOutcome[]): BulkOutcome[] {
  return outcomes.toSorted((a, b) => (a.leadId < b.leadId ? -1 : 1));
}
