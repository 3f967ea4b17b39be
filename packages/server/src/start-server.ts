import pg from 'pg';
import type { Logger } from 'pino';
import { createApp } from './app.ts';
import { compactCounts } from './compact-counts.ts';
import type { NewKey } from './api-keys/key-store.ts';
import { KeyCache } from './auth/key-cache.ts';
import type { Settings } from './config.ts';
import { type Database, openDatabase, run } from './db/database.ts';
import { startEmbeddedPostgres } from './db/embedded/embedded-postgres.ts';
import { maintainEmbedded } from './db/maintain-embedded.ts';
import { migrate } from './db/migrate.ts';
import { embeddedScrubber } from './db/scrub-embedded.ts';
import { repeat } from './repeat.ts';
import { NO_OPERATION } from './http/measure-requests.ts';
import { listen } from './http/listen.ts';
import { newId } from './ids.ts';
import { JobRunner } from './jobs/job-runner.ts';
import { Purge } from './purge.ts';
import { RateLimiter } from './rate-limit/rate-limiter.ts';
import { CountExchange } from './rate-limit/share-counts.ts';
import { TokenSigner, tokenSecret } from './tokens.ts';
import { isTraced } from './tracing/is-traced.ts';
import { bootstrap, createWorkspace } from './workspaces/workspaces.ts';

/** How long requests under way may take once the server stops, in milliseconds; with the rest it stays under 10 s. */
const STOP_GRACE_MS = 8_000;
/** How long connections have for one more request, and then for its answer, once the server retires, in milliseconds. */
const DRAIN_MS = 5_000;
const RETIRE_GRACE_MS = 60_000;
const READY_TIMEOUT_MS = 1_000;
/** How often a server does what nobody asks it for, in milliseconds. */
export const EVERY_MS = {
  exchangeCounts: 1_000,
  /** How soon a job goes on whose server is gone. */
  lookForJobs: 1_000,
  purge: 60_000,
  compactCounts: 60_000,
  maintain: 10_000,
  /** How long what was erased may stay in the files of the embedded database before they are cleaned. */
  scrub: 10_000,
} as const;
const DAY_MS = 86_400_000;

/** A server that runs. */
export interface RunningServer {
  /** Where it listens. */
  readonly url: string;
  /** The key that was made because the database was empty; shown once. */
  readonly firstKey: NewKey | undefined;
  /** Where its metrics are, if they are asked for. */
  readonly metricsUrl: string | undefined;
  /** Where its data is, for people. */
  readonly database: string;
  /** Makes another workspace; returns a key to it with every scope. */
  createWorkspace(): Promise<string>;
  /** Finishes what is under way, writes what is only in memory, and closes everything, in less than 10 seconds. */
  stop(): Promise<void>;
  /** Lets another process on the same port take over: nobody is refused meanwhile, and answers under way have a minute. */
  retire(): Promise<void>;
}

/**
 * Starts a server: opens the database (the embedded one unless `DATABASE_URL` is set), migrates it, makes the first key
 * where it is empty, and listens.
 * `worker` is the number of one of several processes, whose metrics are served by another.
 * @throws what keeps it from starting: the address is taken, the database cannot be reached, the directory is in use.
 */
