/**
 * `npm run bench:cli`: `leads bulk-delete … --backup-dir …` on PostgreSQL, of 10,000 and of 100,000 leads, under a rate limit
 * that is used up on the way, with the network cut three times. Prints the time and the peak memory of the command, and checks that each
 * lead was deleted once, and is in the file as it was.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { startCuttingProxy } from './cutting-proxy.ts';
import { createDatabase, dropDatabase, once, seed } from './database.ts';
import { table, whole } from './report.ts';
import { API_KEY } from './requests.ts';
import { startOurs } from './servers.ts';

const MAIN = fileURLToPath(new URL('../../packages/client/src/cli/main.ts', import.meta.url));
const SIZES = [10_000, 100_000];
/** All of the seeded leads are older, whenever it runs. */
const EVERYTHING = '9999-12-31T00:00:00Z';
/** How many requests an hour, and how many of them are left when the command begins. */
const LIMIT = 1_000;
const LEFT = 12;
/** How long it is until the requests of an hour ago expire, from the start of the command. */
const EXPIRE_AFTER_SECONDS = 20;
const CUTS: readonly RegExp[] = [/^GET \/api\/v1\/leads\/export/, /^GET \/api\/v1\/jobs\/\w+ /, /^GET \/api\/v1\/jobs\/\w+\/outcomes/];

console.log(`Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model}), PostgreSQL.\n`);
const rows: string[][] = [];
for (const leads of SIZES) rows.push(await measure(leads));
console.log(table(['leads', 'seconds', 'waited for the limit', 'cuts', 'requests', 'peak memory', 'file', 'deleted once', 'equal'], rows));

async function measure(leads: number): Promise<string[]> {
  const name = `leads_bench_${process.pid}_cli_${leads}`;
  const url = await createDatabase(name);
  const folder = mkdtempSync(join(tmpdir(), 'leads-bench-'));
  // Migrates, and is stopped: a server reads what others counted when it starts.
  await (await startOurs({ DATABASE_URL: url })).stop();
  await once({ connectionString: url }, async (client) => {
    await seed(client, leads);
    await useUp(client);
  });
  const server = await startOurs({ DATABASE_URL: url }, LIMIT);
  let requests = 0;
  const left = [...CUTS];
  const proxy = await startCuttingProxy(server.origin, (line) => {
    requests++;
    if (!left[0]?.test(line)) return;
    left.shift();
    // Not at once, so that something is under way.
    setTimeout(() => proxy.cut(), 150);
  });
  try {
    const before = await recordsOf(url);
    const run = await runCommand(proxy.origin, folder);
    const [file = ''] = readdirSync(folder);
    const path = join(folder, file);
    const after = await digestsIn(createReadStream(path));
    const equal = after.size === before.size && [...before].every(([id, digest]) => after.get(id) === digest);
    const deletions = await once({ connectionString: url }, countDeletions);
    const isOnce = deletions.leads === 0 && deletions.entries === leads && deletions.distinct === leads && run.outcomes === leads;
    if (!equal || !isOnce || left.length > 0) throw new Error(JSON.stringify({ ...run, equal, deletions, cutsLeft: left.length }));
    return [
      whole(leads),
      run.seconds.toFixed(1),
      run.waited ? 'yes' : 'no',
      String(CUTS.length - left.length),
      whole(requests),
      `${whole(run.peakMb)} MB`,
      `${whole(statSync(path).size / 1e6)} MB`,
      'yes',
      'yes',
    ];
  } finally {
    await proxy.close();
    await server.stop();
    await dropDatabase(name);
    rmSync(folder, { recursive: true });
  }
}

/** Counts requests of almost an hour ago, as another server would have. */
async function useUp(client: pg.Client): Promise<void> {
  await client.query(
    `insert into request_counts (key_id, second, instance_id, count)
     select id, floor(extract(epoch from now()))::bigint - 3600 + $1, 'inst_before', $2 from api_keys`,
    [EXPIRE_AFTER_SECONDS, LIMIT - LEFT],
  );
}

interface Run {
  readonly seconds: number;
  readonly peakMb: number;
  readonly outcomes: number;
  readonly waited: boolean;
}

/** Runs the command in a process of its own, as a user would, and watches its memory. */
async function runCommand(origin: string, folder: string): Promise<Run> {
  const { PATH = '' } = process.env;
  const start = performance.now();
  const child = spawn(process.execPath, [MAIN, 'bulk-delete', '--created-before', EVERYTHING, '--backup-dir', folder, '--yes'], {
    env: { PATH, HOME: folder, LEADS_API_KEY: API_KEY, LEADS_BASE_URL: origin },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk));
  let outcomes = 0;
  const read = (async () => {
    for await (const line of createInterface({ input: child.stdout })) if (line.includes('"outcome":"deleted"')) outcomes++;
  })();
  let peakMb = 0;
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const watch = (async () => {
    while (child.exitCode === null) {
      peakMb = Math.max(peakMb, peakMemoryMb(child.pid!));
      await pause(50);
    }
  })();
  const code = await ended;
  await Promise.all([read, watch]);
  if (code !== 0) throw new Error(`leads ended with ${code}: ${said}`);
  return { seconds: (performance.now() - start) / 1000, peakMb, outcomes, waited: said.includes('The rate limit is used up') };
}

/** The most that a process ever held, in MB; 0 where it is gone. */
function peakMemoryMb(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1000;
  } catch {
    return 0;
  }
}

/** What an export has of each lead, read from a server without a limit. */
async function recordsOf(url: string): Promise<Map<string, string>> {
  const server = await startOurs({ DATABASE_URL: url });
  try {
    const response = await fetch(`${server.origin}/api/v1/leads/export?createdBefore=${EVERYTHING}`, {
      headers: { Authorization: `Bearer ${API_KEY}` },
    });
    return await digestsIn(response.body!);
  } finally {
    await server.stop();
  }
}

async function digestsIn(lines: AsyncIterable<Uint8Array>): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of lines) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop()!;
    for (const line of parts) {
      const { lead } = JSON.parse(line) as { lead?: { id: string } };
      // The last line says how many there are.
      if (!lead) continue;
      if (digests.has(lead.id)) throw new Error(`${lead.id} is there twice`);
      digests.set(lead.id, createHash('sha256').update(line).digest('base64'));
    }
  }
  return digests;
}

async function countDeletions(client: pg.Client): Promise<{ leads: number; entries: number; distinct: number }> {
  const { rows } = await client.query(
    `select (select count(*)::integer from leads) as leads, count(*)::integer as entries, count(distinct lead_id)::integer as distinct
     from audit_log where action = 'lead.deleted'`,
  );
  return rows[0];
}
