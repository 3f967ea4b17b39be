import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { call, timed } from './calls.ts';
import { createDatabase, dropDatabase, once, seed } from './database.ts';
import { median, ms, table, whole } from './report.ts';
import { API_KEY, leadId } from './requests.ts';
import { type ServerProcess, startOurs } from './servers.ts';

const MANY_LEADS = 1_000_000;
const BULK_LEADS = 100_000;
const SINGLE_LEADS = 1_000;
const ROUNDS = 5;
const AT_ONCE = 10;

const HEADERS = { Authorization: `Bearer ${API_KEY}` };

/** One statement that deletes the same leads and writes the same rows of audit log, each with a hash of its content and that of the row before. */
const BARE = `
  with gone as (delete from leads where workspace_id = $1 and created_at < $2 returning workspace_id, id),
  entries as (
    select workspace_id, id, row_number() over () + (select coalesce(max(seq), 0) from audit_log where chain = 99) as seq,
      '{"force": false, "erase": false, "backups": 0, "backupId": null, "campaigns": 0, "activities": 0}'::jsonb as details
    from gone
  ),
  hashed as (
    select *, sha256(convert_to(concat_ws(' ', workspace_id, 99, seq, now(), 'lead.deleted', 'key_bench', id, 'req_bench', 'Clean up', details), 'UTF8')) as hash
    from entries
  )
  insert into audit_log (workspace_id, chain, seq, at, action, key_id, lead_id, request_id, job_id, reason, details, previous_hash, hash)
  select workspace_id, 99, seq, now(), 'lead.deleted', 'key_bench', id, 'req_bench', null, 'Clean up', details,
    lag(hash, 1, hash) over (order by seq), hash
  from hashed`;

const name = `leads_bench_${process.pid}_deletion`;
const url = await createDatabase(name);
const server = await startOurs({ DATABASE_URL: url });
const connection = { connectionString: url };
try {
  console.log(`Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model}), PostgreSQL.\n`);
  await once(connection, (client) => seed(client, MANY_LEADS));
  console.log(`## Export of ${whole(MANY_LEADS)} leads\n\n${await exportMemory(server)}`);
  const reason = 'reason=No+longer+a+customer';
  const taken = 2 * ROUNDS * SINGLE_LEADS;
  const rows = [
    await guarded('If-Match, X-Confirmation-Token and a reason', reason, 0, false),
    await guarded('the same with backup=true', `backup=true&${reason}`, taken, false),
    await guarded('the same with an Idempotency-Key', `backup=true&${reason}`, 2 * taken, true),
  ];
  console.log(
    `## A guarded delete, against a plain one\n\n${table([`${AT_ONCE} at once, time a delete`, 'plain', 'guarded', 'ratio'], rows)}`,
  );
  console.log(`## Deleting ${whole(BULK_LEADS)} leads, against one SQL statement\n\n${await bulk()}`);
} finally {
  await server.stop();
  await dropDatabase(name);
}

/** How much memory the server takes while it exports, above what it had before. */
async function exportMemory({ pid }: ServerProcess): Promise<string> {
  const idle = memoryMb(pid);
  let peak = idle;
  const watch = setInterval(() => {
    peak = Math.max(peak, memoryMb(pid));
  }, 20);
  const start = performance.now();
  let [bytes, lines] = [0, 0];
  try {
    const response = await fetch(`${server.origin}/api/v1/leads/export`, { headers: HEADERS });
    for await (const chunk of response.body!) {
      bytes += chunk.length;
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++;
    }
  } finally {
    clearInterval(watch);
  }
  const seconds = (performance.now() - start) / 1000;
  // The last one says how many there are.
  if (lines !== MANY_LEADS + 1) throw new Error(`The export has ${lines} lines`);
  return table(
    ['leads', 'MB', 'seconds', 'memory before', 'peak', 'above'],
    [[whole(lines), whole(bytes / 1e6), seconds.toFixed(1), `${whole(idle)} MB`, `${whole(peak)} MB`, `${whole(peak - idle)} MB`]],
  );
}

