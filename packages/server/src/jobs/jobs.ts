import type { BulkOutcome, contract } from '@leads/contract';
import type { Deps } from '../deps.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { run } from '../db/database.ts';
import { inTransaction } from '../db/transaction.ts';
import { cursorPage, decodeCursor, isPosition, isTimePosition } from '../http/cursor.ts';
import type { Implementation, OperationHandler } from '../http/implement.ts';
import { findJob, JOB_COLUMNS, type JobRow, toJob } from './job-row.ts';

type Jobs = typeof contract.jobs;

/** The operations on jobs, implemented. */
export function jobs(deps: Deps): Implementation<Jobs> {
  return { list: listJobs(), get: getJob(), listOutcomes: listOutcomes(), cancel: cancelJob(deps) };
}

function listJobs(): OperationHandler<Jobs['list']> {
  return async ({ query: { limit, cursor }, caller, db }) => {
    const values: unknown[] = [caller.workspaceId, limit + 1];
    if (cursor !== undefined) values.push(...decodeCursor(cursor, isTimePosition));
    const after = cursor === undefined ? '' : 'and (created_at, id) < ($3, $4)';
    const sql = `select ${JOB_COLUMNS} from jobs where workspace_id = $1 ${after} order by created_at desc, id desc limit $2`;
    const rows = await run<JobRow>(db, sql, values);
    const { items, pagination } = cursorPage(rows, limit, (row) => [row.created_at, row.id]);
    return { status: 200, body: { success: true, data: { jobs: items.map(toJob), pagination } } };
  };
}

function getJob(): OperationHandler<Jobs['get']> {
  return async ({ params: { jobId }, caller, refuse, db }) => {
    const row = await findJob(db, caller.workspaceId, jobId);
    if (!row) throw refuse('JOB_NOT_FOUND', jobNotFound(jobId));
    return { status: 200, body: { success: true, data: toJob(row) } };
  };
}

// Few chunks are read at a time: a page ends after at most as many outcomes as a chunk holds.
const OUTCOMES = `
  select number, place, outcome
  from job_chunks cross join lateral jsonb_array_elements(outcomes) with ordinality as part (outcome, place)
  where workspace_id = $1 and job_id = $2 and outcomes is not null and number >= $3 and (number, place) > ($3, $4)
    and ($5::text is null or outcome ->> 'outcome' = $5)
  order by number, place limit $6`;

const isOutcomePosition = isPosition('integer', 'integer');

function listOutcomes(): OperationHandler<Jobs['listOutcomes']> {
  return async ({ params: { jobId }, query: { outcome = null, limit, cursor }, caller, refuse, db }) => {
    if (!(await findJob(db, caller.workspaceId, jobId))) throw refuse('JOB_NOT_FOUND', jobNotFound(jobId));
    const after = cursor === undefined ? [0, 0] : decodeCursor(cursor, isOutcomePosition);
    const values = [caller.workspaceId, jobId, ...after, outcome, limit + 1];
    const rows = await run<{ number: number; place: string; outcome: BulkOutcome }>(db, OUTCOMES, values);
    const { items, pagination } = cursorPage(rows, limit, ({ number, place }) => [number, Number(place)]);
    return { status: 200, body: { success: true, data: { outcomes: items.map((row) => row.outcome), pagination } } };
  };
}

// The options go with the end of a job, because the reason stands in the audit log from then on, without personal data.
const CANCEL = `
  update jobs set status = 'cancelled', finished_at = $3, options = '{}' where workspace_id = $1 and id = $2 returning ${JOB_COLUMNS}`;

function cancelJob({ now }: Deps): OperationHandler<Jobs['cancel']> {
  return ({ params: { jobId }, caller, requestId, refuse, db }) =>
    inTransaction(db, async (transaction) => {
      // The runner holds this lock for as long as it changes leads.
      const job = await findJob(transaction, caller.workspaceId, jobId, true);
      if (!job) throw refuse('JOB_NOT_FOUND', jobNotFound(jobId));
      if (job.finished_at) throw refuse('JOB_FINISHED', { jobId, status: job.status });
      const at = now();
      const [row] = await run<JobRow>(transaction, CANCEL, [caller.workspaceId, jobId, at]);
      await appendAudit(transaction, at, { caller, requestId }, { action: 'job.cancelled', jobId });
      return { status: 200, body: { success: true, data: toJob(row!) } };
    });
}

function jobNotFound(jobId: string) {
  return { jobId, message: 'No job found with this ID in your workspace' } as const;
}
