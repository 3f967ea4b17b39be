import { type LeadRecord, SCOPES, type Scope } from '@leads/contract';
import { createKey } from './api-keys/key-store.ts';
import { createApp } from './app.ts';
import { appendAudit } from './audit/append-audit.ts';
import { hashApiKey } from './auth/api-key.ts';
import { KeyCache } from './auth/key-cache.ts';
import { type Database, openDatabase, run } from './db/database.ts';
import type { EmbeddedPostgres } from './db/embedded/embedded-postgres.ts';
import { erasePerson, personTraces } from './db/functions.ts';
import { migrate } from './db/migrate.ts';
import { inTransaction } from './db/transaction.ts';
import { newId } from './ids.ts';
import { JobRunner } from './jobs/job-runner.ts';
import type { MemoryCore, WorkspaceContent } from './memory-core.ts';
import { insertRecords } from './leads/insert-records.ts';
import { createLogger } from './logger.ts';
import { RateLimiter } from './rate-limit/rate-limiter.ts';
import { CountExchange } from './rate-limit/share-counts.ts';
import { repeat } from './repeat.ts';
import { TokenSigner, tokenSecret } from './tokens.ts';
import { ensureWorkspace } from './workspaces/workspaces.ts';

const BACKUP_LIFETIME_MS = 30 * 86_400_000;
/** How often it is written down when keys were last used, in milliseconds. */
const NOTE_USES_EVERY_MS = 1_000;

/** The whole API on an empty database, which ends with it. */
export async function memoryCoreOn(embedded: EmbeddedPostgres, now: () => Date): Promise<MemoryCore> {
  const logger = createLogger('error');
  const db = openDatabase(embedded.connection, embedded.maxConnections, (err) => logger.warn({ err }, 'database connection lost'));
  await migrate(embedded.connection);
  // Every workspace may hold the same key of `WorkspaceContent`: nothing here looks for a key by its id alone.
  await run(db, 'drop index api_keys_by_id', []);
  const keys = new KeyCache(db, now);
  const backupLifetime = (from: Date) => new Date(from.getTime() + BACKUP_LIFETIME_MS);
  const runner = new JobRunner({ db, now, backupLifetime, logger });
  const limiter = new RateLimiter(Infinity, now);
  const uses = new CountExchange(db, limiter, newId('inst'));
  const endUses = repeat(
    () => uses.run(),
    NOTE_USES_EVERY_MS,
    (err) => logger.error({ err }, 'the uses of keys were not written down'),
  );
  const wakeJobs = () => void runner.wake().catch((err: unknown) => logger.error({ err }, 'a job failed'));
  const app = createApp({
    db,
    now,
    newId,
    logger,
    keys,
    limiter,
    tokens: new TokenSigner(await tokenSecret(db), now),
    backupLifetime,
    onJob: wakeJobs,
    corsOrigins: ['*'],
    health: { isReady: async () => true },
  });
  const tables = await tablesOf(db);
  const replace = (copy: (db: Database) => Promise<void>) =>
    inTransaction(db, async (transaction) => {
      // Without triggers and foreign keys: what is put back holds together already, and the audit log refuses to be changed.
      await run(transaction, `select set_config('session_replication_role', 'replica', true)`, []);
      for (const { name } of tables) await run(transaction, `delete from ${name}`, []);
      await copy(transaction);
      keys.clear();
    });
  const snapshots = new Map<string, string>();
  let snapshotCount = 0;

  return {
    handle: app,
    async admit(apiKey, content) {
      const hash = hashApiKey(apiKey);
      await inTransaction(db, async (transaction) => {
        const known = await run(transaction, `select from api_keys where hash = decode($1, 'hex')`, [hash]);
        if (known.length > 0) return;
        const deps = { db: transaction, now, newId };
        const workspaceId = await ensureWorkspace(deps, newId('ws'));
        const scopes = Object.keys(SCOPES) as Scope[];
        const actor = { caller: { workspaceId, keyId: 'system' }, requestId: null };
        await fill(transaction, workspaceId, content, backupLifetime(now()));
        for (const { id, ...key } of content.keys) {
          await createKey({ ...deps, newId: () => id }, actor, { workspaceId, expiresAt: null, ...key });
        }
        await createKey(deps, actor, { workspaceId, name: 'First key', scopes, expiresAt: null, secret: apiKey });
      });
    },
    clear: () => replace(async () => {}),
    async saveSnapshot(name) {
      // Numbered, because a name may be longer than PostgreSQL's, which cuts it off.
      const schema = snapshots.get(name) ?? `snapshot_${++snapshotCount}`;
      await inTransaction(db, async (transaction) => {
        await run(transaction, `drop schema if exists ${schema} cascade`, []);
        await run(transaction, `create schema ${schema}`, []);
        for (const table of tables) {
          await run(transaction, `create table ${schema}.${table.name} as select ${table.columns} from ${table.name}`, []);
        }
      });
      snapshots.set(name, schema);
    },
    async loadSnapshot(name) {
      const schema = snapshots.get(name);
      if (!schema) return false;
      await replace(async (transaction) => {
        for (const { name: table, columns } of tables) {
          await run(transaction, `insert into ${table} (${columns}) select ${columns} from ${schema}.${table}`, []);
        }
      });
      wakeJobs();
      return true;
    },
    async counts() {
      const counted = tables.map(({ name }) => `select '${name}' as name, count(*)::integer as count from ${name}`).join(' union all ');
      const rows = await run<{ name: string; count: number }>(db, counted, []);
      return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
    },
    async stop() {
      await endUses();
      await runner.stop();
      await db.destroy();
      await embedded.stop();
    },
  };
}

