import cluster, { type Worker } from 'node:cluster';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Settings } from '../config.ts';
import { StartError } from '../start-error.ts';
import type { RunningServer } from '../start-server.ts';
import { closeHandedAtEnd } from './close-handed.ts';
import { isListening, RETIRE, type WorkerListens } from './messages.ts';

/** A worker that lived for less is replaced after a pause as long, so that one that cannot start is not started all the time. */
const SHORT_LIFE_MS = 1_000;

/** A server of several processes. */
export interface RunningWorkers extends Omit<RunningServer, 'retire' | 'createWorkspace'> {
  /** Replaces every process, one after the other: a new one listens before an old one ends. */
  restart(): void;
}

/**
 * Starts several processes that share the port: a worker that ends is replaced, `restart` replaces all of them one after the other,
 * and no request is refused meanwhile. Their metrics are in one place.
 * @throws {StartError} where the first of them does not start; it has said why.
 */
export async function startWorkers(settings: Settings, logger: Logger): Promise<RunningWorkers> {
  const metrics = settings.METRICS_PORT === undefined ? undefined : await startMetrics(settings.HOST, settings.METRICS_PORT);
  const workers = new Workers(logger, () => metrics?.workerFailed());
  // The first alone: it brings the database up to date, makes the first key, and says what keeps all of them from starting.
  const first = await workers.start(1);
  if (!first) {
    await metrics?.stop();
    throw new StartError('No worker was started.');
  }
  await Promise.all(Array.from({ length: settings.LEADS_WORKERS - 1 }, (_, i) => workers.start(i + 2)));
  return {
    ...first,
    metricsUrl: metrics?.url,
    restart: () => workers.restart(),
    async stop() {
      await workers.stop();
      await metrics?.stop();
    },
  };
}

class Workers {
  readonly #logger: Logger;
  readonly #onFailure: () => void;
  /** By their numbers. Who is not here any more, or not yet, is not replaced. */
  readonly #current = new Map<number, Worker>();
  #restarting = false;
  #restartAgain = false;
  #stopping = false;

  constructor(logger: Logger, onFailure: () => void) {
    this.#logger = logger;
    this.#onFailure = onFailure;
  }

  /** Starts a worker, and answers what it says once it listens; undefined where it ended before. It is replaced when it ends. */
  async start(number: number): Promise<WorkerListens | undefined> {
    const worker = this.#fork(number);
    this.#current.set(number, worker);
    const listens = await listening(worker);
    if (listens) this.#logger.info({ worker: number, workerPid: worker.process.pid }, 'a worker listens');
    return listens;
  }

  /** Replaces every worker, one after the other: a new one listens before an old one ends. */
  restart(): void {
    this.#restartAgain = true;
    if (this.#restarting) return;
    this.#restarting = true;
    void this.#restartAll().finally(() => {
      this.#restarting = false;
    });
  }

  /** Ends all of them; what is under way is answered first. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    await Promise.all(
      workers.map(async (worker) => {
        const ended = exited(worker);
        worker.process.kill('SIGTERM');
        await ended;
      }),
    );
  }

  async #restartAll(): Promise<void> {
    while (this.#restartAgain) {
      this.#restartAgain = false;
      for (const number of [...this.#current.keys()].toSorted((a, b) => a - b)) if (!(await this.#renew(number))) return;
      this.#logger.info('every worker was replaced');
    }
  }

  async #renew(number: number): Promise<boolean> {
    if (this.#stopping) return false;
    const fresh = this.#fork(number);
    if (!(await listening(fresh))) {
      if (!this.#stopping) this.#logger.error({ worker: number }, 'a new worker did not start; the others go on as they are');
      return false;
    }
    this.#logger.info({ worker: number, workerPid: fresh.process.pid }, 'a worker listens');
    const old = this.#current.get(number)!;
    this.#current.set(number, fresh);
    if (old.isDead()) return true;
    const ended = exited(old);
    // Where it has just ended there is nobody to tell.
    old.send(RETIRE, () => {});
    await ended;
    return true;
  }

  #fork(number: number): Worker {
    const worker = cluster.fork({ LEADS_WORKER: String(number) });
    closeHandedAtEnd(worker);
    const since = performance.now();
    worker.once('exit', (code, signal) => {
      if (this.#stopping || this.#current.get(number) !== worker) return;
      this.#logger.error({ worker: number, workerPid: worker.process.pid, code, signal }, 'a worker ended; it is replaced');
      this.#onFailure();
      void this.#replace(number, worker, performance.now() - since < SHORT_LIFE_MS ? SHORT_LIFE_MS : 0);
    });
    return worker;
  }

  async #replace(number: number, ended: Worker, afterMs: number): Promise<void> {
    await pause(afterMs);
    // Meanwhile a restart may have put another in its place.
    if (!this.#stopping && this.#current.get(number) === ended) await this.start(number);
  }
}

async function listening(worker: Worker): Promise<WorkerListens | undefined> {
  const said = new Promise<WorkerListens>((resolve) => {
    worker.on('message', (message: unknown) => {
      if (isListening(message)) resolve(message.listens);
    });
  });
  return Promise.race([said, exited(worker).then(() => undefined)]);
}

function exited(worker: Worker): Promise<void> {
  return new Promise((resolve) => worker.once('exit', () => resolve()));
}

async function startMetrics(host: string, port: number) {
  const [{ WorkersMetrics }, { serveMetrics }] = await Promise.all([
    import('../metrics/workers-metrics.ts'),
    import('../metrics/serve-metrics.ts'),
  ]);
  const metrics = new WorkersMetrics();
  return Object.assign(metrics, await serveMetrics(() => metrics.text(), host, port));
}
