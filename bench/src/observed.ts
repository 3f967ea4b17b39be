import { once as event } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from './client.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import { createDatabase, dropDatabase, once, restore, seed } from './database.ts';
import { shareOf } from './profile.ts';
import { median, table, whole } from './report.ts';
import type { OperationName } from './requests.ts';
import { type ServerProcess, startOurs } from './servers.ts';

/**
 * What it costs that the server is seen from outside: with metrics, with traces, too, and with a trace of each request, beside the server
 * without. First by throughput, in which two processes of the same program differ by a tenth; then by a CPU profile, which shows small
 * costs, too.
 */

const LEADS = 10_000;
const CONNECTIONS = 50;
/** How often all servers are started anew. */
const STARTS = 5;
const ROUNDS = 3;
/** As many in each run: what other work takes from the machine changes how long it takes, and hardly what each costs the server. */
const REQUESTS = 10_000;
/** As many does V8 take until it has compiled a server well: before that a request costs twice as much. */
const WARM_UP_REQUESTS = 30_000;
const PROFILED_SECONDS = 15;
/** For what hangs. */
const LIMIT_SECONDS = 120;
const MEASURED: readonly OperationName[] = ['get', 'list', 'create'];
/** The files that there would be no call of, were the server not seen. */
const SEEN = {
  metrics: /src\/metrics\/|\/measure-requests\.|\/@prometheus-io\//,
  traces: /src\/tracing\/|\/@opentelemetry\//,
};

interface Run {
  readonly perSecond: number;
  readonly cpu: number;
}

const name = `leads_bench_${process.pid}_observed`;
const DATABASE_URL = await createDatabase(name);
const collector = createServer((req, res) => void req.resume().on('end', () => res.end()));
const client = new Client();
try {
  collector.listen(0, '127.0.0.1');
  await event(collector, 'listening');
  const traced = { METRICS_PORT: '0', OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}` };
  const variants: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    without: {},
    metrics: { METRICS_PORT: '0' },
    'metrics and traces': traced,
    'metrics and a trace of each request': { ...traced, OTEL_TRACES_SAMPLER: 'always_on' },
  };
  const runs = new Map(MEASURED.map((operation) => [operation, Object.keys(variants).map((): Run[][] => [])]));
  for (let start = 0; start < STARTS; start++) {
    const servers: ServerProcess[] = [];
    try {
      for (const settings of Object.values(variants)) servers.push(await startOurs({ DATABASE_URL }, undefined, settings));
      if (start === 0) await once({ connectionString: DATABASE_URL }, (connection) => seed(connection, LEADS));
      for (const operation of MEASURED) {
        for (const server of servers) await run(server, operation, operation === MEASURED[0] ? WARM_UP_REQUESTS : REQUESTS);
        const ofStart = servers.map((): Run[] => []);
        for (let round = 0; round < ROUNDS; round++) {
          // Who comes first changes from round to round.
          for (let i = 0; i < servers.length; i++) {
            const which = (start + round + i) % servers.length;
            ofStart[which]!.push(await run(servers[which]!, operation));
          }
        }
        for (const [which, each] of ofStart.entries()) runs.get(operation)![which]!.push(each);
      }
    } finally {
      for (const server of servers) await server.stop();
    }
  }
  const rows = [...runs].flatMap(([operation, ofVariants]) =>
    Object.keys(variants).map((variant, which) => {
      const [own, without] = [ofVariants[which]!.flat(), ofVariants[0]!.flat()];
      const perSecond = median(own.map((each, i) => each.perSecond / without[i]!.perSecond));
      const cpu = (each: Run[]) => median(each.map((one) => one.cpu));
      const ofCpu = median(ofVariants[which]!.map((each, start) => cpu(each) / cpu(ofVariants[0]![start]!)));
      return [
        operation,
        variant,
        whole(median(own.map((each) => each.perSecond))),
        perSecond.toFixed(2),
        (cpu(own) * 1e6).toFixed(0),
        ofCpu.toFixed(2),
      ];
    }),
  );
  console.log(table(['operation', 'server', 'requests/s', 'to without', 'CPU per request, µs', 'to without'], rows));

  const shares: string[][] = [];
  for (const operation of MEASURED) {
    const folder = mkdtempSync(join(tmpdir(), 'leads-bench-profile-'));
    try {
      const server = await startOurs({ DATABASE_URL }, undefined, { ...traced, NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` });
      await run(server, operation, Infinity, PROFILED_SECONDS).finally(() => server.stop());
      shares.push([operation, ...Object.values(SEEN).map((files) => `${(shareOf(folder, files) * 100).toFixed(1)} %`)]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  console.log(table(['operation', ...Object.keys(SEEN)], shares));
} finally {
  await client.stop();
  collector.close();
  collector.closeAllConnections();
  await dropDatabase(name);
}

async function run(server: ServerProcess, operation: OperationName, requests = REQUESTS, seconds = LIMIT_SECONDS): Promise<Run> {
  await once({ connectionString: DATABASE_URL }, (connection) => restore(connection, 0));
  const before = cpuSeconds(server.pid);
  const job = { origin: server.origin, target: { operation, leads: LEADS }, connections: CONNECTIONS, requests, seconds };
  const { perSecond, requests: answered } = await client.run(job);
  return { perSecond, cpu: (cpuSeconds(server.pid) - before) / answered };
}
