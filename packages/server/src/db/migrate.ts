import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { beginDistributed, distribute, distributeTables, hasCitus, isDistributed } from './distribute.ts';
import { sqlFiles } from './sql-files.ts';
import { statementsOf } from './statements.ts';
import { StartError } from '../start-error.ts';
import { LEAD_SQL, PERSONAL_COLUMNS } from '../leads/lead-fields.ts';

/** Any number that is no other program's: two that change the same database wait for each other. */
const LOCK = 4_711_000_001;
/** How long a change of a table waits for those who use it, in milliseconds, while everybody else waits behind it. */
const LOCK_TIMEOUT_MS = 15_000;
/** The key of HMAC-SHA-256 is kept as the two blocks that are made of it, so that SQL need not. */
const HMAC_BLOCK_BYTES = 64;

/** Tables and data, in the order of their numbers; one that was run is never changed. */
const MIGRATIONS = sqlFiles('migrations/');
/**
 * The settings of functions that look up leads, or what hangs on them, by their ids: id by id, each along the index of the ids.
 * The planner reckons with a workspace of average size. Where most are small, it would rather read all of one, and keep that plan
 * for those that are not: 1.5 s for one lead of 200,000. A way that is off counts as very dear where there is no other, and PostgreSQL
 * compiles what is dear: for 35 ms, to change one row.
 */
const LOOKUP_BY_ID = [
  'set plan_cache_mode = force_generic_plan',
  'set jit = off',
  ...['seqscan', 'hashjoin', 'mergejoin', 'material'].map((way) => `set enable_${way} = off`),
].join(' ');

/** What several functions have a part of, by the name that stands in its place. */
const FRAGMENTS: Readonly<Record<string, string>> = {
  lookup_by_id: LOOKUP_BY_ID,
  ...LEAD_SQL,
  ...Object.fromEntries(sqlFiles('fragments/').map(({ name, sql }) => [name, sql])),
};

/** Functions with their triggers, each in its one present definition. */
const FUNCTIONS = sqlFiles('functions/').map(({ name, sql }) => {
  const definition = withFragments(sql, `functions/${name}.sql`);
  return { name, definition, checksum: createHash('sha256').update(definition).digest('base64url') };
});

/**
 * Brings the database to the version of this code: runs the migrations that it lacks, makes the functions anew whose text is another
 * one, and the secrets where there are none, all in one transaction and under a lock. Of several instances that start at once one does it
 * and the others wait. No statement has a time limit here, only the wait for a table that is in use. A database that a later version has
 * brought up to date already stays as it is: that version serves it, too, and its functions take the calls of this one. `onProgress` is
 * told what is done, for people, unless the database is new: then it is quick, and a newcomer has other things to read.
 * @throws the error of what failed; nothing of it remains.
 */
export async function migrate(
  connection: pg.ClientConfig,
  onProgress: (line: string) => void = () => {},
  lockTimeoutMs = LOCK_TIMEOUT_MS,
): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    if (await isUpToDate(client)) return;
    await beginAlone(client, lockTimeoutMs);
    const { missing, unknown, isNew } = differenceTo(await migrationsRun(client));
    if (missing.length === 0 && unknown.length > 0) {
      onProgress(`nothing is done: the database is of a later version (${unknown.at(-1)})`);
      return;
    }
    await bringUpToDate(client, isNew ? () => {} : onProgress, isNew ? await hasCitus(client) : await isDistributed(client));
    await client.query('commit');
  } finally {
    await client.end();
  }
}

/**
 * Distributes a database by workspace, and brings it up to date before: all in one transaction, and nothing where it is done already.
 * @throws {StartError} where it cannot be distributed, with what to do.
 */
export async function distributeDatabase(connection: pg.ClientConfig, onProgress: (line: string) => void): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    if (!(await hasCitus(client)))
      throw new StartError(
        "The database has not the extension Citus. Install Citus on each machine, set shared_preload_libraries = 'citus', start PostgreSQL again, and in this database: create extension citus;",
      );
    await beginAlone(client, LOCK_TIMEOUT_MS);
    const { unknown } = differenceTo(await migrationsRun(client));
    if (unknown.length > 0)
      throw new StartError(`A later version has changed the database (${unknown.join(', ')}): distribute it with that version.`);
    await bringUpToDate(client, onProgress, true);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

/** Begins a transaction that no other of these runs beside, in which no statement has a time limit, only the wait for a table in use. */
async function beginAlone(client: pg.Client, lockTimeoutMs: number): Promise<void> {
  await client.query('begin');
  await client.query('set local statement_timeout = 0');
  await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
  await client.query(`set local lock_timeout = ${lockTimeoutMs}`);
}

async function bringUpToDate(client: pg.Client, onProgress: (line: string) => void, distributes: boolean): Promise<void> {
  if (distributes) await beginDistributed(client);
  await runMigrations(client, onProgress, await isDistributed(client));
  await applyFunctions(client, onProgress);
  await keepNoSamples(client);
  if (distributes) await distribute(client, onProgress);
  await makeSecrets(client);
}

/** The extensions of PostgreSQL that the migrations ask for. */
export const EXTENSIONS = MIGRATIONS.flatMap(({ sql }) =>
  [...sql.matchAll(/^create extension if not exists (\w+)/gm)].map(([, name]) => name!),
);

/** How a database differs from the version of this code. */
export interface SchemaDifference {
  /** Whether no migration was ever run. */
  readonly isEmpty: boolean;
  /** The migrations that the next start runs. */
  readonly missing: readonly string[];
  /** Migrations of a later version, which this code does not know. */
  readonly unknown: readonly string[];
  /** How many functions the next start makes anew. */
  readonly changedFunctions: number;
}

