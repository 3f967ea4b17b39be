import { type BulkFilter, type BulkOutcome, type Job, type Lead, LeadsApiError } from '@leads/client';
import { client } from './client.ts';
import { TooManyLeads } from './message-of.ts';
import type { Filter } from './queries.ts';
import { counted } from './texts.ts';

/** Which leads to delete: these, or all that match. */
export type Target = { readonly leads: readonly Lead[] } | { readonly matching: Filter };

/** What would be deleted, as it is shown before. */
export interface Plan {
  readonly count: number;
  readonly sample: readonly Lead[];
  /** How many are in an active campaign; null where that is known only when they are deleted. */
  readonly blocked: number | null;
  readonly campaigns: readonly string[];
  /** Holds the deletion to exactly these leads. */
  readonly selection: { readonly ids: string[] } | { readonly filter: BulkFilter; readonly planToken: string };
  /** Sent again, the deletion is done once. */
  readonly idempotencyKey: string;
}

export interface Choices {
  readonly backup: boolean;
  readonly force: boolean;
}

const POLL_MS = 200;
/** As many ids go into one deletion. */
const IDS_MAX = 1_000;

/** Looks, and changes nothing. */
export async function planDeletion(target: Target, signal: AbortSignal): Promise<Plan> {
  const idempotencyKey = crypto.randomUUID();
  if ('leads' in target) {
    const found = await Promise.all(target.leads.map(({ id }) => client.leads.deletionPreview(id, { signal }).catch(unlessGone)));
    const previews = found.filter((preview) => preview !== undefined);
    return {
      count: previews.length,
      sample: previews.map(({ lead }) => lead),
      blocked: previews.filter(({ deletable }) => !deletable).length,
      campaigns: [...new Set(previews.flatMap(({ blockers }) => blockers.map(({ name }) => name)))],
      selection: { ids: previews.map(({ lead }) => lead.id) },
      idempotencyKey,
    };
  }
  const { search, ...filter } = target.matching;
  if (search !== undefined) {
    // A plan cannot search: what is found now is what is deleted.
    const leads = await client.leads.list(target.matching, { signal }).toArray({ max: IDS_MAX + 1 });
    if (leads.length > IDS_MAX) throw new TooManyLeads(IDS_MAX);
    return {
      count: leads.length,
      sample: leads,
      blocked: null,
      campaigns: [],
      selection: { ids: leads.map(({ id }) => id) },
      idempotencyKey,
    };
  }
  const plan = await client.leads.bulkDelete({ filter, dryRun: true }, { signal });
  if (!('planToken' in plan)) throw new TypeError('A dry run answers a plan');
  const { count, sample, blocked, blockers, planToken } = plan;
  return { count, sample, blocked, campaigns: blockers.map(({ name }) => name), selection: { filter, planToken }, idempotencyKey };
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof LeadsApiError) || error.code !== 'LEAD_NOT_FOUND') throw error;
}

/** Deletes what was planned, and answers what came of each lead. */
export async function deleteMany(
  { selection, idempotencyKey }: Plan,
  choices: Choices,
  onProgress: (job: Job) => void,
): Promise<BulkOutcome[]> {
  const started = await client.leads.bulkDelete({ ...selection, ...choices }, { idempotencyKey });
  if ('outcomes' in started) return started.outcomes;
  if (!('status' in started)) throw new TypeError('A deletion answers outcomes or a job');
  let job: Job = started;
  for (; job.finishedAt === null; job = await client.jobs.get(job.id)) {
    onProgress(job);
    await new Promise((resolve) => {
      setTimeout(resolve, POLL_MS);
    });
  }
  return client.jobs.listOutcomes(job.id).toArray({ max: Infinity });
}

/** What came of it, in a sentence. */
export function summaryOf(outcomes: readonly BulkOutcome[]): string {
  const deleted = outcomes.filter(({ outcome }) => outcome === 'deleted').length;
  const inUse = outcomes.filter(({ code }) => code === 'LEAD_IN_USE').length;
  const others = outcomes.length - deleted - inUse;
  return [
    `${counted(deleted, 'lead')} deleted.`,
    ...(inUse > 0 ? [`${counted(inUse, 'lead')} kept: in an active campaign.`] : []),
    ...(others > 0 ? [`${counted(others, 'lead')} changed or gone since.`] : []),
  ].join(' ');
}
