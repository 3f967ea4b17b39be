import type pg from 'pg';
import { StartError } from '../start-error.ts';

/** What every machine has whole: what other tables refer to, and what the functions read. */
const WHOLE = ['workspaces', 'secrets', 'scrubbing'];
/** What stays on the machine that the servers connect to: a key is looked up before its workspace is known. */
const LOCAL = ['api_keys'];
/** The triggers that count; most have a list of the changed rows, which Citus does not have. `count_lead` does it row by row. */
const COUNTING_TRIGGERS = ['count_inserted', 'count_deleted', 'count_inserted_by_day', 'count_deleted_by_day', 'count_moved'];

/** Is told what is done, for people. */
type OnProgress = (line: string) => void;

/** Whether the database has the extension Citus. */
export async function hasCitus(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(`select from pg_extension where extname = 'citus'`);
  return rows.length > 0;
}

/** Whether the leads are on several machines, or may be. */
export async function isDistributed(client: pg.Client): Promise<boolean> {
  if (!(await hasCitus(client))) return false;
  const { rows } = await client.query(`select from pg_dist_partition where logicalrelid = to_regclass('leads')`);
  return rows.length > 0;
}

/**
 * Distributes by workspace what is not distributed yet: tables with what is in them, functions, triggers. In a transaction, after
 * `beginDistributed`.
 */
export async function distribute(client: pg.Client, onProgress: OnProgress): Promise<void> {
  // Before the leads are copied to the machines, where each would be counted once more.
  await dropCountingTriggers(client);
  await distributeTables(client, onProgress);
  await distributeFunctions(client, onProgress);
  await countRowByRow(client, onProgress);
}

/** Says for the transaction that was begun what changes of distributed tables need; to be called before any of them. */
export async function beginDistributed(client: pg.Client): Promise<void> {
  // Those of leads touch nothing but what is on their machine.
  await client.query('set local citus.enable_unsafe_triggers = on');
  // A table cannot be changed behind a statement that ran on several connections at once.
  await client.query(`set local citus.multi_shard_modify_mode = 'sequential'`);
}

