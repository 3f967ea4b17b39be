import { readdirSync, readFileSync } from 'node:fs';
import { Client } from './client.ts';
import { createDatabase, dropDatabase, once, restore, seed } from './database.ts';
import { median, table, whole } from './report.ts';
import type { OperationName } from './requests.ts';
import { type ServerProcess, startOurs } from './servers.ts';

/** What two workers do more than one, where database and client are on the same machine, and whose the cores are meanwhile. */

const LEADS = 10_000;
const CONNECTIONS = 50;
const ROUNDS = 5;
const SECONDS = 4;
const MEASURED: readonly OperationName[] = ['get', 'list', 'create'];
/** Of a second, as Linux counts it. */
const TICKS = 100;

const name = `leads_bench_${process.pid}_workers`;
const DATABASE_URL = await createDatabase(name);
const client = new Client();
const servers: ServerProcess[] = [];
try {
  for (const LEADS_WORKERS of ['1', '2']) servers.push(await startOurs({ DATABASE_URL }, undefined, { LEADS_WORKERS }));
  await once({ connectionString: DATABASE_URL }, (connection) => seed(connection, LEADS));
  const rows: string[][] = [];
  for (const operation of MEASURED) {
    for (const server of servers) await run(server, operation);
    const rounds: Awaited<ReturnType<typeof run>>[][] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const figures: Awaited<ReturnType<typeof run>>[] = [];
      for (let i = 0; i < servers.length; i++) {
        const which = (round + i) % servers.length;
        figures[which] = await run(servers[which]!, operation);
      }
      rounds.push(figures);
    }
    for (const i of servers.keys()) {
      const of = (what: (figures: (typeof rounds)[number]) => number) => median(rounds.map(what));
      const ratio = i === 0 ? '' : of((round) => round[i]!.perSecond / round[0]!.perSecond).toFixed(2);
      const cores = (['server', 'postgres', 'client'] as const).map((who) => of((round) => round[i]!.cores[who]).toFixed(2));
      rows.push([operation, i === 0 ? 'one' : 'two', whole(of((round) => round[i]!.perSecond)), ratio, ...cores]);
    }
  }
  console.log(table(['operation', 'workers', 'requests/s', 'to one', 'cores: server', 'PostgreSQL', 'client'], rows));
} finally {
  for (const server of servers) await server.stop();
  await client.stop();
  await dropDatabase(name);
}

async function run(server: ServerProcess, operation: OperationName) {
  await once({ connectionString: DATABASE_URL }, (connection) => restore(connection, 0));
  const before = processorSeconds(server.pid);
  const start = performance.now();
  const target = { operation, leads: LEADS };
  const { perSecond } = await client.run({ origin: server.origin, target, connections: CONNECTIONS, requests: Infinity, seconds: SECONDS });
  const seconds = (performance.now() - start) / 1000;
  const after = processorSeconds(server.pid);
  const used = (who: keyof typeof after) => (after[who] - before[who]) / seconds;
  return { perSecond, cores: { server: used('server'), postgres: used('postgres'), client: used('client') } };
}

/** How much processor time everybody has had so far: the server with its workers, PostgreSQL, and the load. */
function processorSeconds(serverPid: number) {
  const total = { server: 0, postgres: 0, client: 0 };
  for (const pid of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number) as [number, number, number];
      const isServer = Number(pid) === serverPid || parent === serverPid;
      const who = isServer ? 'server' : command.includes('postgres') ? 'postgres' : command.includes('load-process') ? 'client' : undefined;
      if (who) total[who] += (user + system) / TICKS;
    } catch {
      // It has ended meanwhile.
    }
  }
  return total;
}
