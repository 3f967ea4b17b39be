import { once as event } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from './client.ts';
import { createDatabase, dropDatabase, once, restore, seed } from './database.ts';
import { median, table, whole } from './report.ts';
import type { OperationName } from './requests.ts';
import { type ServerProcess, startOurs } from './servers.ts';

/** What it costs that the server is seen from outside: with metrics, and with metrics and traces, beside the server without. */

const LEADS = 10_000;
const CONNECTIONS = 50;
const ROUNDS = 7;
const SECONDS = 1.5;
const TICKS_PER_SECOND = 100;
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
      const of = (figure: 'perSecond' | 'cpu') => median(rounds.map((round) => round[i]![figure]));
      const ratio = (figure: 'perSecond' | 'cpu') => median(rounds.map((round) => round[i]![figure] / round[0]![figure])).toFixed(3);
      rows.push([operation, variant, whole(of('perSecond')), ratio('perSecond'), (of('cpu') * 1e6).toFixed(0), ratio('cpu')]);
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
  const job = { origin: server.origin, target: { operation, leads: LEADS }, connections: CONNECTIONS, requests: Infinity };
  const { perSecond, requests } = await client.run({ ...job, seconds: SECONDS });
  // What other work takes from the machine changes the requests per second, and hardly what each costs the server.
  return { perSecond, cpu: (cpuSeconds(server.pid) - before) / requests };
}

/** How long a process has had a processor, as Linux counts it. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
