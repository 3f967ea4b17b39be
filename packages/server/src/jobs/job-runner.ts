import type { Job } from '@leads/contract';
import type { Logger } from 'pino';
import { appendAudit, SYSTEM_KEY_ID } from '../audit/append-audit.ts';
import { type Database, run } from '../db/database.ts';
import { inTransaction } from '../db/transaction.ts';
import { type BulkKind, type BulkOptions, doJobStep } from '../leads/bulk-action.ts';

/** How many open jobs are looked at: more than there are servers, each of which works on one. */
const WAITING_MAX = 100;
/** After so many failures in a row a job is ended as failed. */
const MAX_ATTEMPTS = 5;

/** What running jobs needs. */
export interface JobRunnerDeps {
  readonly db: Database;
  readonly now: () => Date;
  readonly backupLifetime: (from: Date) => Date;
  readonly logger: Logger;
  /** Is told of each job that ended here. */
  readonly onFinished?: (kind: BulkKind, status: Job['status']) => void;
}

// The workspaces that wait longest first, so that they take turns, and of the jobs of each the one that waits longest. Of all
// workspaces, and so without a lock: on a distributed database only the rows of one workspace can be locked in a statement.
const WAITING = `
  select jobs.workspace_id, jobs.id from jobs left join job_turns on job_turns.workspace_id = jobs.workspace_id
  where finished_at is null order by taken_at nulls first, advanced_at limit ${WAITING_MAX}`;
// Nothing where another server works on it, or has ended it.
const TAKE = `
  select workspace_id, id, kind, options, key_id, request_id from jobs
  where workspace_id = $1 and id = $2 and finished_at is null for update skip locked`;
const STOP_REASON = `
  select case when revoked_at is not null then 'key_revoked' when expires_at <= $3 then 'key_expired' end as stop_reason
  from api_keys where workspace_id = $1 and id = $2`;
const TAKE_TURN = `
  insert into job_turns values ($1, statement_timestamp()) on conflict (workspace_id) do update set taken_at = excluded.taken_at`;
const ADVANCE = `
  update jobs set status = 'running', started_at = coalesce(started_at, $3), advanced_at = statement_timestamp(), attempts = 0,
    succeeded = succeeded + $4, skipped = skipped + $5, failed = failed + $6
  where workspace_id = $1 and id = $2`;
const FINISH = `
  update jobs set status = 'completed', started_at = coalesce(started_at, $3), finished_at = $3, options = '{}' where workspace_id = $1 and id = $2`;
const STOP = `
  update jobs set status = 'stopped', stop_reason = $4, finished_at = $3, options = '{}' where workspace_id = $1 and id = $2`;
const COUNT_FAILURE = `
  update jobs set attempts = attempts + 1, advanced_at = statement_timestamp(),
    status = case when attempts + 1 >= ${MAX_ATTEMPTS} then 'failed' else status end,
    options = case when attempts + 1 >= ${MAX_ATTEMPTS} then '{}' else options end,
    finished_at = case when attempts + 1 >= ${MAX_ATTEMPTS} then $3::timestamptz end
  where workspace_id = $1 and id = $2 and finished_at is null returning status`;

interface TakenJob {
  readonly workspace_id: string;
  readonly id: string;
  readonly kind: BulkKind;
  readonly options: BulkOptions;
  readonly key_id: string;
  readonly request_id: string;
}

/**
 * Runs the jobs of all workspaces, some leads at a time. What is done with the leads, their outcomes and the progress are
 * written in one transaction: a server that is killed leaves a job at the end of a step, and any server goes on from there.
 */
export class JobRunner {
  readonly #deps: JobRunnerDeps;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(deps: JobRunnerDeps) {
    this.#deps = deps;
  }

  /** Works until there is nothing left to do; while it works, a further call makes it look again. */
  readonly wake = (): Promise<void> => {
    this.#again = true;
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  };

  /** Ends after the step under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running?.catch(() => {});
  }

  async #work(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      while (!this.#stopped && (await this.#step()));
    }
  }

  /** Does one step of one job; false where there is none to do. */
  async #step(): Promise<boolean> {
    let taken: TakenJob | undefined;
    try {
      const end = await inTransaction(this.#deps.db, async (db) => {
        taken = await takeJob(db);
        if (!taken) return;
        const reason = await this.#stopReason(db, taken);
        const status = reason ? await this.#stopJob(db, taken, reason) : await this.#advance(db, taken);
        await run(db, TAKE_TURN, [taken.workspace_id]);
        return { kind: taken.kind, status };
      });
      if (end?.status) this.#deps.onFinished?.(end.kind, end.status);
      return end !== undefined;
    } catch (error) {
      if (!taken) throw error;
      await this.#countFailure(taken, error);
      return false;
    }
  }

  async #advance(db: Database, job: TakenJob): Promise<'completed' | undefined> {
    const key = [job.workspace_id, job.id];
    const at = this.#deps.now();
    const step = {
      workspaceId: job.workspace_id,
      atomic: false,
      at,
      backupsExpireAt: this.#deps.backupLifetime(at),
      keyId: job.key_id,
      requestId: job.request_id,
      jobId: job.id,
    };
    const counts = await doJobStep(db, job.kind, job.id, step, job.options);
    if (!counts) {
      await run(db, FINISH, [...key, at]);
      return 'completed';
    }
    await run(db, ADVANCE, [...key, at, counts.succeeded, counts.skipped, counts.failed]);
    return undefined;
  }

  /** Why a job must not go on; null where it may. */
  async #stopReason(db: Database, job: TakenJob): Promise<Job['stopReason']> {
    const [key] = await run<{ stop_reason: Job['stopReason'] }>(db, STOP_REASON, [job.workspace_id, job.key_id, this.#deps.now()]);
    return key ? key.stop_reason : 'key_revoked';
  }

  async #stopJob(db: Database, job: TakenJob, reason: string): Promise<'stopped'> {
    const at = this.#deps.now();
    await run(db, STOP, [job.workspace_id, job.id, at, reason]);
    const actor = { caller: { workspaceId: job.workspace_id, keyId: SYSTEM_KEY_ID }, requestId: null };
    await appendAudit(db, at, actor, { action: 'job.stopped', jobId: job.id, details: { reason } });
    return 'stopped';
  }

  async #countFailure(job: TakenJob, error: unknown): Promise<void> {
    this.#deps.logger.error({ err: error, jobId: job.id }, 'a step of a job failed');
    const key = [job.workspace_id, job.id, this.#deps.now()];
    const [counted] = await run<{ status: Job['status'] }>(this.#deps.db, COUNT_FAILURE, key);
    if (counted?.status === 'failed') this.#deps.onFinished?.(job.kind, 'failed');
    await run(this.#deps.db, TAKE_TURN, [job.workspace_id]);
  }
}

/** The job that is next, locked; one that another server works on is passed over. Undefined where there is none. */
async function takeJob(db: Database): Promise<TakenJob | undefined> {
  for (const { workspace_id: workspaceId, id } of await run<{ workspace_id: string; id: string }>(db, WAITING, [])) {
    const [taken] = await run<TakenJob>(db, TAKE, [workspaceId, id]);
    if (taken) return taken;
  }
  return undefined;
}
