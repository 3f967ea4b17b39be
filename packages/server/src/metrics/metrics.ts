import { COMMON_ERRORS, ERRORS, IMPLEMENTED_OPERATIONS, type Job, JobKindSchema } from '@leads/contract';
import { ClusterRegistry, collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';
import type { Database } from '../db/database.ts';
import { poolState } from '../db/database.ts';
import { NO_OPERATION, type RequestEnded } from '../http/measure-requests.ts';
import { KEPT_TABLES } from '../purge.ts';
import { databaseState } from './database-state.ts';

/** The upper bounds of the latency histogram, in seconds: from a read that is cached to the time limit of a statement. */
const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How a job ends that is not cancelled: that is a request. */
const ENDS = ['completed', 'failed', 'stopped'] as const satisfies readonly Job['status'][];

/** How a request ends where the server is at fault. */
const FAULTS = COMMON_ERRORS.filter((code) => ERRORS[code].status >= 500);

/** Requests that ended alike. */
interface Series {
  readonly labels: { readonly operation: string; readonly status: string; readonly code: string };
  readonly latency: { observe(seconds: number): void };
  /** Counted here, and told when somebody asks: to find the series in the counter each time costs as much as the rest. */
  count: number;
}

/**
 * What the server tells Prometheus. Its labels are operations, statuses and codes of the contract, tables and states: their number
 * is bounded, and none names a workspace, a key or a person.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #latency = new Histogram({
    name: 'leads_http_request_duration_seconds',
    help: 'From the headers of a request to the end of its answer.',
    labelNames: ['operation', 'status'],
    buckets: LATENCY_BUCKETS,
    registers: [this.#registry],
  });
  readonly #replays = this.#counter('idempotency_replays_total', 'Requests that were given the answer of an earlier one.', []);
  readonly #jobsFinished = this.#counter('jobs_finished_total', 'Jobs that ended here.', ['kind', 'status']);
  readonly #purged = this.#counter('purged_rows_total', 'Rows deleted because they were kept for long enough.', ['table']);
  /** By operation, then by status and code: what a request costs is two look-ups. */
  readonly #series = new Map<string, Map<string, Series>>();

  /** `worker` says which of several processes of one server this is. */
  constructor(worker?: number) {
    const requests = this.#counter('http_requests_total', 'Requests that ended.', ['operation', 'status', 'code'], () => {
      requests.reset();
      for (const byEnd of this.#series.values()) for (const { labels, count } of byEnd.values()) requests.inc(labels, count);
    });
    collectDefaultMetrics({ register: this.#registry });
    // Of a series that begins with a 1 Prometheus does not see that it rose.
    for (const kind of JobKindSchema.options) for (const status of ENDS) this.#jobsFinished.inc({ kind, status }, 0);
    for (const table of KEPT_TABLES) this.#purged.inc({ table }, 0);
    for (const operation of [...IMPLEMENTED_OPERATIONS.map(({ id }) => id), NO_OPERATION])
      for (const code of FAULTS) this.#seriesOf(operation, ERRORS[code].status, code);
    if (worker === undefined) return;
    this.#registry.setDefaultLabels({ worker: String(worker) });
    ClusterRegistry.setRegistries(this.#registry);
    // It answers when the primary process asks.
    void new ClusterRegistry();
  }

  /** Notes that a request ended. */
  readonly requestEnded: RequestEnded = (operation, status, code, seconds, isReplay) => {
    const series = this.#seriesOf(operation, status, code);
    series.count += 1;
    series.latency.observe(seconds);
    if (isReplay) this.#replays.inc();
  };

  /** Notes that a job ended. */
  readonly jobFinished = (kind: string, status: string): void => this.#jobsFinished.inc({ kind, status });

  /** Notes that rows were deleted that were kept for long enough. */
  readonly rowsPurged = (table: string, rows: number): void => this.#purged.inc({ table }, rows);

  /** From now on the state of a database is told, too, as it is when somebody asks. */
  watch(db: Database, now: () => Date): void {
    this.#watchPool(db);
    const up = this.#gauge('database_up', 'Whether the database answers.', []);
    const jobs = this.#gauge('jobs_open', 'Jobs that have not ended.', ['kind', 'status']);
    const age = this.#gauge('jobs_oldest_open_age_seconds', 'For how long the oldest job that has not ended exists.', []);
    const overdue = this.#gauge('purge_overdue_seconds', 'For how long the oldest row that was kept for long enough is overdue.', [
      'table',
    ]);
    this.#gauge('database_state_read_seconds', 'How long it took to ask the database for what is told of it.', [], async (read) => {
      const start = performance.now();
      for (const gauge of [jobs, age, overdue]) gauge.reset();
      const state = await databaseState(db, now()).catch(() => undefined);
      up.set(state ? 1 : 0);
      age.set(state?.oldestJobSeconds ?? 0);
      for (const { kind, status, count } of state?.openJobs ?? []) jobs.set({ kind, status }, count);
      for (const [table, seconds] of Object.entries(state?.overdueSeconds ?? {})) overdue.set({ table }, seconds);
      read.set((performance.now() - start) / 1000);
    });
  }

  /** Everything, in Prometheus's text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #watchPool(db: Database): void {
    const waiting = this.#gauge('db_connections_waiting', 'Statements that wait for a connection.', []);
    const queue = this.#gauge('admission_queue_length', 'Statements of requests that wait for the turn of their workspace.', []);
    this.#gauge('db_connections', 'Connections to the database.', ['state'], (connections) => {
      const { inUse, idle, ...state } = poolState(db);
      connections.set({ state: 'in_use' }, inUse);
      connections.set({ state: 'idle' }, idle);
      waiting.set(state.waiting);
      queue.set(state.queued);
    });
  }

  #seriesOf(operation: string, status: number | string, code: string): Series {
    let byEnd = this.#series.get(operation);
    if (!byEnd) this.#series.set(operation, (byEnd = new Map()));
    const end = code === '' ? String(status) : `${status} ${code}`;
    let series = byEnd.get(end);
    if (!series) {
      const labels = { operation, status: String(status) };
      series = { labels: { ...labels, code }, latency: this.#latency.labels(labels), count: 0 };
      byEnd.set(end, series);
    }
    return series;
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[], collect?: () => void): Counter<Label> {
    return new Counter({ name: `leads_${name}`, help, labelNames, registers: [this.#registry], ...(collect && { collect }) });
  }

  /** `collect` is called when somebody asks; it may set other gauges, too. */
  #gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    collect?: (gauge: Gauge<Label>) => void | Promise<void>,
  ): Gauge<Label> {
    const gauge: Gauge<Label> = new Gauge({
      name: `leads_${name}`,
      help,
      labelNames,
      registers: [this.#registry],
      ...(collect && { collect: () => collect(gauge) }),
    });
    return gauge;
  }
}
