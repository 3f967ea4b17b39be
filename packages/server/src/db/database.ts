import { createHash } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { CompiledQuery, type DatabaseConnection, Kysely, PostgresDialect, type PostgresDialectConfig, PostgresDriver } from 'kysely';
import pg from 'pg';
import { FairPool } from './fair-pool.ts';
import { COLUMN_TYPES } from './moment-text.ts';
import type { Schema } from './schema.ts';

/** The database, or a transaction on it. */
export type Database = Kysely<Schema>;

/** How long a request waits for a connection, in milliseconds, before it is answered with 503, unless the connection's settings say it. */
const CONNECT_TIMEOUT_MS = 2_000;
/** How long one statement may take, in milliseconds, likewise. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** How long its answer is waited for, in milliseconds. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 1_000;

/** Is told of each statement that is sent; what it answers is called when the statement has ended. */
export type OnStatement = (text: string) => ((error?: unknown) => void) | undefined;

/** How many workspaces' databases are kept: to make one takes about as long as a tenth of a request. */
const DATABASES_KEPT = 1_000;

/**
 * Opens a pool of connections. A statement of a text that was seen before runs prepared: PostgreSQL parses and plans
 * it once per connection. Behind a pooler such as PgBouncer, which gives each transaction another session of PostgreSQL, nothing is
 * prepared, and the time limit of a statement is set in each transaction.
 */
export function openDatabase(
  connection: pg.ClientConfig,
  maxConnections: number,
  onIdleError: (error: Error) => void,
  onStatement?: OnStatement,
): Database {
  const idle = new Set<pg.PoolClient>();
  const clientConfig: PreparingClientConfig = {
    ...connection,
    types: COLUMN_TYPES,
    onStatement,
    // Whatever swallows what is sent on one connection mostly does so on all that are as old: each would cost a request its time.
    onSilence: () => idle.forEach((client) => streamOf(client).destroy()),
  };
  const pool = new pg.Pool({
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...clientConfig,
    max: maxConnections,
    keepAlive: true,
    // What is not waited for goes on the wire together: the begin of a transaction with its first statement.
    pipeline: true,
    Client: PreparingClient as unknown as typeof pg.Client,
    onConnect: (client) => (client as unknown as PreparingClient).prepareSession(),
  });
  // A connection that breaks while idle leaves the pool by itself; without a listener it would end the process.
  pool.on('error', onIdleError);
  pool.on('acquire', (client) => idle.delete(client));
  pool.on('release', (_, client) => idle.add(client));
  pool.on('remove', (client) => idle.delete(client));
  const db = databaseOn(pool);
  const destroy = db.destroy.bind(db);
  db.destroy = async () => {
    await destroy();
    // Kysely ends only a pool that it has used itself.
    if (!pool.ending) await pool.end();
  };
  const fairPool = new FairPool(pool, maxConnections, connection.connectionTimeoutMillis);
  STATES.set(db, () => ({
    inUse: pool.totalCount - pool.idleCount,
    idle: pool.idleCount,
    waiting: pool.waitingCount,
    queued: fairPool.waiting,
  }));
  const { options } = pool;
  const databases = new Map<string, Database>();
  SHARED.set(db, (workspaceId) => {
    let own = databases.get(workspaceId);
    if (!own) {
      own = databaseOn({
        connect: () => fairPool.connect(workspaceId),
        runShort: (statement) => fairPool.runShort(workspaceId, statement, (error) => error instanceof pg.DatabaseError),
        end: async () => {},
        options,
      });
      if (databases.size >= DATABASES_KEPT) databases.delete(databases.keys().next().value!);
      databases.set(workspaceId, own);
    }
    return own;
  });
  return db;
}

function databaseOn(pool: PoolOfClients): Database {
  const db = new Kysely<Schema>({ dialect: new PipeliningDialect({ pool }) });
  POOLS.set(db, pool);
  return db;
}

/**
 * The database as the requests of a workspace use it: they share its connections with other workspaces.
 * Its statements fail with `WorkspaceBusyError` where too many of the workspace wait.
 */
export function forWorkspace(db: Database, workspaceId: string): Database {
  return SHARED.get(db)?.(workspaceId) ?? db;
}

class PipeliningDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): PostgresDriver {
    return new PipeliningDriver(this.#config);
  }
}

class PipeliningDriver extends PostgresDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    // It fails only with its connection, and then the statement after it fails, too.
    connection.executeQuery(CompiledQuery.raw('begin')).catch(() => {});
  }
}