/** Compares a database with this code, and changes nothing. */
export async function compareSchema(connection: pg.ClientConfig): Promise<SchemaDifference> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    const [run, applied] = [await migrationsRun(client), await functionsApplied(client)];
    const { isNew: isEmpty, missing, unknown } = differenceTo(run);
    return {
      isEmpty,
      missing,
      unknown,
      changedFunctions: FUNCTIONS.filter(({ name, checksum }) => applied.get(name) !== checksum).length,
    };
  } finally {
    await client.end();
  }
}

/** Compares the migrations that a database has with those of this code. */
function differenceTo(run: ReadonlySet<string>): { isNew: boolean; missing: string[]; unknown: string[] } {
  return {
    isNew: run.size === 0,
    missing: MIGRATIONS.map(({ name }) => name).filter((name) => !run.has(name)),
    unknown: [...run].filter((name) => !MIGRATIONS.some((migration) => migration.name === name)),
  };
}

/**
 * The SQL of a function's file, with what stands for `:name` in it put in.
 * @throws where there is no fragment of that name; `file` says where that is.
 */
function withFragments(sql: string, file: string): string {
  return sql.replace(/(?<![:\w]):([a-z_]+)/g, (_, name: string) => {
    const fragment = FRAGMENTS[name];
    if (fragment === undefined) throw new Error(`${file}: there is no :${name}; there are ${Object.keys(FRAGMENTS).join(', ')}`);
    return withFragments(fragment, file);
  });
}

async function isUpToDate(client: pg.Client): Promise<boolean> {
  if ((await migrationsRun(client)).size < MIGRATIONS.length) return false;
  const { rows } = await client.query('select from secrets limit 1');
  if (rows.length === 0) return false;
  const applied = await functionsApplied(client);
  return applied.size === FUNCTIONS.length && FUNCTIONS.every(({ name, checksum }) => applied.get(name) === checksum);
}

/** The names of the migrations that were run, in a table of Kysely's form, which earlier versions kept. */
async function migrationsRun(client: pg.Client): Promise<Set<string>> {
  const { rows } = await client.query(`select to_regclass('kysely_migration') is not null as exists`);
  if (!rows[0].exists) return new Set();
  return new Set((await client.query('select name from kysely_migration')).rows.map(({ name }) => name as string));
}

async function runMigrations(client: pg.Client, onProgress: (line: string) => void, distributes: boolean): Promise<void> {
  await client.query('create table if not exists kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null)');
  const run = await migrationsRun(client);
  for (const { name, sql } of MIGRATIONS) {
    if (run.has(name)) continue;
    onProgress(`migration ${name}`);
    for (const statement of statementsOf(sql)) await client.query(statement);
    // Before the next one, which may refer from the new tables to those that are distributed.
    if (distributes) await distributeTables(client, onProgress);
    await client.query('insert into kysely_migration values ($1, $2)', [name, new Date().toISOString()]);
  }
}

/** The checksum of each function's text, which stands in its comment. */
async function functionsApplied(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    `select proname as name, substr(obj_description(oid, 'pg_proc'), 10) as checksum from pg_proc
     where pronamespace = current_schema::regnamespace and obj_description(oid, 'pg_proc') like 'checksum %'`,
  );
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

async function applyFunctions(client: pg.Client, onProgress: (line: string) => void): Promise<void> {
  const applied = await functionsApplied(client);
  const changed = FUNCTIONS.filter(({ name, checksum }) => applied.get(name) !== checksum);
  const gone = [...applied.keys()].filter((name) => !FUNCTIONS.some((file) => file.name === name));
  // Functions may call each other, in whatever order they are made.
  await client.query('set local check_function_bodies = off');
  for (const name of [...gone, ...changed.map((file) => file.name)]) await dropFunction(client, name, gone.includes(name));
  for (const { name, definition, checksum } of changed) {
    for (const statement of statementsOf(definition)) await client.query(statement);
    await client.query(`comment on function ${name} is 'checksum ${checksum}'`);
  }
  if (changed.length > 0) onProgress(`functions: ${changed.length} of ${FUNCTIONS.length}`);
}

/** A function cannot be replaced by one that answers something else. Those of triggers all answer the same, and are in use. */
async function dropFunction(client: pg.Client, name: string, isGone: boolean): Promise<void> {
  const { rows } = await client.query<{ signature: string }>(
    `select oid::regprocedure::text as signature from pg_proc
     where pronamespace = current_schema::regnamespace and proname = $1 and (prorettype <> 'trigger'::regtype or $2)`,
    [name, isGone],
  );
  for (const { signature } of rows) await client.query(`drop function ${signature} cascade`);
}

/** The planner's statistics would keep samples of personal data that is deleted. */
async function keepNoSamples(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ column: string }>(
    `select quote_ident(attname) as column from pg_attribute
     where attrelid = 'leads'::regclass and attname = any($1) and attstattarget is distinct from 0`,
    [PERSONAL_COLUMNS],
  );
  for (const { column } of rows) await client.query(`alter table leads alter column ${column} set statistics 0`);
}

/** The migrations make them; a database that was packed to be published has none, or all that are made of it would share them. */
async function makeSecrets(client: pg.Client): Promise<void> {
  const key = Buffer.alloc(HMAC_BLOCK_BYTES);
  randomBytes(32).copy(key);
  const padded = (pad: number) => key.map((byte) => byte ^ pad);
  await client.query(
    `insert into secrets select * from (values ('tokens', $1::bytea), ('person_hash_inner', $2), ('person_hash_outer', $3)) as secret
     where not exists (select from secrets) and not exists (select from workspaces)`,
    [randomBytes(32), padded(0x36), padded(0x5c)],
  );
}
