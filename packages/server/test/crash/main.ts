import { parseArgs } from 'node:util';
import { Figures } from './figures.ts';
import { killDatabase } from './kill-database.ts';
import { killEmbedded } from './kill-embedded.ts';
import { killJob } from './kill-job.ts';
import { killServer } from './kill-server.ts';
import { createDatabase, findPostgres } from './own-database.ts';
import { findBinaries, PostgresCluster } from './postgres-cluster.ts';
import { promoteStandby } from './promote-standby.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { terminateServer } from './terminate-server.ts';

const JOB_LEADS = 10_000;

/**
 * The full campaign: `--rounds` kills, spread over the embedded database, PostgreSQL, and PostgreSQL itself being
 * killed, for every ten of them a stop with SIGTERM and a job whose server is killed three times, and for every four of them a
 * PostgreSQL that is killed and whose standby is promoted. `--only` runs the campaigns whose name contains it, each with all rounds. Ends with 1 if anything was lost, half done or did not come back.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '200' }, only: { type: 'string' } } });
const rounds = Number(values.rounds);
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error('--rounds must be a whole number from 1');

const interrupted = new AbortController();
// The round under way is finished, so that its processes, directories and databases are cleared away.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted.abort();
    // Part of a campaign proves nothing.
    process.exitCode = 1;
  });
}

const part = (share: number) => (values.only === undefined ? Math.ceil(rounds * share) : rounds);
const embedded = part(0.4);
const server = part(0.3);
const database = part(0.3);
const stops = part(0.05);
const jobs = part(0.1);
const promotions = part(0.25);
const { signal } = interrupted;

await campaign('embedded database, server killed', (figures) => killEmbedded(embedded, figures, signal));
await campaign('PostgreSQL, server killed', async (figures) => {
  const postgres = await findPostgres();
  if ('missing' in postgres) return postgres.missing;
  await using own = await createDatabase(postgres.url);
  await killServer({ data: { DATABASE_URL: own.url }, settled: own.settled }, server, figures, signal);
});
await campaign('PostgreSQL killed, server running', async (figures) => {
  const binaries = findBinaries();
  if ('missing' in binaries) return binaries.missing;
  await using cluster = await PostgresCluster.create(binaries.dir);
  await killDatabase(cluster, database, figures, signal);
});
await campaign('PostgreSQL killed, its standby promoted', async (figures) => {
  const binaries = findBinaries();
  if ('missing' in binaries) return binaries.missing;
  await promoteStandby(binaries.dir, promotions, figures, signal);
});
await campaign('PostgreSQL, server killed during a job of 10,000 leads', async (figures) => {
  const postgres = await findPostgres();
  if ('missing' in postgres) return postgres.missing;
  await using own = await createDatabase(postgres.url);
  await killJob({ DATABASE_URL: own.url }, JOB_LEADS, jobs, figures, signal);
});
await campaign('embedded database, server asked to stop', async (figures) => {
  using home = temporaryDirectory();
  await terminateServer({ LEADS_DATA_DIR: home.path }, stops, figures, signal);
});
await campaign('PostgreSQL, server asked to stop', async (figures) => {
  const postgres = await findPostgres();
  if ('missing' in postgres) return postgres.missing;
  await using own = await createDatabase(postgres.url);
  await terminateServer({ DATABASE_URL: own.url }, stops, figures, signal);
});

async function campaign(name: string, run: (figures: Figures) => Promise<string | void>): Promise<void> {
  if (values.only !== undefined && !name.includes(values.only)) return;
  const figures = new Figures();
  const start = performance.now();
  const skipped = await (signal.aborted ? 'interrupted' : run(figures).catch((error: Error) => figures.blame([error.stack!])));
  console.log(`${name} (${Math.round((performance.now() - start) / 1000)} s)`);
  for (const line of skipped ? [`skipped: ${skipped}`] : [...figures.summary(), ...figures.problems]) console.log(`  ${line}`);
  if (figures.problems.length > 0) process.exitCode = 1;
}