export async function startServer(settings: Settings, logger: Logger, worker?: number): Promise<RunningServer> {
  const tracing = isTraced(settings) ? await (await import('./tracing/start-tracing.ts')).startTracing(settings, logger) : undefined;
  const embedded = settings.DATABASE_URL ? undefined : await startEmbeddedPostgres({ dataDir: settings.LEADS_DATA_DIR });
  const connection: pg.ClientConfig = embedded?.connection ?? { connectionString: settings.DATABASE_URL! };
  const db = openDatabase(
    connection,
    embedded?.maxConnections ?? settings.DATABASE_POOL_SIZE,
    (err) => logger.warn({ err }, 'database connection lost'),
    tracing?.onStatement,
  );
  const now = () => new Date();
  let stopMetrics: (() => Promise<void> | undefined) | undefined;
  try {
    const metrics = settings.METRICS_PORT === undefined ? undefined : await startMetrics(settings.HOST, settings.METRICS_PORT, worker);
    stopMetrics = () => metrics?.stop();
    await migrate(connection, (line) => logger.info({ step: line }, 'the database is brought up to date'));
    const firstKey = await bootstrap({ db, now, newId }, settings.LEADS_BOOTSTRAP_API_KEY);

    let stopping = false;
    const keys = new KeyCache(db, now);
    const limiter = new RateLimiter(settings.RATE_LIMIT_PER_HOUR || Infinity, now);
    const exchange = new CountExchange(db, limiter, newId('inst'));
    const backupLifetime = (from: Date) => new Date(from.getTime() + settings.BACKUP_RETENTION_DAYS * DAY_MS);
    metrics?.watch(db, now);
    const runner = new JobRunner({ db, now, backupLifetime, logger, ...(metrics && { onFinished: metrics.jobFinished }) });
    const onFailure = (err: unknown) => logger.warn({ err }, 'background work failed; it is tried again');
    const purge = new Purge(db, now, logger, metrics?.rowsPurged);
    const app = createApp({
      db,
      now,
      newId,
      logger,
      keys,
      limiter,
      tokens: new TokenSigner(await tokenSecret(db), now),
      backupLifetime,
      onJob: () => void runner.wake().catch(onFailure),
      corsOrigins: settings.CORS_ORIGINS,
      referenceUrl: settings.REFERENCE_URL,
      health: { isReady: async () => !stopping && (await answers(db)) },
      traceRequests: tracing?.traceRequests,
      onRequestEnded: metrics?.requestEnded,
    });
    const onRefused = metrics && ((status: number, code: string) => metrics.requestEnded(NO_OPERATION, status, code, 0, false));
    const server = await listen(app, settings.HOST, settings.PORT, newId, onRefused);
    const background = [
      repeat(() => exchange.run(), EVERY_MS.exchangeCounts, onFailure),
      repeat(runner.wake, EVERY_MS.lookForJobs, onFailure),
      repeat((signal) => purge.run(signal), EVERY_MS.purge, onFailure),
      repeat((signal) => compactCounts(db, signal), EVERY_MS.compactCounts, onFailure),
      ...(embedded
        ? [
            repeat(() => maintainEmbedded(db), EVERY_MS.maintain, onFailure),
            repeat(embeddedScrubber(embedded.connection), EVERY_MS.scrub, onFailure),
          ]
        : []),
    ];
    const stop = async (graceMs: number) => {
      stopping = true;
      await server.stop(graceMs);
      await metrics?.stop();
      await runner.stop();
      await Promise.all(background.map((end) => end()));
      await exchange.run().catch(onFailure);
      await tracing?.stop();
      await db.destroy();
      await embedded?.stop();
    };
    return {
      url: server.url,
      firstKey,
      metricsUrl: metrics?.url,
      database: embedded ? `embedded PostgreSQL in ${settings.LEADS_DATA_DIR}` : `PostgreSQL at ${describe(settings.DATABASE_URL!)}`,
      createWorkspace: () => createWorkspace({ db, now, newId }),
      stop: () => stop(STOP_GRACE_MS),
      async retire() {
        await server.drain(DRAIN_MS);
        await stop(RETIRE_GRACE_MS);
      },
    };
  } catch (error) {
    await stopMetrics?.();
    await db.destroy();
    await embedded?.stop();
    throw error;
  }
}

/** What Prometheus asks for, on a port of its own; loaded only where it is wanted. */
async function startMetrics(host: string, port: number, worker: number | undefined) {
  const [{ Metrics }, { serveMetrics }] = await Promise.all([import('./metrics/metrics.ts'), import('./metrics/serve-metrics.ts')]);
  const metrics = new Metrics(worker);
  const server = worker === undefined ? await serveMetrics(() => metrics.text(), host, port) : undefined;
  return Object.assign(metrics, { url: server?.url, stop: async () => server?.stop() });
}

async function answers(db: Database): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), READY_TIMEOUT_MS);
  });
  const answered = run(db, 'select 1', []).then(
    () => true,
    () => false,
  );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}

function describe(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname || 'localhost'}:${port || 5432}${pathname}`;
}
