import { createCitusDatabase, dropCitusDatabases, machinesOf } from '../../packages/server/test/support/citus.ts';
import { Client } from './client.ts';
import { createDatabase, dropDatabase, once, seed } from './database.ts';
import { type ServerProcess, startOurs } from './servers.ts';
import { compare } from './throughput.ts';

/** Our server on a Citus cluster, beside the same server on one PostgreSQL. */

const AMOUNTS = { rounds: 5, leads: 10_000, toDelete: 5_000 };

const cluster = process.env['TEST_CITUS_URL'];
if (!cluster) throw new Error('Set TEST_CITUS_URL: the database of a Citus cluster that knows its machines.');
const name = `leads_bench_${process.pid}_citus`;
const client = new Client();
const servers: ServerProcess[] = [];
const start = async (url: string) => {
  const server = await startOurs({ DATABASE_URL: url });
  servers.push(server);
  await once({ connectionString: url }, (connection) => seed(connection, AMOUNTS.leads));
  return server;
};
try {
  const onOne = await createDatabase(name);
  await createCitusDatabase(cluster, name);
  const databases = (await machinesOf(cluster)).map(({ url }) => Object.assign(new URL(url), { pathname: `/${name}` }).href);
  const onCluster = databases[0]!;
  // What is vacuumed on the coordinator is not on the other machines.
  const vacuumAll = async () => {
    for (const url of databases) await once({ connectionString: url }, (connection) => connection.query('vacuum analyze'));
  };
  const sides = [
    { server: await start(onOne), database: { connectionString: onOne } },
    { server: await start(onCluster), database: { connectionString: onCluster } },
  ] as const;
  await vacuumAll();
  const { markdown } = await compare(client, sides[0], sides[1], AMOUNTS, ['PostgreSQL', 'Citus'], vacuumAll);
  console.log(markdown);
} finally {
  for (const server of servers) await server.stop();
  await client.stop();
  await dropDatabase(name);
  await dropCitusDatabases(cluster, name);
}
