import type { BulkFilter, BulkOutcome, BulkOutcomes, BulkPlan, Job, JobsListOutcomesQuery } from '../api.generated.ts';
import { OUTCOMES_LIMIT_MAX } from '../constants.generated.ts';
import { LeadsAbortedError, LeadsApiError, LeadsError } from '../errors.ts';
import { sleep } from '../timers.ts';
import type { ApiPromise, LeadsClient, WriteOptions } from '../types.ts';
import type { ManyOptions, PacedSend } from './many.ts';

const ASKED_AT_MOST = 10;
const POLL_FIRST_MS = 100;
const POLL_MAX_MS = 5_000;

/** Which leads a bulk operation is for: first as a dry run, then as it was planned. */
type Selection = { readonly filter: BulkFilter; readonly dryRun: true } | { readonly filter: BulkFilter; readonly planToken: string };

/** One of the API's bulk operations. */
export type BulkRequest = (selection: Selection, call: WriteOptions) => ApiPromise<BulkOutcomes | BulkPlan | Job>;

/** Whether to do what was planned; `again`: it is known already that the set changed, so look once more. */
export type Decide = (plan: BulkPlan, previous: BulkPlan | null) => boolean | 'again' | Promise<boolean | 'again'>;

/**
 * Looks which leads a filter selects, asks, and begins the job for exactly those; `job` is null where the answer was no, or there are
 * none. Where the set changed in between, nothing is done, and it asks again; ten times at most.
 */
export async function startByFilter(
  request: BulkRequest,
  filter: BulkFilter,
  decide: Decide,
  send: PacedSend,
  signal?: AbortSignal,
): Promise<{ readonly plan: BulkPlan; readonly job: Job | null }> {
  let previous: BulkPlan | null = null;
  for (let asked = 1; ; asked++) {
    const plan = (await send((options) => request({ filter, dryRun: true }, options))) as BulkPlan;
    const decision = plan.count > 0 && (await decide(plan, previous));
    if (decision === false) return { plan, job: null };
    try {
      if (decision === 'again') throw new PlanOutdated();
      if (signal?.aborted) throw new LeadsAbortedError('The call was aborted', { cause: signal.reason });
      // Not ended by the signal: it would leave open whether the job began.
      const begin = ({ signal: _, ...options }: WriteOptions) => request({ filter, planToken: plan.planToken }, options);
      return { plan, job: (await send(begin)) as Job };
    } catch (error) {
      const outdated = error instanceof LeadsApiError && (error.code === 'PLAN_DRIFTED' || error.code === 'PLAN_TOKEN_INVALID');
      if ((!outdated && !(error instanceof PlanOutdated)) || asked === ASKED_AT_MOST) throw error;
      previous = plan;
    }
  }
}

class PlanOutdated extends LeadsError {
  override readonly message = 'The leads change faster than they can be read';
}

/** Waits for the end of a job, and asks less often the longer it takes. */
export async function jobDone(
  client: LeadsClient,
  job: Job,
  onProgress: ManyOptions['onProgress'],
  send: PacedSend,
  signal?: AbortSignal,
): Promise<Job> {
  let state = job;
  for (let wait = POLL_FIRST_MS; ; wait = Math.min(wait * 1.5, POLL_MAX_MS)) {
    onProgress?.({ done: state.done, total: state.total, failed: state.failed + state.skipped });
    if (state.finishedAt !== null) return state;
    await sleep(wait, signal);
    state = await send((options) => client.jobs.get(job.id, options));
  }
}

/** What came of each lead of a job, in pages as large as the API allows. */
export async function* outcomesOf(
  client: LeadsClient,
  { id }: Job,
  query: Pick<JobsListOutcomesQuery, 'outcome'>,
  send: PacedSend,
): AsyncGenerator<BulkOutcome[]> {
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = { ...query, limit: OUTCOMES_LIMIT_MAX, ...(cursor && { cursor }) };
    const { outcomes, pagination } = await send((options) => client.jobs.listOutcomes(id, page, options));
    yield outcomes;
    cursor = pagination.nextCursor;
  }
}
