import { once as event } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from './client.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import { createDatabase, dropDatabase, once, restore, seed } from './database.ts';
import { median, table, whole } from './report.ts';
import type { OperationName } from './requests.ts';
import { type ServerProcess, startOurs } from './servers.ts';

/** What it costs that the server is seen from outside: with metrics, and with metrics and traces, beside the server without. */

const LEADS = 10_000;
const CONNECTIONS = 50;
const ROUNDS = 7;
/** As many in each run: what other work takes from the machine changes how long it takes, and hardly what each costs the server. */
const REQUESTS = 10_000;
/** For what hangs. */
const LIMIT_SECONDS = 120;
const MEASURED: readonly OperationName[] = ['get', 'list', 'create'];

const name = `leads_bench_${process.pid}_observed`;
const DATABASE_URL = await createDatabase(name);
const collector = createServer((req, res) => void req.resume().on('end', () => res.end()));
const client = new Client();
const servers: ServerProcess[] = [];
try {
  collector.listen(0, '127.0.0.1');
  await event(collector, 'listening');
  const OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  const variants = {
    without: {},
    metrics: { METRICS_PORT: '0' },
    'metrics and traces': { METRICS_PORT: '0', OTEL_EXPORTER_OTLP_ENDPOINT },
  };
  for (const settings of Object.values(variants)) servers.push(await startOurs({ DATABASE_URL }, undefined, settings));
  await once({ connectionString: DATABASE_URL }, (connection) => seed(connection, LEADS));
  const rows: string[][] = [];
  for (const operation of MEASURED) {
    const rounds: { perSecond: number; cpu: number }[][] = [];
    for (const server of servers) await run(server, operation);
    // Who comes first changes from round to round.
    for (let round = 0; round < ROUNDS; round++) {
      const figures: { perSecond: number; cpu: number }[] = [];
      for (let i = 0; i < servers.length; i++) {
        const which = (round + i) % servers.length;
        figures[which] = await run(servers[which]!, operation);
      }
      rounds.push(figures);
    }
    for (const [i, variant] of Object.keys(variants).entries()) {
      const perSecond = median(rounds.map((round) => round[i]!.perSecond));
      const ratio = median(rounds.map((round) => round[i]!.perSecond / round[0]!.perSecond));
      // The least of the rounds: other work makes a request cost more, and never less.
      const cpu = (which: number) => Math.min(...rounds.map((round) => round[which]!.cpu));
      rows.push([operation, variant, whole(perSecond), ratio.toFixed(2), (cpu(i) * 1e6).toFixed(0), (cpu(i) / cpu(0)).toFixed(2)]);
    }
  }
  console.log(table(['operation', 'server', 'requests/s', 'to without', 'CPU per request, µs', 'to without'], rows));
} finally {
  for (const server of servers) await server.stop();
  await client.stop();
  collector.close();
  collector.closeAllConnections();
  await dropDatabase(name);
}

async function run(server: ServerProcess, operation: OperationName) {
  await once({ connectionString: DATABASE_URL }, (connection) => restore(connection, 0));
  const before = cpuSeconds(server.pid);
  const job = { origin: server.origin, target: { operation, leads: LEADS }, connections: CONNECTIONS, requests: REQUESTS };
  const { perSecond, requests } = await client.run({ ...job, seconds: LIMIT_SECONDS });
  return { perSecond, cpu: (cpuSeconds(server.pid) - before) / requests };
}
