import type { BulkFilter, BulkPlan, Job } from '../api.generated.ts';
import { LeadsApiError } from '../errors.ts';
import { sleep } from '../send.ts';
import type { LeadsClient } from '../types.ts';
import { type ManyOptions, type ManyResult, paced } from './many.ts';
import { resultOf } from './outcomes.ts';

/** What is asked before leads are deleted by a filter; `previous` is what was shown the last time, where the set changed since. */
export type ConfirmPlan = (plan: BulkPlan, previous: BulkPlan | null) => boolean | Promise<boolean>;

/** How the leads that a filter selects are deleted. */
export interface DeleteByFilterOptions extends Omit<ManyOptions, 'concurrency'> {
  /** Shows how many would be deleted, some of them, and what stands in the way, and says whether to go on. */
  readonly confirm: ConfirmPlan;
  /** Keeps a backup of each lead, made together with its deletion: true when left out. */
  readonly backup?: boolean;
  /** Deletes leads although they are in an active campaign. Needs the scope `leads:force`. */
  readonly force?: boolean;
  /** Why, for the audit log. Not for personal data. */
  readonly reason?: string;
  /** Called once the job has begun. It goes on by itself: `client.jobs.cancel(job.id)` ends it. */
  readonly onStart?: (job: Job) => void;
}

/** How a deletion by filter ended. */
export type DeleteByFilterResult =
  /** `job.status` says whether it went to its end: `completed`. */
  | ({ readonly outcome: 'deleted'; readonly job: Job } & ManyResult)
  /** `confirm` said no, or there was nothing to delete. Nothing was changed. */
  | { readonly outcome: 'cancelled'; readonly plan: BulkPlan };

const ASKED_AT_MOST = 10;
const POLL_FIRST_MS = 100;
const POLL_MAX_MS = 5_000;
const OUTCOMES_LIMIT = 1_000;

/**
 * Looks which leads a filter selects, asks, and deletes exactly those, as a job of the API. Where one came, went or changed between
 * the look and the begin, nothing is deleted, and `confirm` is asked again with what is there now; ten times at most.
 */
export async function deleteByFilter(
  client: LeadsClient,
  filter: BulkFilter,
  { confirm, backup = true, force = false, reason, onStart, onProgress, ...call }: DeleteByFilterOptions,
): Promise<DeleteByFilterResult> {
  const send = paced(call);
  let previous: BulkPlan | null = null;
  for (let asked = 1; ; asked++) {
    const plan = (await send((options) => client.leads.bulkDelete({ filter, dryRun: true }, options))) as BulkPlan;
    if (plan.count === 0 || !(await confirm(plan, previous))) return { outcome: 'cancelled', plan };
    try {
      const body = { filter, planToken: plan.planToken, backup, force, ...(reason !== undefined && { reason }) };
      const started = (await send((options) => client.leads.bulkDelete(body, options))) as Job;
      onStart?.(started);
      const job = await jobDone(client, started, onProgress, call);
      return { outcome: 'deleted', job, ...(await outcomesOf(client, job, call)) };
    } catch (error) {
      const drifted = error instanceof LeadsApiError && (error.code === 'PLAN_DRIFTED' || error.code === 'PLAN_TOKEN_INVALID');
      if (!drifted || asked === ASKED_AT_MOST) throw error;
      previous = plan;
    }
  }
}

/** Waits for the end of a job, and asks less often the longer it takes. */
export async function jobDone(client: LeadsClient, job: Job, onProgress: ManyOptions['onProgress'], call: ManyOptions): Promise<Job> {
  const send = paced(call);
  let state = job;
  for (let wait = POLL_FIRST_MS; ; wait = Math.min(wait * 1.5, POLL_MAX_MS)) {
    onProgress?.({ done: state.done, total: state.total, failed: state.failed + state.skipped });
    if (state.finishedAt !== null) return state;
    await sleep(wait, call.signal);
    state = await send((options) => client.jobs.get(job.id, options));
  }
}

async function outcomesOf(client: LeadsClient, { id }: Job, call: ManyOptions): Promise<ManyResult> {
  const result: ManyResult = { success: [], failed: [] };
  const send = paced(call);
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query = { limit: OUTCOMES_LIMIT, ...(cursor && { cursor }) };
    const { outcomes, pagination } = await send((options) => client.jobs.listOutcomes(id, query, options));
    const { success, failed } = resultOf(outcomes);
    result.success.push(...success);
    result.failed.push(...failed);
    cursor = pagination.nextCursor;
  }
  return result;
}
