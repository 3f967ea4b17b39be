import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { JOBS_MAX_OPEN } from '@leads/contract';
import { call, timed } from './calls.ts';
import { Client } from './client.ts';
import { createDatabase, dropDatabase, once, seed } from './database.ts';
import { median, ms, table, whole } from './report.ts';
import { API_KEY } from './requests.ts';
import { startOurs } from './servers.ts';

const MANY_LEADS = 1_000_000;
const OWN_LEADS = 100_000;
const JOB_LEADS = 10_000;
const ROUNDS = 5;
const JOB_ROUNDS = 3;
const READS = 1_500;

/** What one workspace asks for, again and again, while another reads its leads. */
const COSTLY = [
  { name: '50 searches that every lead matches', query: 'search=%25', atOnce: 50 },
  { name: '100 pages far down', query: 'page=10000&limit=100', atOnce: 100 },
];

const name = `leads_bench_${process.pid}_neighbours`;
const url = await createDatabase(name);
const server = await startOurs({ DATABASE_URL: url });
const connection = { connectionString: url };
const client = new Client();
try {
  console.log(`Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model}), PostgreSQL.\n`);
  const busyKey = createKey('busy');
  await once(connection, (session) => seed(session, OWN_LEADS));
  await once(connection, (session) => seed(session, MANY_LEADS, 'busy'));
  console.log(`## Reading 20 leads beside a workspace that asks for much\n\n${await reads(busyKey)}`);
  console.log(`## A job over ${whole(JOB_LEADS)} leads beside ${JOBS_MAX_OPEN} of another workspace\n\n${await jobs(busyKey)}`);
} finally {
  await client.stop();
  await server.stop();
  await dropDatabase(name);
}

async function reads(busyKey: string): Promise<string> {
  const read = async () =>
    (await client.run({ origin: server.origin, target: { path: '/api/v1/leads?limit=20' }, connections: 1, seconds: 120, requests: READS }))
      .p99;
  await read();
  const rows: string[][] = [];
  for (const { name: what, query, atOnce } of COSTLY) {
    const rounds: { quiet: number; beside: number; statuses: Map<number, number> }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const quiet = await read();
      const busy = ask(`/leads?${query}`, busyKey, atOnce);
      const beside = await read();
      rounds.push({ quiet, beside, statuses: await busy.end() });
    }
    const answers = new Map<number, number>();
    for (const { statuses } of rounds) for (const [status, count] of statuses) answers.set(status, (answers.get(status) ?? 0) + count);
    rows.push([
      what,
      ms(median(rounds.map(({ quiet }) => quiet))),
      ms(median(rounds.map(({ beside }) => beside))),
      median(rounds.map(({ quiet, beside }) => beside / quiet)).toFixed(2),
      [...answers].map(([status, count]) => `${whole(count)} × ${status}`).join(', '),
    ]);
  }
  return table(['beside', 'p99, quiet', 'p99, meanwhile', 'ratio', 'what the other was answered'], rows);
}

/** Asks for the same thing with many requests at once, until it is told to end; then it answers how often it got which status. */
function ask(path: string, key: string, atOnce: number): { end(): Promise<Map<number, number>> } {
  const statuses = new Map<number, number>();
  const over = new AbortController();
  const all = Array.from({ length: atOnce }, async () => {
    while (!over.signal.aborted) {
      const response = await fetch(`${server.origin}/api/v1${path}`, { headers: { Authorization: `Bearer ${key}` } });
      await response.arrayBuffer();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    }
  });
  return {
    async end() {
      over.abort();
      await Promise.all(all);
      return statuses;
    },
  };
}

async function jobs(busyKey: string): Promise<string> {
  const rows: string[][] = [];
  for (let round = 0; round < JOB_ROUNDS; round++) {
    for (const n of [2 * round, 2 * round + 1]) await makePart('default', n);
    for (let i = 0; i < JOBS_MAX_OPEN; i++) await makePart('busy', round * JOBS_MAX_OPEN + i);
    const alone = await timed(() => archive(API_KEY, 2 * round));
    const others = Array.from({ length: JOBS_MAX_OPEN }, (_, i) => archive(busyKey, round * JOBS_MAX_OPEN + i));
    await pause(500);
    const beside = await timed(() => archive(API_KEY, 2 * round + 1));
    const all = await timed(() => Promise.all(others));
    rows.push([
      String(round + 1),
      `${(alone / 1000).toFixed(1)} s`,
      `${(beside / 1000).toFixed(1)} s`,
      (beside / alone).toFixed(2),
      `${((beside + all) / 1000).toFixed(1)} s`,
    ]);
  }
  return table(['round', 'alone', 'beside the others', 'ratio', 'until the last of the others ended'], rows);
}

/** Makes leads of a workspace that have the source `part <n>`. */
async function makePart(workspace: string, n: number): Promise<void> {
  const sql = `
    insert into leads (workspace_id, id, name, email, name_lower, email_lower, source, status, metadata, created_at, updated_at)
    select workspaces.id, 'lead_part' || $2 || '_' || i, 'Ann', 'ann@example.com', 'ann', 'ann@example.com', 'part ' || $2, 'new', '{}', now(), now()
    from workspaces, generate_series(1, $3::integer) as i where workspaces.name = $1`;
  await once(connection, (session) => session.query(sql, [workspace, String(n), JOB_LEADS]));
}

/** Archives such leads, as a job, and waits until it is done. */
async function archive(key: string, n: number): Promise<void> {
  const filter = { source: `part ${n}` };
  const { planToken } = await call(server.origin, 'POST', '/leads/bulk-archive', { filter, dryRun: true }, {}, key);
  let job = await call(server.origin, 'POST', '/leads/bulk-archive', { filter, planToken }, {}, key);
  while (job.finishedAt === null) {
    await pause(50);
    job = await call(server.origin, 'GET', `/jobs/${job.id}`, undefined, {}, key);
  }
  if (job.succeeded !== JOB_LEADS) throw new Error(JSON.stringify(job));
}

function createKey(workspace: string): string {
  const script = fileURLToPath(new URL('../../packages/server/src/keys-cli/main.ts', import.meta.url));
  const args = [script, 'create', '--name', 'Bench', '--workspace', workspace, '--scopes', 'leads:read,leads:write,leads:delete'];
  return execFileSync(process.execPath, args, { env: { DATABASE_URL: url }, encoding: 'utf8' }).trim();
}
