import { type Job, JOBS_MAX_OPEN } from '@leads/contract';
import { type Database, run } from '../db/database.ts';
import { searchable } from '../http/ids.ts';
import { lockWorkspace } from '../workspaces/workspaces.ts';

/** The columns of a job as the API answers it. */
export const JOB_COLUMNS =
  'id, kind, status, stop_reason, filter, total, succeeded, skipped, failed, key_id, created_at, started_at, finished_at';

/** A job as `JOB_COLUMNS` reads it. */
export interface JobRow {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly stop_reason: string | null;
  readonly filter: Job['filter'];
  readonly total: number;
  readonly succeeded: number;
  readonly skipped: number;
  readonly failed: number;
  readonly key_id: string;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
}

/** The job of a workspace, locked against its runner where `lock` is set; undefined where there is none. */
export async function findJob(db: Database, workspaceId: string, id: string, lock = false): Promise<JobRow | undefined> {
  const sql = `select ${JOB_COLUMNS} from jobs where workspace_id = $1 and id = $2${lock ? ' for update' : ''}`;
  return (await run<JobRow>(db, sql, [workspaceId, searchable(id)]))[0];
}

const COUNT_OPEN = 'select count(*)::integer as count from jobs where workspace_id = $1 and finished_at is null';

/** Whether a workspace may have no further job; until the end of the transaction no other request can get one for it. */
export async function hasAllJobs(db: Database, workspaceId: string): Promise<boolean> {
  await lockWorkspace(db, workspaceId);
  const [open] = await run<{ count: number }>(db, COUNT_OPEN, [workspaceId]);
  return open!.count >= JOBS_MAX_OPEN;
}

/** The job of a row. */
export function toJob(row: JobRow): Job {
  return {
    id: row.id,
    kind: row.kind as Job['kind'],
    status: row.status as Job['status'],
    stopReason: row.stop_reason as Job['stopReason'],
    filter: row.filter,
    total: row.total,
    done: row.succeeded + row.skipped + row.failed,
    succeeded: row.succeeded,
    skipped: row.skipped,
    failed: row.failed,
    keyId: row.key_id,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}
