import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newApiKey } from '../src/auth/api-key.ts';
import { ConfigError, readSettings } from '../src/config.ts';
import { freePort } from './support/free-port.ts';
import { type Exchange, HttpConnection } from './crash/http-connection.ts';
import { createDatabase, findPostgres, type OwnDatabase } from './crash/own-database.ts';
import { ServerProcess } from './crash/server-process.ts';
import { until } from './crash/until.ts';
import { scrape, sumOf } from './support/metrics.ts';

const postgres = await findPostgres();
const WORKERS = 2;
const key = newApiKey();

describe.skipIf('missing' in postgres)('a server of several workers', () => {
  let database: OwnDatabase;
  let server: ServerProcess;
  let metricsUrl: string;
  beforeAll(async () => {
    if ('missing' in postgres) return;
    database = await createDatabase(postgres.url);
    const metricsPort = await freePort();
    metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
    const settings = {
      DATABASE_URL: database.url,
      LEADS_WORKERS: String(WORKERS),
      DATABASE_POOL_SIZE: '4',
      METRICS_PORT: String(metricsPort),
    };
    server = await ServerProcess.start(await freePort(), key, settings, 'info');
    await until('it says that it has started', () => server.output.includes('Your first lead') && pids().length === WORKERS);
  });
  afterAll(async () => {
    await server?.kill();
    await database?.[Symbol.asyncDispose]();
  });

  /** The process ids of the workers that listen, in the order in which they began to. */
  const pids = () => server.log.filter(({ msg }) => msg === 'a worker listens').map(({ workerPid }) => workerPid as number);
  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  const create = (connection: HttpConnection, email: string) => connection.send('POST', '/api/v1/leads', { name: 'Ann', email });

  it('prints one text, listens on one port, answers in every worker, and shares the connections to the database', async () => {
    expect(server.output.match(/Leads API/g)).toHaveLength(1);
    // Every connection is for the next worker.
    const connections = Array.from({ length: WORKERS * 2 }, () => new HttpConnection(server.url, key));
    const answers = await Promise.all(connections.map((connection, i) => create(connection, `shared${i}@example.com`)));
    for (const connection of connections) connection.close();
    expect(answers.map(({ answer }) => answer?.status)).toEqual(connections.map(() => 201));
    const samples = await scrape(metricsUrl);
    const created = (worker: number) => sumOf(samples, 'leads_http_requests_total', { operation: 'leads.create', worker: String(worker) });
    expect(created(1)).toBeGreaterThan(0);
    expect(created(2)).toBeGreaterThan(0);
    expect(created(1) + created(2)).toBe(connections.length);
    expect(sumOf(samples, 'leads_workers')).toBe(WORKERS);
    expect(sumOf(samples, 'leads_db_connections')).toBeLessThanOrEqual(4);
  });

  it('replaces a worker that is killed, and goes on meanwhile', async () => {
    const [victim] = pids();
    const count = pids().length;
    process.kill(victim!, 'SIGKILL');
    // What the dead one had accepted is lost with it, at once; whoever asks anew is answered.
    await until('a request is answered', async () => {
      const connection = new HttpConnection(server.url, key);
      const { answer, failure } = await connection.send('GET', '/api/v1/leads/stats').finally(() => connection.close());
      expect(failure).not.toBe('hung');
      return answer?.status === 200;
    });
    await until('another worker listens', () => pids().length > count);
    expect(isAlive(victim!)).toBe(false);
    const samples = await scrape(metricsUrl);
    expect(sumOf(samples, 'leads_worker_failures_total')).toBe(1);
    expect(sumOf(samples, 'leads_workers')).toBe(WORKERS);
    expect(server.log.filter(({ msg }) => msg === 'a worker ended; it is replaced')).toMatchObject([{ worker: 1, signal: 'SIGKILL' }]);
  });

  it('is restarted by SIGHUP, one worker after the other, without a request that is refused or lost', async () => {
    const before = pids().slice(-WORKERS);
    const exchanges: Exchange[] = [];
    const over = new AbortController();
    const clients = Array.from({ length: 6 }, async (_, client) => {
      let connection = new HttpConnection(server.url, key);
      for (let i = 0; !over.signal.aborted; i++) {
        const isWrite = client % 2 === 1;
        exchanges.push(
          isWrite ? await create(connection, `client${client}-${i}@example.com`) : await connection.send('GET', '/api/v1/leads?limit=5'),
        );
        // Some keep their connection, and some come with a new one each time.
        if (client % 3 > 0) continue;
        connection.close();
        connection = new HttpConnection(server.url, key);
      }
      connection.close();
    });
    server.signal('SIGHUP');
    await until('every worker was replaced', () => server.log.some(({ msg }) => msg === 'every worker was replaced'));
    over.abort();
    await Promise.all(clients);
    expect(exchanges.filter(({ failure, answer }) => failure !== undefined || ![200, 201].includes(answer!.status))).toEqual([]);
    expect(exchanges.length).toBeGreaterThan(20);
    expect(before.filter(isAlive)).toEqual([]);
    expect(sumOf(await scrape(metricsUrl), 'leads_worker_failures_total')).toBe(1);
  });

  it('ends with all its workers', async () => {
    const all = pids();
    expect(await server.terminate()).toMatchObject({ code: 0 });
    expect(all.filter(isAlive)).toEqual([]);
  });
});

it.each([
  [{ LEADS_WORKERS: '2' }, /^LEADS_WORKERS must be 1 on the embedded database.*DATABASE_URL/],
  [{ LEADS_WORKERS: '0' }, /^LEADS_WORKERS must be auto or a whole number from 1 to 999$/],
  [{ LEADS_WORKERS: '20', DATABASE_URL: 'postgres://db/leads' }, /^DATABASE_POOL_SIZE must be at least 20/],
])('workers that cannot work are refused by name: %j', (environment, expected) => {
  expect(() => readSettings(environment)).toThrow(ConfigError);
  expect(() => readSettings(environment)).toThrow(expected);
});
