import { Migrator } from 'kysely/migration';
import type { Database } from './database.ts';
import * as foundation from './migrations/0001-foundation.ts';
import * as safeDeletion from './migrations/0002-safe-deletion.ts';
import * as functions from './migrations/0003-functions.ts';
import * as idempotency from './migrations/0004-idempotency.ts';
import * as fasterJobs from './migrations/0005-faster-jobs.ts';
import * as workBounds from './migrations/0006-work-bounds.ts';

const MIGRATIONS = {
  '0001-foundation': foundation,
  '0002-safe-deletion': safeDeletion,
  '0003-functions': functions,
  '0004-idempotency': idempotency,
  '0005-faster-jobs': fasterJobs,
  '0006-work-bounds': workBounds,
};

/**
 * Brings the database to the version of this code, in one transaction and under a lock: of several instances that
 * start at once, one migrates and the others wait for it.
 * @throws the error of the migration that failed; nothing of it remains.
 */
export async function migrate(db: Database): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}