interface PoolOfClients extends Pick<pg.Pool, 'connect' | 'end' | 'options'> {
  /** Sends a short statement, together with others that wait for a connection. */
  runShort?<Result>(statement: (client: pg.PoolClient) => Promise<Result>): Promise<Result>;
}

/** The pool behind a database that is no transaction. */
const POOLS = new WeakMap<Database, PoolOfClients>();
/** Makes the databases of workspaces, for one that has a pool to share. */
const SHARED = new WeakMap<Database, (workspaceId: string) => Database>();

/** Say what a pool is doing, for a database that has one. */
const STATES = new WeakMap<Database, () => PoolState>();

/** What the connections of a database are doing. */
export interface PoolState {
  readonly inUse: number;
  readonly idle: number;
  /** Statements that wait for a connection to be made or to be given back. */
  readonly waiting: number;
  /** Statements and transactions of requests that wait for the turn of their workspace. */
  readonly queued: number;
}

/** What the connections of a database that was opened are doing at the moment. */
export function poolState(db: Database): PoolState {
  return STATES.get(db)!();
}

/** The connections of the transactions that are open. */
const CONNECTIONS = new WeakMap<Database, DatabaseConnection>();

/** Runs `work` in a transaction. What it sends with `run` before it waits is sent together. */
export function transact<Result>(db: Database, work: (transaction: Database) => Promise<Result>): Promise<Result> {
  return db.transaction().execute(async (transaction) => {
    await transaction.getExecutor().provideConnection(async (connection) => void CONNECTIONS.set(transaction, connection));
    try {
      return await work(transaction);
    } finally {
      CONNECTIONS.delete(transaction);
    }
  });
}

/**
 * Runs one SQL text with its values, for the statements that every request runs: past Kysely, whose own way to a connection
 * costs time on each, and in a transaction holds a statement back until the one before it is answered.
 */
export async function run<Row>(db: Database, sql: string, values: readonly unknown[]): Promise<Row[]> {
  const pool = POOLS.get(db);
  if (pool) return runAlone(pool, sql, values);
  const connection = CONNECTIONS.get(db) ?? db;
  return (await connection.executeQuery<Row>(CompiledQuery.raw(sql, values as unknown[]))).rows;
}

/**
 * The same for a statement that is over soon, however much is stored. Where it has to wait for a connection of its workspace, it gets
 * one together with others that wait, and one of them that took long would keep the others waiting.
 */
export async function runShort<Row>(db: Database, sql: string, values: readonly unknown[]): Promise<Row[]> {
  const pool = POOLS.get(db);
  if (!pool?.runShort) return run(db, sql, values);
  try {
    const { rows } = await pool.runShort((client) => client.query(sql, values as unknown[]));
    return rows as Row[];
  } catch (error) {
    // Else it would lead to the socket, and not to who asked.
    Error.captureStackTrace(error as Error);
    throw error;
  }
}

// `pool.query` would close the connection of every statement that fails.
async function runAlone<Row>(pool: PoolOfClients, sql: string, values: readonly unknown[]): Promise<Row[]> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query(sql, values as unknown[]);
    client.release();
    return rows as Row[];
  } catch (error) {
    // A statement that PostgreSQL refused leaves a connection that is good for the next one.
    client.release(!(error instanceof pg.DatabaseError));
    // Else it would lead to the socket, and not to who asked.
    Error.captureStackTrace(error as Error);
    throw error;
  }
}

/** Keeps a statement from being prepared, where the best plan depends on the values. */
export const UNPREPARED = '/* unprepared */ ';

interface PreparingClientConfig extends pg.ClientConfig {
  readonly onStatement?: OnStatement | undefined;
  /** Is called where a statement got no answer in its time, and none from PostgreSQL that its time is over. */
  readonly onSilence: () => void;
}

function streamOf(client: unknown): Socket {
  return (client as { connection: { stream: Socket } }).connection.stream;
}

class PreparingClient extends pg.Client {
  readonly #onStatement: OnStatement | undefined;
  readonly #onSilence: () => void;
  readonly #answerTimeoutMs: number;
  #isPooled = false;
  #inTransaction = false;
  #isGathering = false;

  constructor({ query_timeout: answerTimeoutMs = ANSWER_TIMEOUT_MS, ...config }: PreparingClientConfig) {
    super(config);
    this.#answerTimeoutMs = answerTimeoutMs;
    this.#onStatement = config.onStatement;
    this.#onSilence = config.onSilence;
    // A connection that breaks fails its query; told to nobody, the same error would end the process.
    this.on('error', () => {});
  }

