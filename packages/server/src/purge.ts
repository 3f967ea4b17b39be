import { JOB_RETENTION_DAYS } from '@leads/contract';
import { type Database, run } from './db/database.ts';
import { ANSWER_KEPT_HOURS } from './http/idempotency.ts';

const PURGES = [
  'delete from backups where expires_at <= $1',
  `delete from idempotency_keys where created_at <= $1::timestamptz - interval '${ANSWER_KEPT_HOURS} hours'`,
  `delete from jobs where finished_at <= $1::timestamptz - interval '${JOB_RETENTION_DAYS} days'`,
];

/** Deletes what has been kept for long enough: backups, stored answers, finished jobs. */
export async function purge(db: Database, now: () => Date): Promise<void> {
  for (const sql of PURGES) await run(db, sql, [now()]);
}
