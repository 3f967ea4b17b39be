import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRunningEmbeddedPostgres } from '../../packages/server/src/db/embedded/embedded-postgres.ts';
import { Client } from './client.ts';
import { createDatabase, dropDatabase, once, seed, seedOthers } from './database.ts';
import { growth } from './growth.ts';
import { whole } from './report.ts';
import { startCeiling, startNull, startOurs, type ServerProcess } from './servers.ts';
import { compare, nullThroughput, type Side, type Throughput } from './throughput.ts';

const LEADS = 10_000;
const MANY_LEADS = 1_000_000;
/** As many workspaces as have the leads of the largest between them. */
const WORKSPACES = 200;

/** What has to be undone, last first, however the run ends. */
const cleanups: (() => Promise<unknown> | void)[] = [];
const cleanUp = async () => {
  while (cleanups.length > 0) await cleanups.pop()!();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void cleanUp().finally(() => process.exit(1)));

try {
  await main();
} finally {
  await cleanUp();
}

async function main(): Promise<void> {
  say(`Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model}), ${whole(LEADS)} leads, 50 connections.\n`);
  const client = new Client();
  cleanups.push(() => client.stop());

  const onPostgres = await postgresThroughput(client);
  const onEmbedded = await embeddedThroughput(client);
  await tellClient(client, [onPostgres, onEmbedded]);
}

async function postgresThroughput(client: Client): Promise<Throughput> {
  const small = await migratedDatabase('small');
  await once(small.database, (connection) => seed(connection, LEADS));
  const ceiling = await running(startCeiling({ DATABASE_URL: small.url }));
  const result = await compare(client, small, { server: ceiling, database: small.database }, { rounds: 7, leads: LEADS, toDelete: 10_000 });
  say(`## PostgreSQL\n\n${result.markdown}`);
  await ceiling.stop();

  const start = performance.now();
  const large = await migratedDatabase('large');
  await once(large.database, (connection) => seed(connection, MANY_LEADS));
  const seconds = Math.round((performance.now() - start) / 1000);
  // Not the one that was measured: what was written to it would make its own searches slow.
  const few = await migratedDatabase('few');
  await once(few.database, (connection) => seed(connection, LEADS));
  const [alone, among] = [await migratedDatabase('alone'), await migratedDatabase('among')];
  const leads = MANY_LEADS / WORKSPACES;
  for (const { database } of [alone, among]) await once(database, (connection) => seed(connection, leads));
  await once(among.database, (connection) => seedOthers(connection, WORKSPACES - 1));
  const markdown = await growth(
    client,
    { few: { server: few.server, leads: LEADS }, many: { server: large.server, leads: MANY_LEADS } },
    { few: { server: alone.server, leads }, many: { server: among.server, leads } },
  );
  say(`## Growth, on PostgreSQL\n\nMaking ${whole(MANY_LEADS)} leads took ${seconds} s.\n\n${markdown}`);
  await cleanUpTo(1);
  return result;
}

async function embeddedThroughput(client: Client): Promise<Throughput> {
  const side = async (start: typeof startOurs): Promise<Side> => {
    const directory = mkdtempSync(join(tmpdir(), 'leads-bench-'));
    cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
    const dataDir = join(directory, 'data');
    const server = await running(start({ LEADS_DATA_DIR: dataDir }));
    const database = (await findRunningEmbeddedPostgres(dataDir))!;
    await once(database, (connection) => seed(connection, LEADS));
    return { server, database };
  };
  const result = await compare(client, await side(startOurs), await side(startCeiling), { rounds: 3, leads: LEADS, toDelete: 3_000 });
  say(`## The embedded database\n\n${result.markdown}`);
  await cleanUpTo(1);
  return result;
}

/** Says how it is known that the client does not hold the figures down. */
async function tellClient(client: Client, results: readonly Throughput[]): Promise<void> {
  const idle = await nullThroughput(client, await running(startNull()));
  const highest = Math.max(...results.map((result) => result.highest));
  const cpu = Math.max(...results.map((result) => result.clientCpu));
  say(
    '## The client\n\n' +
      `A server that does nothing answers it ${whole(idle)} requests/s, ${(idle / highest).toFixed(1)} times the highest figure above ` +
      `(${whole(highest)}). In the runs above it used at most ${Math.round(cpu * 100)} % of one core.`,
  );
}

/** Our server on a database of its own. */
async function migratedDatabase(kind: string): Promise<Side & { url: string }> {
  const name = `leads_bench_${process.pid}_${kind}`;
  const url = await createDatabase(name);
  cleanups.push(() => dropDatabase(name));
  return { url, server: await running(startOurs({ DATABASE_URL: url })), database: { connectionString: url } };
}

async function running(starting: Promise<ServerProcess>): Promise<ServerProcess> {
  const server = await starting;
  cleanups.push(() => server.stop());
  return server;
}

async function cleanUpTo(length: number): Promise<void> {
  while (cleanups.length > length) await cleanups.pop()!();
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
