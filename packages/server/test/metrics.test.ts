import { ERRORS, JobKindSchema, JobStatusSchema, OPERATIONS } from '@leads/contract';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { newApiKey } from '../src/auth/api-key.ts';
import { readSettings } from '../src/config.ts';
import { KEPT_TABLES } from '../src/purge.ts';
import { type RunningServer, startServer } from '../src/start-server.ts';
import { until } from './crash/until.ts';
import { emptyDatabase, urlOf } from './support/databases.ts';
import { exchangeBytes } from './support/http.ts';
import { type Sample, scrape, sumOf } from './support/metrics.ts';

const SILENT = pino({ level: 'silent' });
const key = newApiKey();
const PERSON = { name: 'Zebulon Marker', email: 'zebulon.marker@example.com', source: 'zebulon' };

describe.each(inject('databases'))('the metrics of a server [$name]', (database) => {
  let server: RunningServer;
  let drop = async () => {};
  beforeAll(async () => {
    const own = database.server ? await emptyDatabase(database) : undefined;
    if (own) drop = own.drop;
    server = await startServer(
      readSettings({
        ...(own ? { DATABASE_URL: urlOf(own.database) } : { LEADS_DATA_DIR: 'memory' }),
        PORT: '0',
        METRICS_PORT: '0',
        LEADS_BOOTSTRAP_API_KEY: key,
        RATE_LIMIT_PER_HOUR: '60',
      }),
      SILENT,
    );
  });
  afterAll(async () => {
    await server?.stop();
    await drop();
  });

  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${key}`, ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    // oxlint-disable-next-line typescript/no-explicit-any -- whatever JSON the server sends
    return { status: response.status, body: (await response.json()) as any };
  };
  const requests = (samples: Sample[], operation: string, status: number, code = '') =>
    sumOf(samples, 'leads_http_requests_total', { operation, status: String(status), code });
  /** Once the last request is counted, which is when its connection has taken the answer. */
  const scrapeOnce = async (condition: (samples: Sample[]) => boolean) =>
    until('they are counted', async () => {
      const samples = await scrape(server.metricsUrl!);
      return condition(samples) && samples;
    });

  it('count requests by operation, status and code, with their latencies', async () => {
    const { body } = await send('POST', '/api/v1/leads', PERSON, { 'Idempotency-Key': 'first' });
    await send('POST', '/api/v1/leads', PERSON, { 'Idempotency-Key': 'first' });
    await send('POST', '/api/v1/leads', { ...PERSON, name: 'Other' }, { 'Idempotency-Key': 'first' });
    await send('GET', `/api/v1/leads/${body.data.id}`);
    await send('GET', '/api/v1/leads/lead_00000000000000000000000000');
    await send('GET', `/api/v1/leads?search=${PERSON.source}`);
    await send('GET', `/nowhere/${PERSON.email}`);
    await exchangeBytes(server.url, 'no HTTP\r\n\r\n');
    const samples = await scrapeOnce(
      (all) => requests(all, 'none', 400, 'BAD_REQUEST') > 0 && requests(all, 'none', 404, 'ROUTE_NOT_FOUND') > 0,
    );
    expect(requests(samples, 'leads.create', 201)).toBe(2);
    expect(requests(samples, 'leads.create', 422, 'IDEMPOTENCY_KEY_REUSED')).toBe(1);
    expect(requests(samples, 'leads.get', 200)).toBe(1);
    expect(requests(samples, 'leads.get', 404, 'LEAD_NOT_FOUND')).toBe(1);
    expect(requests(samples, 'leads.list', 200)).toBe(1);
    expect(requests(samples, 'none', 404, 'ROUTE_NOT_FOUND')).toBe(1);
    expect(requests(samples, 'none', 400, 'BAD_REQUEST')).toBe(1);
    expect(sumOf(samples, 'leads_idempotency_replays_total')).toBe(1);
    const latency = { operation: 'leads.create', status: '201' };
    expect(sumOf(samples, 'leads_http_request_duration_seconds_count', latency)).toBe(2);
    expect(sumOf(samples, 'leads_http_request_duration_seconds_bucket', { ...latency, le: '+Inf' })).toBe(2);
    expect(sumOf(samples, 'leads_http_request_duration_seconds_sum', latency)).toBeGreaterThan(0);
  });

  it('begin with 0 for each way in which a job can end, each table that is purged, and each fault of each operation, so that a rise of the first is seen', async () => {
    const samples = await scrapeOnce(() => true);
    for (const kind of JobKindSchema.options)
      for (const status of ['completed', 'failed', 'stopped'])
        expect(samples).toContainEqual(expect.objectContaining({ name: 'leads_jobs_finished_total', labels: { kind, status }, value: 0 }));
    for (const table of KEPT_TABLES)
      expect(samples).toContainEqual(expect.objectContaining({ name: 'leads_purged_rows_total', labels: { table } }));
    for (const operation of [...OPERATIONS.map(({ id }) => id), 'none'])
      for (const [status, code] of [
        ['500', 'INTERNAL_ERROR'],
        ['503', 'SERVICE_UNAVAILABLE'],
      ])
        expect(samples).toContainEqual({ name: 'leads_http_requests_total', labels: { operation, status, code }, value: 0 });
  });

  it('show jobs, their end, what is due to be purged, the connections, the event loop and the memory', async () => {
    const plan = await send('POST', '/api/v1/leads/bulk-delete', { filter: { source: PERSON.source }, dryRun: true });
    const { planToken } = plan.body.data;
    expect(plan.status).toBe(200);
    const job = await send('POST', '/api/v1/leads/bulk-delete', { filter: { source: PERSON.source }, planToken });
    expect(job.status).toBe(202);
    const samples = await scrapeOnce(
      (all) => sumOf(all, 'leads_jobs_finished_total', { status: 'completed' }) === 1 && sumOf(all, 'leads_jobs_open') === 0,
    );
    expect(sumOf(samples, 'leads_jobs_oldest_open_age_seconds')).toBe(0);
    expect(sumOf(samples, 'leads_database_up')).toBe(1);
    expect(
      samples.filter(({ name }) => name === 'leads_purge_overdue_seconds').map(({ labels, value }) => [labels['table'], value]),
    ).toEqual([
      ['backups', 0],
      ['idempotency_keys', 0],
      ['jobs', 0],
      ['request_counts', 0],
    ]);
    expect(sumOf(samples, 'leads_db_connections')).toBeGreaterThan(0);
    for (const name of [
      'leads_db_connections_waiting',
      'leads_admission_queue_length',
      'nodejs_eventloop_lag_p99_seconds',
      'process_resident_memory_bytes',
    ])
      expect(samples.some((sample) => sample.name === name)).toBe(true);
  });

  it('count what the rate limit refuses, by the operation', async () => {
    for (let i = 0; i < 60; i++) await send('GET', '/api/v1/leads/stats');
    const samples = await scrapeOnce((all) => requests(all, 'leads.stats', 429, 'RATE_LIMIT_EXCEEDED') > 0);
    expect(requests(samples, 'leads.stats', 429, 'RATE_LIMIT_EXCEEDED') + requests(samples, 'leads.stats', 200)).toBe(60);
  });

  it('have labels of a bounded number, from the contract, and name no workspace, no key and no person', async () => {
    const samples = await scrape(server.metricsUrl!);
    const statuses = ['200', '201', '202', '204', 'aborted', ...Object.values(ERRORS).map(({ status }) => String(status))];
    const allowed: Record<string, readonly string[]> = {
      operation: [...OPERATIONS.map(({ id }) => id), 'none'],
      status: [...statuses, ...JobStatusSchema.options],
      code: ['', ...Object.keys(ERRORS)],
    };
    for (const { name, labels } of samples.filter((sample) => sample.name.startsWith('leads_')))
      for (const [label, values] of Object.entries(allowed))
        if (labels[label] !== undefined) expect(values, `${name}: ${label}`).toContain(labels[label]);
    const names = new Set(samples.flatMap(({ name, labels }) => (name.startsWith('leads_') ? Object.keys(labels) : [])));
    expect([...names].toSorted()).toEqual(['code', 'kind', 'le', 'operation', 'state', 'status', 'table']);
    const text = await (await fetch(server.metricsUrl!)).text();
    expect(text).not.toMatch(/zebulon|example\.com|sk-workspace|\b(ws|key|lead|job|req|backup)_[0-9a-z]{20,}|\/api\//i);
    expect(text).not.toContain(key);
  });

  it('are nowhere but at their own address', async () => {
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
    expect((await fetch(new URL('/', server.metricsUrl))).status).toBe(404);
  });
});

it('are not measured unless they are asked for', async () => {
  const server = await startServer(readSettings({ LEADS_DATA_DIR: 'memory', PORT: '0' }), SILENT);
  expect(server.metricsUrl).toBeUndefined();
  await server.stop();
});