  /** Finds out whether the session is one's own, and limits its statements where it is. */
  async prepareSession(): Promise<void> {
    const { rows } = await this.#send('select pg_backend_pid() as pid');
    // A pooler says a number of its own. It refuses a setting when a connection begins, and gives one made later to others.
    this.#isPooled = rows[0].pid !== (this as unknown as { processID: number }).processID;
    if (!this.#isPooled) await this.#send(limits('set'));
  }

  // @ts-expect-error: pg declares `query` with a dozen overloads; pool and Kysely call it with a text and values only.
  override query(text: string, values?: unknown[]): Promise<pg.QueryResult> {
    const ended = this.#onStatement?.(text);
    const result = this.#query(text, values);
    if (ended) result.then(() => ended(), ended);
    return result;
  }

  #query(text: string, values?: unknown[]): Promise<pg.QueryResult> {
    this.#gather();
    if (this.#isPooled) return this.#queryPooled(text, values);
    const prepared = values && !text.startsWith(UNPREPARED);
    return this.#send(text, values, prepared ? nameOf(text) : undefined);
  }

  /** One write for all statements of a turn of the event loop: a write costs more than a statement. */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    const stream = streamOf(this);
    stream.cork();
    setImmediate(() => {
      this.#isGathering = false;
      stream.uncork();
    });
  }

  /** A statement of its own becomes a transaction, sent together with its begin and its commit. */
  async #queryPooled(text: string, values?: unknown[]): Promise<pg.QueryResult> {
    if (text === 'begin') {
      this.#inTransaction = true;
      return this.#send(BEGIN_LIMITED);
    }
    if (this.#inTransaction) {
      this.#inTransaction = !/^(commit|rollback)$/.test(text);
      return this.#send(text, values);
    }
    const [begun, done, committed] = await Promise.allSettled([this.#send(BEGIN_LIMITED), this.#send(text, values), this.#send('commit')]);
    for (const result of [begun, done, committed]) if (result.status === 'rejected') throw result.reason;
    return (done as PromiseFulfilledResult<pg.QueryResult>).value;
  }

  // Not with the `query_timeout` of pg: what its timers hold outlives the young garbage, every row among it, which cost a sixth of a list.
  #send(text: string, values?: unknown[], name?: string): Promise<pg.QueryResult> {
    return new Promise((resolve, reject) => {
      const silence = setTimeout(() => {
        this.#onSilence();
        reject(new Error('Query read timeout'));
        streamOf(this).destroy();
      }, this.#answerTimeoutMs);
      super.query(
        new SettledQuery(text, values, name, (error, result) => {
          clearTimeout(silence);
          if (error) reject(error);
          else resolve(result);
        }),
      );
    });
  }
}

/** A statement has its time, and one core: with more, one workspace's costly statements would leave none to the others. */
function limits(set: 'set' | 'set local'): string {
  return `${set} statement_timeout = ${STATEMENT_TIMEOUT_MS}; ${set} max_parallel_workers_per_gather = 0`;
}

/** Begins a transaction whose statements are limited, whichever session it gets. */
const BEGIN_LIMITED = `begin; ${limits('set local')}`;

/**
 * A statement whose failure is told once PostgreSQL is done with its transaction. It sends the error before that: whoever
 * acted on it at once could still meet what the transaction had locked.
 */
class SettledQuery extends pg.Query {
  /** What PostgreSQL keeps it under, where it is prepared. */
  declare name: string | undefined;

  constructor(
    text: string,
    values: unknown[] | undefined,
    name: string | undefined,
    ended: (error: Error | undefined, result: pg.QueryResult) => void,
  ) {
    // Not as one object with the name, of which pg makes a copy, which takes a fortieth of a read.
    super(text, values, ended);
    this.name = name;
  }

  // @ts-expect-error: pg calls it, and its types do not have it.
  override handleError(error: Error, connection: EventEmitter): void {
    // @ts-expect-error: as above.
    const tell = () => super.handleError(error, connection);
    if (!(error instanceof pg.DatabaseError)) return tell();
    // The end instead, where the error was the connection's last word.
    const settle = () => {
      connection.off('readyForQuery', settle).off('end', settle);
      tell();
    };
    connection.on('readyForQuery', settle).on('end', settle);
  }
}

const NAMES = new Map<string, string>();

function nameOf(sql: string): string {
  let name = NAMES.get(sql);
  if (!name) {
    name = createHash('sha256').update(sql).digest('base64url').slice(0, 22);
    NAMES.set(sql, name);
  }
  return name;
}
