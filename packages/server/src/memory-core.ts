import type { IncomingMessage, ServerResponse } from 'node:http';
import { type LeadRecord, SCOPES, type Scope } from '@leads/contract';
import type { Logger } from 'pino';
import { createKey } from './api-keys/key-store.ts';
import { createApp } from './app.ts';
import { hashApiKey } from './auth/api-key.ts';
import { KeyCache } from './auth/key-cache.ts';
import { type Database, openDatabase, run } from './db/database.ts';
import { startEmbeddedPostgres } from './db/embedded/embedded-postgres.ts';
import { migrate } from './db/migrate.ts';
import { inTransaction } from './db/transaction.ts';
import { newId } from './ids.ts';
import { JobRunner } from './jobs/job-runner.ts';
import { insertRecords } from './leads/insert-records.ts';
import { RateLimiter } from './rate-limit/rate-limiter.ts';
import { TokenSigner, tokenSecret } from './tokens.ts';
import { ensureWorkspace } from './workspaces/workspaces.ts';

const BACKUP_LIFETIME_MS = 30 * 86_400_000;

/** What a workspace begins with. */
export interface WorkspaceContent {
  readonly campaigns: readonly { readonly id: string; readonly name: string; readonly status: string; readonly createdAt: string }[];
  /** Leads with what hangs on them; of their campaigns those that are in `campaigns`. */
  readonly records: readonly LeadRecord[];
}

/** The whole API on a database in memory, for whoever brings the socket. */
export interface MemoryCore {
  /** Answers a request, as an application of Express. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Makes a workspace of its own for a key with every scope, unless the key is known already. */
  admit(apiKey: string, content: WorkspaceContent): Promise<void>;
  /** Takes away every workspace with everything in it. Requests under way must be answered before. */
  clear(): Promise<void>;
  /** Keeps everything as it is now under a name; one of that name is replaced. */
  saveSnapshot(name: string): Promise<void>;
  /** Puts everything back as it was kept under a name; false where there is none. */
  loadSnapshot(name: string): Promise<boolean>;
  /** How many rows each table has. */
  counts(): Promise<Record<string, number>>;
  /** Ends the jobs and the database. */
  stop(): Promise<void>;
}

/** Starts it. Every key may make any number of requests; `now` is the time for everything in it. */
export async function startMemoryCore(now: () => Date, logger: Logger): Promise<MemoryCore> {
  const embedded = await startEmbeddedPostgres({ dataDir: 'memory' });
  const db = openDatabase(embedded.connection, embedded.maxConnections, (err) => logger.warn({ err }, 'database connection lost'));
  await migrate(embedded.connection);
  const keys = new KeyCache(db, now);
  const backupLifetime = (from: Date) => new Date(from.getTime() + BACKUP_LIFETIME_MS);
  const runner = new JobRunner({ db, now, backupLifetime, logger });
  const wakeJobs = () => void runner.wake().catch((err: unknown) => logger.error({ err }, 'a job failed'));
  const app = createApp({
    db,
    now,
    newId,
    logger,
    keys,
    limiter: new RateLimiter(Infinity, now),
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
        await createKey(deps, actor, { workspaceId, name: 'First key', scopes, expiresAt: null, secret: apiKey });
        await fill(transaction, workspaceId, content);
      });
    },
    clear: () => replace(async () => {}),
    async saveSnapshot(name) {
      // Numbered, because a name may be longer than PostgreSQL's, which cuts it off.
      const schema = snapshots.get(name) ?? `snapshot_${snapshots.size}`;
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

async function fill(db: Database, workspaceId: string, { campaigns, records }: WorkspaceContent): Promise<void> {
  for (const { id, name, status, createdAt } of campaigns) {
    await run(db, 'insert into campaigns values ($1, $2, $3, $4, $5, $5)', [workspaceId, id, name, status, new Date(createdAt)]);
  }
  const own = records.map((record) => ({ ...record, lead: { ...record.lead, workspaceId } }));
  await insertRecords(db, workspaceId, own, true);
}