/** The tables that hold what callers made, each with the columns that are written. */
async function tablesOf(db: Database): Promise<{ name: string; columns: string }[]> {
  return run(
    db,
    `select table_name as name, string_agg(quote_ident(column_name), ', ' order by ordinal_position) as columns
     from information_schema.columns
     where table_schema = 'public' and is_generated = 'NEVER' and table_name not like 'kysely%' and table_name <> 'secrets'
       and table_name in (select table_name from information_schema.tables where table_type = 'BASE TABLE')
     group by table_name order by table_name`,
    [],
  );
}

async function fill(db: Database, workspaceId: string, content: WorkspaceContent, backupsExpireAt: Date): Promise<void> {
  const { campaigns, records, deletions, erasures, jobs } = content;
  for (const { id, name, status, createdAt } of campaigns) {
    await run(db, 'insert into campaigns values ($1, $2, $3, $4, $5, $5)', [workspaceId, id, name, status, new Date(createdAt)]);
  }
  await insertRecords(db, workspaceId, records.map(ownRecord), true);
  for (const { record, backupId, keyId, reason, deletedAt, restoredAt } of deletions) {
    const { activities, campaigns: enrolled, lead } = record;
    await run(db, INSERT_BACKUP, [
      workspaceId,
      backupId,
      lead.id,
      JSON.stringify(ownRecord(record)),
      activities.length,
      enrolled.length,
      new Date(deletedAt),
      backupsExpireAt,
    ]);
    const actor = { caller: { workspaceId, keyId }, requestId: newId('req') };
    const removed = { activities: activities.length, campaigns: enrolled.length, backups: 0 };
    const details = { ...removed, force: false, erase: false, backupId };
    await appendAudit(db, new Date(deletedAt), actor, { action: 'lead.deleted', leadId: lead.id, reason, details });
    if (restoredAt)
      await appendAudit(db, new Date(restoredAt), actor, { action: 'backup.restored', leadId: lead.id, details: { backupId } });
  }
  for (const { id, record, keyId, erasedAt } of erasures) {
    await insertRecords(db, workspaceId, [ownRecord(record)], true);
    const person = { workspace: workspaceId, lead: record.lead.id, email: null, phone: null, max_leads: 1 };
    const [traces] = await personTraces.call(db, person);
    const planned = { subject: traces!.subject!, fingerprint: traces!.fingerprint!, force: false };
    await erasePerson.call(db, { ...person, ...planned, erasure: id, at: new Date(erasedAt), key: keyId, request: newId('req') });
  }
  for (const { id, createdAt, outcomes } of jobs) {
    const failed = outcomes.filter(({ outcome }) => outcome === 'failed').length;
    const counts = [outcomes.length, outcomes.length - failed, failed];
    await run(db, INSERT_JOB, [workspaceId, id, ...counts, newId('req'), new Date(createdAt)]);
    await run(db, INSERT_OUTCOMES, [
      workspaceId,
      id,
      outcomes.map(({ leadId }) => leadId),
      outcomes.map(() => ''),
      JSON.stringify(outcomes),
    ]);
  }

  function ownRecord(record: LeadRecord): LeadRecord {
    return { ...record, lead: { ...record.lead, workspaceId } };
  }
}

const INSERT_BACKUP = `
  insert into backups (workspace_id, id, lead_id, content, activities, campaigns, created_at, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8)`;
const INSERT_JOB = `
  insert into jobs (workspace_id, id, kind, options, status, total, succeeded, failed, key_id, request_id, created_at, started_at, advanced_at)
  values ($1, $2, 'bulk_delete', '{}', 'running', $3, $4, $5, 'system', $6, $7, $7, $7)`;
const INSERT_OUTCOMES = `
  insert into job_chunks (workspace_id, job_id, number, lead_ids, versions, outcomes) values ($1, $2, 1, $3, $4, $5)`;
