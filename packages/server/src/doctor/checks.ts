import { readdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../config.ts';
import { type Database, run } from '../db/database.ts';
import { EXTENSIONS } from '../db/migrate.ts';
import { databaseState } from '../metrics/database-state.ts';

/** What was found out about one part. */
export interface Finding {
  readonly about: string;
  readonly says: string;
  /** What to do, where something is wrong. */
  readonly remedy?: string | undefined;
}

const OLDEST_VERSION = 15;
/** How far apart the clocks of server and database may be, in milliseconds. */
const CLOCK_TOLERANCE_MS = 2_000;
const FREE_DISK_MIN_BYTES = 1_000_000_000;
/** A purge that is behind by more than this does not keep up, or does not run. */
const OVERDUE_MAX_SECONDS = 3_600;
/** A step of a job takes seconds. */
const JOB_STEP_MAX_SECONDS = 300;
/** A transaction of a request takes seconds; an export, and a job's step, are many. */
const TRANSACTION_MAX_SECONDS = 3_600;

/** Whether the version of PostgreSQL is one that the server runs on. */
export async function version(db: Database): Promise<Finding> {
  const [row] = await run<{ version: string; major: number }>(
    db,
    `select current_setting('server_version') as version, current_setting('server_version_num')::integer / 10000 as major`,
    [],
  );
  const { version: number, major } = row!;
  return {
    about: 'version',
    says: `PostgreSQL ${number}`,
    remedy: major < OLDEST_VERSION ? `Move the data to PostgreSQL ${OLDEST_VERSION} or later.` : undefined,
  };
}

/** Whether PostgreSQL has the extensions that the server uses. */
export async function extensions(db: Database, isEmpty: boolean): Promise<Finding> {
  const rows = await run<{ name: string; installed: boolean }>(
    db,
    'select name, installed_version is not null as installed from pg_available_extensions where name = any($1)',
    [EXTENSIONS],
  );
  const absent = EXTENSIONS.filter((name) => !rows.some((row) => row.name === name));
  if (absent.length > 0)
    return {
      about: 'extensions',
      says: `not on the database's machine: ${absent.join(', ')}`,
      remedy: 'Install the package postgresql-contrib there.',
    };
  const missing = rows.filter(({ installed }) => !installed).map(({ name }) => name);
  if (missing.length === 0) return { about: 'extensions', says: EXTENSIONS.join(', ') };
  if (isEmpty) return { about: 'extensions', says: `the first start adds ${missing.join(', ')}` };
  const statements = missing.map((name) => `create extension ${name};`).join(' ');
  return {
    about: 'extensions',
    says: `not in this database: ${missing.join(', ')}`,
    remedy: `As its owner: ${statements}`,
  };
}

/** Whether what was acknowledged survives a loss of power. */
export async function durability(db: Database, { DATABASE_URL }: Settings): Promise<Finding> {
  if (!DATABASE_URL)
    return { about: 'durability', says: 'survives a crash of the process, but no loss of power; production uses PostgreSQL' };
  const rows = await run<{ name: string }>(
    db,
    `select name from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off' order by name`,
    [],
  );
  const off = rows.map(({ name }) => name).join(', ');
  if (off === '') return { about: 'durability', says: 'a commit is on disk before it is acknowledged' };
  return { about: 'durability', says: `off: ${off}. A loss of power can take what was acknowledged`, remedy: `Set to on: ${off}.` };
}

/** Whether what is deleted leaves the files of the database, too. */
export async function deletedRows(db: Database, { DATABASE_URL }: Settings, now: Date): Promise<Finding> {
  const about = 'deleted rows';
  if (!DATABASE_URL) return { about, says: 'the server clears them away' };
  const [row] = await run<{ cleared: boolean; pid: number | null; since: string | null }>(
    db,
    `select current_setting('autovacuum')::boolean as cleared, oldest.pid, oldest.xact_start as since
     from (values (1)) as one left join lateral (
       select pid, xact_start from pg_stat_activity
       where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid() and xact_start is not null
       order by xact_start limit 1
     ) as oldest on true`,
    [],
  );
  const { cleared, pid, since } = row!;
  if (!cleared)
    return {
      about,
      says: 'autovacuum is off: what is deleted stays in the files, and everything takes longer from day to day',
      remedy: 'Set autovacuum to on.',
    };
  const seconds = since === null ? 0 : (now.getTime() - Date.parse(since)) / 1000;
  if (seconds <= TRANSACTION_MAX_SECONDS) return { about, says: 'autovacuum clears them away' };
  return {
    about,
    says: `a transaction is open for ${duration(seconds)}: nothing that was deleted since is cleared away`,
    remedy: `See whose it is, and end it: select pg_terminate_backend(${pid});`,
  };
}

/** Whether PostgreSQL takes as many connections as the server may open. */
export async function connections(db: Database, { DATABASE_URL, DATABASE_POOL_SIZE }: Settings): Promise<Finding> {
  if (!DATABASE_URL) return { about: 'connections', says: 'one, which all share' };
  const [row] = await run<{ limit: number; used: number }>(
    db,
    `select current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer as limit,
       (select count(*)::integer from pg_stat_activity where backend_type = 'client backend') as used`,
    [],
  );
  const { limit, used } = row!;
  return {
    about: 'connections',
    says: `${used} of ${limit} are used; an instance opens up to ${DATABASE_POOL_SIZE}`,
    remedy: DATABASE_POOL_SIZE > limit ? 'Set DATABASE_POOL_SIZE lower, or max_connections of PostgreSQL higher.' : undefined,
  };
}

/** Whether the clocks of this machine and of the database agree: what is kept for a time goes by both. */
export async function clock(db: Database, now: () => Date): Promise<Finding> {
  const before = now().getTime();
  const [row] = await run<{ at: number }>(db, 'select extract(epoch from clock_timestamp())::float8 * 1000 as at', []);
  const after = now().getTime();
  const apart = Math.round(row!.at - (before + after) / 2);
  const isWrong = Math.abs(apart) - (after - before) / 2 > CLOCK_TOLERANCE_MS;
  return {
    about: 'clock',
    says: `the database is ${Math.abs(apart)} ms ${apart < 0 ? 'behind' : 'ahead'}`,
    remedy: isWrong ? 'Set the clocks of both machines by NTP.' : undefined,
  };
}

/** How much is stored; for the embedded database, whether there is space for more. */
export async function disk(db: Database, { DATABASE_URL, LEADS_DATA_DIR }: Settings): Promise<Finding> {
  if (DATABASE_URL) {
    const [row] = await run<{ bytes: number }>(db, 'select pg_database_size(current_database())::float8 as bytes', []);
    return { about: 'disk', says: `the database has ${size(row!.bytes)}; what is free, only its machine knows` };
  }
  const { bavail, bsize } = statfsSync(LEADS_DATA_DIR);
  const free = bavail * bsize;
  return {
    about: 'disk',
    says: `${LEADS_DATA_DIR} has ${size(sizeOf(LEADS_DATA_DIR))}, and ${size(free)} are free`,
    remedy: free < FREE_DISK_MIN_BYTES ? 'Make space: a database whose disk is full refuses changes.' : undefined,
  };
}

/** Whether jobs go on, and what is kept for a time goes when its time is over. */
export async function backlog(db: Database, now: Date): Promise<Finding> {
  const { overdueSeconds, openJobs } = await databaseState(db, now);
  const [row] = await run<{ idle: number }>(
    db,
    'select coalesce(extract(epoch from clock_timestamp() - max(advanced_at)), 0)::float8 as idle from jobs where finished_at is null',
    [],
  );
  const jobs = openJobs.reduce((sum, { count }) => sum + count, 0);
  const overdue = Math.max(...Object.values(overdueSeconds));
  const says = `${jobs} jobs open${jobs > 0 ? `, the last step ${duration(row!.idle)} ago` : ''}; the oldest row to purge is due for ${duration(overdue)}`;
  const isStuck = row!.idle > JOB_STEP_MAX_SECONDS || overdue > OVERDUE_MAX_SECONDS;
  return {
    about: 'backlog',
    says,
    remedy: isStuck ? 'Start a server, or see in its log what keeps its background work from going on.' : undefined,
  };
}

/** Whether each chain of the audit log ends with the entry that its head names. */
export async function auditHeads(db: Database): Promise<Finding> {
  const [row] = await run<{ chains: number; broken: number }>(
    db,
    `select count(*)::integer as chains, (count(*) filter (where heads.seq > 0 and entries.hash is distinct from heads.hash))::integer as broken
     from audit_chains as heads left join audit_log as entries using (workspace_id, chain, seq)`,
    [],
  );
  const { chains, broken } = row!;
  if (broken === 0) return { about: 'audit log', says: `each of ${chains} chains ends where its head says` };
  return {
    about: 'audit log',
    says: `${broken} of ${chains} chains do not end where their heads say`,
    remedy: 'npx leads-audit verify names the entries. Somebody has changed the log past the server.',
  };
}

function sizeOf(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + (statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
