import type { Job } from '@leads/contract';
import type { Logger } from 'pino';
import { appendAudit, SYSTEM_KEY_ID } from '../audit/append-audit.ts';
import { type Database, run } from '../db/database.ts';
import { inTransaction } from '../db/transaction.ts';
import { type BulkKind, type BulkOptions, runJobStep } from '../leads/bulk-action.ts';

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

// The workspace that waits longest, so that workspaces take turns, and of its jobs the one that waits longest. A job that
// another server works on is passed over.
const TAKE = `
  select jobs.workspace_id, jobs.id, kind, options, key_id, request_id,
    case when revoked_at is null and api_keys.id is not null then case when expires_at <= $1 then 'key_expired' end else 'key_revoked' end as stop_reason
  from jobs left join job_turns on job_turns.workspace_id = jobs.workspace_id
    left join api_keys on api_keys.workspace_id = jobs.workspace_id and api_keys.id = key_id
  where finished_at is null order by taken_at nulls first, advanced_at limit 1 for update of jobs skip locked`;
const TAKE_TURN = `
  insert into job_turns values ($1, clock_timestamp()) on conflict (workspace_id) do update set taken_at = excluded.taken_at`;
const ADVANCE = `
  update jobs set status = 'running', started_at = coalesce(started_at, $3), advanced_at = clock_timestamp(), attempts = 0,
    succeeded = succeeded + $4, skipped = skipped + $5, failed = failed + $6
  where workspace_id = $1 and id = $2`;
const FINISH = `
  update jobs set status = 'completed', started_at = coalesce(started_at, $3), finished_at = $3, options = '{}' where workspace_id = $1 and id = $2`;
const STOP = `
  update jobs set status = 'stopped', stop_reason = $4, finished_at = $3, options = '{}' where workspace_id = $1 and id = $2`;
const COUNT_FAILURE = `
  update jobs set attempts = attempts + 1, advanced_at = clock_timestamp(),
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
  /** Why it must not go on, where it must not. */
  readonly stop_reason: Job['stopReason'];
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
        [taken] = await run<TakenJob>(db, TAKE, [this.#deps.now()]);
        if (!taken) return;
        const status = taken.stop_reason ? await this.#stopJob(db, taken, taken.stop_reason) : await this.#advance(db, taken);
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
    const counts = await runJobStep(db, job.kind, job.id, step, job.options);
    if (!counts) {
      await run(db, FINISH, [...key, at]);
      return 'completed';
    }
    await run(db, ADVANCE, [...key, at, counts.succeeded, counts.skipped, counts.failed]);
    return undefined;
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