/** The two take turns on leads of the same kind; previews are read before the clock runs. */
async function guarded(what: string, query: string, first: number, repeatable: boolean): Promise<string[]> {
  const ratios: number[] = [];
  const times: { plain: number[]; guarded: number[] } = { plain: [], guarded: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const taken = first + 2 * round * SINGLE_LEADS;
    const ids = Array.from({ length: 2 * SINGLE_LEADS }, (_, i) => leadId(taken + i + 1));
    const [plainIds, guardedIds] = [ids.slice(0, SINGLE_LEADS), ids.slice(SINGLE_LEADS)];
    const previews = new Map<string, { etag: string; confirmationToken: string }>();
    await eachAtOnce(guardedIds, async (id) => previews.set(id, await call(server.origin, 'GET', `/leads/${id}/deletion-preview`)));
    const plain = () => timed(() => eachAtOnce(plainIds, (id) => call(server.origin, 'DELETE', `/leads/${id}`)));
    const withGuards = () =>
      timed(() =>
        eachAtOnce(guardedIds, (id) => {
          const { etag, confirmationToken } = previews.get(id)!;
          const headers = {
            'If-Match': etag,
            'X-Confirmation-Token': confirmationToken,
            ...(repeatable && { 'Idempotency-Key': `bench-${id}` }),
          };
          return call(server.origin, 'DELETE', `/leads/${id}?${query}`, undefined, headers);
        }),
      );
    const guardedFirst = round % 2 === 1;
    const before = await (guardedFirst ? withGuards() : plain());
    const after = await (guardedFirst ? plain() : withGuards());
    const [plainMs, guardedMs] = guardedFirst ? [after, before] : [before, after];
    times.plain.push(plainMs / SINGLE_LEADS);
    times.guarded.push(guardedMs / SINGLE_LEADS);
    ratios.push(guardedMs / plainMs);
  }
  return [what, ms(median(times.plain)), ms(median(times.guarded)), median(ratios).toFixed(2)];
}

async function bulk(): Promise<string> {
  const rows: string[][] = [];
  const reader = leadId(MANY_LEADS);
  for (let round = 0; round < 3; round++) {
    // The seeded leads are numbered in the order of their creation, and the first of them are gone already.
    const gone = 3 * 2 * ROUNDS * SINGLE_LEADS + 2 * round * BULK_LEADS;
    const { workspace, bareBefore, oursBefore } = await once(connection, async (client) => {
      await client.query('checkpoint');
      return {
        workspace: (await client.query(`select id from workspaces where name = 'default'`)).rows[0].id as string,
        bareBefore: await createdAt(client, gone + BULK_LEADS + 1),
        oursBefore: await createdAt(client, gone + 2 * BULK_LEADS + 1),
      };
    });
    const quiet = await readFor(reader, pause(3_000));
    let bare = 0;
    const statement = (async () => {
      bare = await timed(() => once(connection, (client) => client.query(BARE, [workspace, bareBefore])));
    })();
    await readFor(reader, statement);
    await once(connection, (client) => client.query('checkpoint'));
    const filter = { createdBefore: oursBefore.toISOString() };
    const { planToken } = await call(server.origin, 'POST', '/leads/bulk-delete', { filter, dryRun: true });
    let ours = 0;
    const job = (async () => {
      ours = await timed(async () => {
        let state = await call(server.origin, 'POST', '/leads/bulk-delete', { filter, planToken, reason: 'Clean up' });
        while (state.finishedAt === null) {
          await pause(50);
          state = await call(server.origin, 'GET', `/jobs/${state.id}`);
        }
        if (state.succeeded !== BULK_LEADS) throw new Error(JSON.stringify(state));
      });
    })();
    const busy = await readFor(reader, job);
    rows.push([
      String(round + 1),
      `${(bare / 1000).toFixed(1)} s`,
      `${(ours / 1000).toFixed(1)} s`,
      (ours / bare).toFixed(2),
      ms(quiet),
      ms(busy),
      (busy / quiet).toFixed(2),
    ]);
  }
  return table(['round', 'one statement', 'the job', 'ratio', 'reader p99, quiet', 'reader p99, meanwhile', 'ratio'], rows);
}

async function createdAt(client: pg.Client, number: number): Promise<Date> {
  return (await client.query('select created_at from leads where id = $1', [leadId(number)])).rows[0].created_at;
}

/** Reads one lead after the other until `end`; the p99 in milliseconds. */
async function readFor(id: string, end: Promise<unknown>): Promise<number> {
  const times: number[] = [];
  const ended = new AbortController();
  void end.finally(() => ended.abort()).catch(() => {});
  for (;;) {
    if (ended.signal.aborted) break;
    times.push(await timed(() => call(server.origin, 'GET', `/leads/${id}`)));
  }
  await end;
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]!;
}

async function eachAtOnce(ids: readonly string[], work: (id: string) => Promise<unknown>): Promise<void> {
  const left = ids.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const id of left) await work(id);
    }),
  );
}

function memoryMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}
