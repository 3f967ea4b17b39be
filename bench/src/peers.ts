import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from './client.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import { createDatabase, dropDatabase, once, seed } from './database.ts';
import type { Result } from './load.ts';
import { median, ms, table, whole } from './report.ts';
import { OPERATIONS, type OperationName } from './requests.ts';
import { requireSameAnswers } from './same-answers.ts';
import { type ServerProcess, startOurs, startPeer } from './servers.ts';
import { type Leads, measure, prepare, SECONDS } from './throughput.ts';

/** Our server beside others that do the same with other frameworks. */

const ROUNDS = 5;
const AMOUNTS: Leads = { leads: 10_000, toDelete: 5_000 };
/** Until V8 has compiled what is asked for; on a busy machine that takes its time. */
const WARM_UP_SECONDS = 3;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PACKAGES = [
  'fastify@5.12.8',
  'fastify-type-provider-zod@7.0.0',
  '@fastify/cors@11.4.3',
  '@fastify/helmet@13.2.0',
  'hono@4.13.19',
  '@hono/node-server@2.1.9',
  '@hono/zod-openapi@1.6.3',
  '@nestjs/common@11.2.10',
  '@nestjs/core@11.2.10',
  '@nestjs/platform-express@11.2.10',
  'reflect-metadata@0.2.2',
  'rxjs@7.8.2',
];
/** Of these they have the versions that our server has. */
const SHARED_PACKAGES = ['helmet', 'pg', 'pino', 'zod', '@types/express', '@types/node', '@types/pg'];
const SOURCES = [
  'tsconfig.base.json',
  'packages/contract/src',
  'packages/server/src/ids.ts',
  'packages/server/src/leads/fold.ts',
  'bench/src/lead-statements.ts',
  'bench/src/peers',
];
const PEERS = { 'Fastify 5.12.8': 'fastify.js', 'Hono 4.13.19': 'hono.js', 'NestJS 11.2.10': 'nest.js' };
const OURS = 'ours';

const directory = mkdtempSync(join(tmpdir(), 'leads-bench-peers-'));
const name = `leads_bench_${process.pid}_peers`;
const database = { connectionString: await createDatabase(name) };
const servers = new Map<string, ServerProcess>();
const client = new Client();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
try {
  await main();
} finally {
  await cleanUp();
}

async function cleanUp(): Promise<void> {
  for (const server of servers.values()) await server.stop();
  await client.stop();
  await dropDatabase(name);
  rmSync(directory, { recursive: true, force: true });
}

async function main(): Promise<void> {
  say(
    `Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model}), ${whole(AMOUNTS.leads)} leads, 50 connections, ${ROUNDS} rounds.\n`,
  );
  build();
  const storage = { DATABASE_URL: database.connectionString };
  servers.set(OURS, await startOurs(storage));
  await once(database, (connection) => seed(connection, AMOUNTS.leads));
  for (const [peer, file] of Object.entries(PEERS)) {
    servers.set(peer, await startPeer(join(directory, 'dist/bench/src/peers', file), storage));
    await requireSameAnswers(peer, servers.get(peer)!, servers.get(OURS)!, database);
  }
  say('Every peer answers as ours does.\n');
  const rows: string[][] = [];
  for (const operation of OPERATIONS) rows.push(...(await compareAll(operation)));
  say(
    table(['operation', 'server', 'requests/s', 'p50 / p99', 'requests/s, ours / this', 'CPU per request, µs', 'CPU, ours / this'], rows),
  );
}

/** Installs what the peers need, and compiles them: Node cannot run the decorators of NestJS. */
function build(): void {
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const run = (command: string, args: readonly string[]) => execFileSync(command, args, { cwd: directory, stdio: 'inherit' });
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--silent', ...PACKAGES, ...SHARED_PACKAGES.map(installed)]);
  for (const source of SOURCES) cpSync(join(ROOT, source), join(directory, source), { recursive: true });
  run('tsc', ['-p', 'bench/src/peers']);
}

function installed(name: string): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as { version: string };
  return `${name}@${version}`;
}

/** In turns, who comes first changing from round to round, so that other work on the machine disturbs all alike. */
async function compareAll(operation: OperationName): Promise<string[][]> {
  const all = [...servers];
  const run = async (server: ServerProcess, seconds: number) => {
    const side = { server, database };
    await prepare(side, operation, AMOUNTS);
    const before = cpuSeconds(server.pid);
    const result = await measure(client, side, operation, seconds, AMOUNTS);
    return { ...result, serverCpu: (cpuSeconds(server.pid) - before) / result.requests };
  };
  const results = new Map<string, (Result & { readonly serverCpu: number })[]>(all.map(([name]) => [name, []]));
  for (const [, server] of all) await run(server, WARM_UP_SECONDS);
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < all.length; i++) {
      const [name, server] = all[(round + i) % all.length]!;
      results.get(name)!.push(await run(server, SECONDS));
    }
  }
  const ours = results.get(OURS)!;
  // The least of the rounds: other work makes a request cost more, and never less.
  const cpu = (own: typeof ours) => Math.min(...own.map(({ serverCpu }) => serverCpu));
  return [...results].map(([name, own]) => {
    const of = (figure: 'perSecond' | 'p50' | 'p99') => median(own.map((result) => result[figure]));
    const ratio = median(own.map(({ perSecond }, round) => ours[round]!.perSecond / perSecond));
    const latency = `${ms(of('p50'))} / ${ms(of('p99'))}`;
    const cpuMicroseconds = (cpu(own) * 1e6).toFixed(0);
    return [operation, name, whole(of('perSecond')), latency, ratio.toFixed(2), cpuMicroseconds, (cpu(ours) / cpu(own)).toFixed(2)];
  });
}

function say(text: string): void {
  console.log(text);
}
