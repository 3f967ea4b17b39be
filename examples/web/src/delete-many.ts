import { type BulkOutcome, type Job, type Lead, LeadsApiError, type LeadsClient, type LeadStatus } from '@leads/client';
import { counted } from './counted.ts';

/** Which leads to delete: these, or all that have a status. */
export type Target = { readonly leads: readonly Lead[] } | { readonly status: LeadStatus };

/** What would be deleted, as it is shown before. */
export interface Plan {
  readonly count: number;
  readonly sample: readonly Lead[];
  /** How many are in an active campaign. */
  readonly blocked: number;
  readonly campaigns: readonly string[];
  /** Holds the deletion to exactly these leads. */
  readonly planToken: string | undefined;
  /** Sent again, the deletion is done once. */
  readonly idempotencyKey: string;
}

export interface Choices {
  readonly backup: boolean;
  readonly force: boolean;
}

const POLL_MS = 200;

/** Looks, and changes nothing. */
export async function planDeletion(client: LeadsClient, target: Target): Promise<Plan> {
  const idempotencyKey = crypto.randomUUID();
  if ('leads' in target) {
    const found = await Promise.all(target.leads.map(({ id }) => client.leads.deletionPreview(id).catch(unlessGone)));
    const previews = found.filter((preview) => preview !== undefined);
    return {
      count: previews.length,
      sample: previews.map(({ lead }) => lead),
      blocked: previews.filter(({ deletable }) => !deletable).length,
      campaigns: [...new Set(previews.flatMap(({ blockers }) => blockers.map(({ name }) => name)))],
      planToken: undefined,
      idempotencyKey,
    };
  }
  const plan = await client.leads.bulkDelete({ filter: target, dryRun: true });
  if (!('planToken' in plan)) throw new TypeError('A dry run answers a plan');
  const { count, sample, blocked, blockers, planToken } = plan;
  return { count, sample, blocked, campaigns: blockers.map(({ name }) => name), planToken, idempotencyKey };
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof LeadsApiError) || error.code !== 'LEAD_NOT_FOUND') throw error;
}

/** Deletes what was planned, and answers what came of each lead. */
export async function deleteMany(
  client: LeadsClient,
  target: Target,
  { planToken, idempotencyKey }: Plan,
  choices: Choices,
  onProgress: (job: Job) => void,
): Promise<BulkOutcome[]> {
  const selection = 'leads' in target ? { ids: target.leads.map(({ id }) => id) } : { filter: target, planToken };
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
  return outcomesOf(client, job);
}

async function outcomesOf(client: LeadsClient, { id }: Job): Promise<BulkOutcome[]> {
  const outcomes: BulkOutcome[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.jobs.listOutcomes(id, { limit: 100, ...(cursor && { cursor }) });
    outcomes.push(...page.outcomes);
    cursor = page.pagination.nextCursor ?? undefined;
  } while (cursor);
  return outcomes;
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
