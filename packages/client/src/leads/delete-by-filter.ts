import type { BulkFilter, BulkPlan, Job } from '../api.generated.ts';
import type { LeadsClient } from '../types.ts';
import { jobDone, outcomesOf, startByFilter } from './by-filter.ts';
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

/**
 * Looks which leads a filter selects, asks, and deletes exactly those, as a job of the API. Where one came, went or changed between
 * the look and the begin, nothing is deleted, and `confirm` is asked again with what is there now; ten times at most.
 */
export async function deleteByFilter(
  client: LeadsClient,
  filter: BulkFilter,
  { confirm, backup = true, force = false, reason, onStart, onProgress, ...call }: DeleteByFilterOptions,
): Promise<DeleteByFilterResult> {
  const options = { backup, force, ...(reason !== undefined && { reason }) };
  const send = paced(call);
  const { plan, job: started } = await startByFilter(
    (selection, write) => client.leads.bulkDelete({ ...selection, ...('planToken' in selection && options) }, write),
    filter,
    confirm,
    send,
    call.signal,
  );
  if (!started) return { outcome: 'cancelled', plan };
  onStart?.(started);
  const job = await jobDone(client, started, onProgress, send, call.signal);
  const result: ManyResult = { success: [], failed: [] };
  for await (const outcomes of outcomesOf(client, job, {}, send)) {
    const { success, failed } = resultOf(outcomes);
    result.success.push(...success);
    result.failed.push(...failed);
  }
  return { outcome: 'deleted', job, ...result };
}
