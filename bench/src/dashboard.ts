import { spawn } from 'node:child_process';
import { once as event } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../packages/server/test/support/free-port.ts';
import { call } from './calls.ts';
import { Client } from './client.ts';
import { createDatabase, dropDatabase, once, seed } from './database.ts';
import { draw, type Graph } from './draw-graphs.ts';
import { API_KEY, OPERATIONS } from './requests.ts';
import { startOurs } from './servers.ts';
import dashboard from '../../ops/grafana-dashboard.json' with { type: 'json' };

/**
 * The dashboard of `ops/` in use: a Prometheus reads the metrics of a server that is busy, answers every query of the dashboard, and
 * loads the alert rules. What it answers is drawn into the picture of the guide.
 */

const PICTURE = fileURLToPath(new URL('../../docs/pictures/dashboard.png', import.meta.url));
const ALERTS = fileURLToPath(new URL('../../ops/alerts.yaml', import.meta.url));
const LEADS = 10_000;
const CONNECTIONS = 20;
const SECONDS_PER_OPERATION = 15;
const SCRAPE_SECONDS = 1;
/** The least over which a rate can be told, as Grafana reckons it: four times as long as from one scrape to the next. */
const RATE_INTERVAL = `${4 * SCRAPE_SECONDS}s`;

const name = `leads_bench_${process.pid}_dashboard`;
const folder = mkdtempSync(join(tmpdir(), 'leads-bench-'));
const DATABASE_URL = await createDatabase(name);
const client = new Client();
try {
  const [metricsPort, prometheusPort] = [await freePort(), await freePort()];
  const server = await startOurs({ DATABASE_URL }, undefined, { METRICS_PORT: `${metricsPort}`, LEADS_WORKERS: '2' });
  try {
    await once({ connectionString: DATABASE_URL }, (connection) => seed(connection, LEADS));
    const prometheus = await startPrometheus(metricsPort, prometheusPort);
    try {
      const from = Date.now() / 1000;
      await keepBusy(server.origin);
      const to = Date.now() / 1000;
      await draw(await graphs(prometheus.origin, from, to), PICTURE);
      await tellRules(prometheus.origin);
    } finally {
      await prometheus.stop();
    }
  } finally {
    await server.stop();
  }
} finally {
  await client.stop();
  await dropDatabase(name);
  rmSync(folder, { recursive: true });
}

/** @throws where there is no Prometheus on the path. */
async function startPrometheus(target: number, port: number): Promise<{ origin: string; stop: () => Promise<void> }> {
  const scrape = { job_name: 'leads', static_configs: [{ targets: [`127.0.0.1:${target}`] }] };
  const configuration = { global: { scrape_interval: `${SCRAPE_SECONDS}s` }, rule_files: [ALERTS], scrape_configs: [scrape] };
  const file = join(folder, 'prometheus.yaml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(configuration));
  const args = [`--config.file=${file}`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`];
  const child = spawn('prometheus', args, { stdio: 'ignore' });
  const exited = event(child, 'exit');
  await event(child, 'spawn').catch(() => {
    throw new Error('There is no Prometheus on the path. Install it (Debian: apt install prometheus).');
  });
  const origin = `http://127.0.0.1:${port}`;
  const isReady = () =>
    fetch(`${origin}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`Prometheus ended with ${child.exitCode}.`);
    await wait(100);
  }
  return {
    origin,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** One operation after the other, as fast as it goes, and a job; beside them requests that are refused or repeated. */
async function keepBusy(origin: string): Promise<void> {
  const end = new AbortController();
  const refused = refuseAndRepeat(origin, end.signal);
  for (const operation of OPERATIONS.filter((each) => each !== 'delete')) {
    const target = { operation, leads: LEADS };
    await client.run({ origin, target, connections: CONNECTIONS, seconds: SECONDS_PER_OPERATION, requests: Infinity });
  }
  const filter = { source: 'website' };
  const { planToken } = await call(origin, 'POST', '/leads/bulk-delete', { filter, dryRun: true });
  let job = await call(origin, 'POST', '/leads/bulk-delete', { filter, planToken });
  while (job.finishedAt === null) {
    await wait(200);
    job = await call(origin, 'GET', `/jobs/${job.id}`);
  }
  // Until Prometheus has read what came of the job.
  await wait(5 * SCRAPE_SECONDS * 1000);
  end.abort();
  await refused;
}

async function refuseAndRepeat(origin: string, signal: AbortSignal): Promise<void> {
  const send = async (method: string, path: string, headers: Record<string, string>, body?: object) => {
    const answer = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: { ...headers, ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    await answer.arrayBuffer();
  };
  const key = { Authorization: `Bearer ${API_KEY}` };
  for (let n = 0; !signal.aborted; n++) {
    const repeated = { ...key, 'Idempotency-Key': `dashboard-${n}` };
    await send('GET', '/leads/lead_of_nobody', key);
    await send('GET', '/leads', {});
    await send('POST', '/leads', key, { email: 'no address' });
    await send('POST', '/leads', repeated, { name: `Ada ${n}`, email: `ada${n}@example.org` });
    await send('POST', '/leads', repeated, { name: `Ada ${n}`, email: `ada${n}@example.org` });
    await send('POST', '/leads', repeated, { name: `Bob ${n}`, email: `bob${n}@example.org` });
    await wait(50);
  }
}

/** What the panels of the dashboard show of a time, in seconds since 1970. @throws where Prometheus refuses a query. */
async function graphs(prometheus: string, from: number, to: number): Promise<Graph[]> {
  return Promise.all(
    dashboard.panels.map(async ({ title, gridPos, targets = [], fieldConfig }) => {
      const series = await Promise.all(
        targets.map(async ({ expr, legendFormat }) => {
          const query = expr.replaceAll('$__rate_interval', RATE_INTERVAL).replaceAll(/\$(?:instance|operation)/g, '.*');
          const parameters = new URLSearchParams({ query, start: `${from}`, end: `${to}`, step: `${SCRAPE_SECONDS}` });
          const found = await ask<Matrix>(prometheus, `/api/v1/query_range?${parameters.toString()}`);
          return found.result.map(({ metric, values }) => ({
            name: legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? '').trim(),
            values: values.map(([at, value]) => [at, Number(value)] as const),
          }));
        }),
      );
      return { title, place: gridPos, unit: fieldConfig?.defaults.unit ?? '', series: series.flat() };
    }),
  );
}

/** What Prometheus answers about a time: of each series its labels, and its values by seconds. */
interface Matrix {
  readonly result: readonly { readonly metric: Readonly<Record<string, string>>; readonly values: readonly [number, string][] }[];
}

async function tellRules(prometheus: string): Promise<void> {
  const { groups } = await ask<{ groups: { rules: { name: string; health: string; state: string; lastError?: string }[] }[] }>(
    prometheus,
    '/api/v1/rules',
  );
  for (const { name: rule, health, state, lastError = '' } of groups.flatMap(({ rules }) => rules))
    console.log(`${rule}: ${health}, ${state} ${lastError}`.trim());
}

async function ask<Data>(prometheus: string, path: string): Promise<Data> {
  const answer = (await (await fetch(prometheus + path)).json()) as { status: string; data: Data; error?: string };
  if (answer.status !== 'success') throw new Error(`${path}: ${answer.error}`);
  return answer.data;
}