/** The same for the tables alone. */
export async function distributeTables(client: pg.Client, onProgress: OnProgress): Promise<void> {
  const whole = await undistributed(client, 'relname = any($1)', [WHOLE]);
  // The leads first: the others are where they are.
  const parted = await undistributed(client, `relname <> all($1) and ${HAS_WORKSPACE}`, [[...WHOLE, ...LOCAL]]);
  const tables = [...whole, ...parted];
  if (tables.length === 0) return;
  await requireCoordinator(client);
  const foreignKeys = await client.query<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition from pg_constraint
     where contype = 'f' and (conrelid::regclass::text = any($1) or confrelid::regclass::text = any($1)) order by oid`,
    [tables],
  );
  for (const { table, name } of foreignKeys.rows) await client.query(`alter table ${table} drop constraint ${name}`);
  for (const table of whole) {
    await client.query('select create_reference_table($1)', [table]);
    onProgress(`table ${table}: whole on every machine`);
  }
  for (const table of parted) {
    const beside = table === 'leads' ? '' : `, colocate_with => 'leads'`;
    await client.query(`select create_distributed_table($1, 'workspace_id'${beside})`, [table]);
    onProgress(`table ${table}: by workspace`);
  }
  // What was copied to the machines would stay in the files here, where no erasure reaches it.
  for (const table of tables) {
    // The audit log refuses to be emptied.
    await client.query(`alter table ${table} disable trigger user`);
    await client.query('select truncate_local_data_after_distributing_table($1)', [table]);
    await client.query(`alter table ${table} enable trigger user`);
  }
  // Only the embedded database is scrubbed. Set, it is never written again, which every machine would have to wait for.
  if (whole.includes('scrubbing')) await client.query('update scrubbing set needed = true');
  for (const { table, name, definition } of foreignKeys.rows)
    await client.query(`alter table ${table} add constraint ${name} ${definition}`);
}

const HAS_WORKSPACE = `exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'workspace_id' and not attisdropped)`;

async function undistributed(client: pg.Client, condition: string, values: unknown[]): Promise<string[]> {
  const { rows } = await client.query<{ table: string }>(
    `select oid::regclass::text as table from pg_class
     where relkind = 'r' and relnamespace = current_schema::regnamespace and ${condition}
       and not exists (select from pg_dist_partition where logicalrelid = pg_class.oid and (partmethod <> 'n' or repmodel <> 's'))
     order by relname <> 'leads', relname`,
    values,
  );
  return rows.map(({ table }) => table);
}

async function requireCoordinator(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ nodes: number; coordinators: number }>(
    'select count(*)::integer as nodes, (count(*) filter (where groupid = 0))::integer as coordinators from pg_dist_node',
  );
  const { nodes, coordinators } = rows[0]!;
  if (nodes > 0 && coordinators === 0)
    throw new StartError(
      `The cluster does not know its coordinator by an address. In this database: select citus_set_coordinator_host('<the address of this machine>');`,
    );
}

/**
 * A function that is called with its workspace, and alone, runs on the machine that has it, except where it takes a lock that is on no
 * row: that is one lock only if all take it here. On the machines a function may be called by a statement, because all of a workspace is
 * there; and a plan holds for one workspace, so none is kept for all.
 */
async function distributeFunctions(client: pg.Client, onProgress: OnProgress): Promise<void> {
  const { rows } = await client.query<{ name: string; signature: string; body: string; sent: boolean; config: string[] }>(
    `select proname as name, oid::regprocedure::text as signature, prosrc as body, coalesce(proconfig, '{}') as config,
       exists (
         select from pg_dist_object where classid = 'pg_proc'::regclass and objid = pg_proc.oid and distribution_argument_index is not null
       ) as sent
     from pg_proc
     where pronamespace = current_schema::regnamespace and obj_description(oid, 'pg_proc') like 'checksum %' and 'p_workspace' = any(proargnames)
     order by proname`,
  );
  const locking = lockingFunctions(rows);
  const changed = rows.filter(({ config }) => !config.includes(NESTING));
  for (const { name, signature, sent } of changed) {
    if (!sent && !locking.has(name))
      await client.query(`select create_distributed_function($1, 'p_workspace', colocate_with => 'leads')`, [signature]);
    await client.query(`alter function ${signature} reset plan_cache_mode`);
    await client.query(`alter function ${signature} set ${NESTING}`);
  }
  if (changed.length > 0) onProgress(`functions on the machine of their workspace: ${changed.length}`);
}

/** As PostgreSQL keeps it with a function. */
const NESTING = 'citus.allow_nested_distributed_execution=on';

/** Those that take an advisory lock, themselves or in what they call. */
function lockingFunctions(functions: readonly { readonly name: string; readonly body: string }[]): ReadonlySet<string> {
  const locking = new Set(functions.filter(({ body }) => /\bpg_\w*advisory\w*lock/.test(body)).map(({ name }) => name));
  for (let before = -1; before < locking.size;) {
    before = locking.size;
    const calls = new RegExp(`\\b(${[...locking].join('|')})\\(`);
    for (const { name, body } of functions) if (calls.test(body)) locking.add(name);
  }
  return locking;
}

async function dropCountingTriggers(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select tgname as name from pg_trigger where tgrelid = 'leads'::regclass and tgname = any($1)`,
    [COUNTING_TRIGGERS],
  );
  for (const { name } of rows) await client.query(`drop trigger ${name} on leads`);
}

async function countRowByRow(client: pg.Client, onProgress: OnProgress): Promise<void> {
  const { rows } = await client.query(`select from pg_trigger where tgrelid = 'leads'::regclass and tgname = 'count_each'`);
  if (rows.length > 0) return;
  await client.query(
    'create trigger count_each after insert or delete or update of status, source on leads for each row execute function count_lead()',
  );
  onProgress('leads are counted row by row');
}
