import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { load, type Result } from './load.ts';
import { median, ms, table, whole } from './report.ts';
import { API_KEY } from './requests.ts';
import { freePort } from '../../packages/server/test/support/free-port.ts';

const ROUNDS = 5;
const SECONDS = 3;
const CONNECTIONS = 10;
const PATH = '/api/v1/leads/lead_1234567890abcdef';
const OTHERS = ['@stoplight/prism-cli@5.14.2', '@mockoon/cli@9.9.0', 'json-server@0.17.4'];
const DOCUMENT = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));
const MOCK = fileURLToPath(new URL('../../packages/mock/src/cli.ts', import.meta.url));

interface Subject {
  readonly name: string;
  readonly process: ChildProcess;
  readonly url: string;
  readonly startMs: number;
}

const directory = mkdtempSync(join(tmpdir(), 'leads-bench-mock-'));
const subjects: Subject[] = [];
try {
  await main();
} finally {
  for (const { process } of subjects) process.kill();
  rmSync(directory, { recursive: true, force: true });
}

async function main(): Promise<void> {
  say(`Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model}), ${CONNECTIONS} connections, GET ${PATH}.\n`);
  await install();
  const ours = await start('ours, examples', MOCK, () => [], { MOCK_MODE: 'examples' });
  const others = [
    await start('ours, stateful', MOCK, () => []),
    await start('Prism CLI 5.14.2', bin('prism'), (port) => ['mock', '-h', '127.0.0.1', '-p', `${port}`, '-v', 'silent', DOCUMENT]),
    await start('Mockoon CLI 9.9.0', bin('mockoon-cli'), (port) => [
      'start',
      '--data',
      DOCUMENT,
      '--port',
      `${port}`,
      '--hostname',
      '127.0.0.1',
      '--disable-log-to-file',
      '--disable-admin-api',
    ]),
    await start('json-server 0.17.4', bin('json-server'), (port) => [
      '--host',
      '127.0.0.1',
      '--port',
      `${port}`,
      '--quiet',
      '--routes',
      join(directory, 'routes.json'),
      join(directory, 'db.json'),
    ]),
  ];
  await throughput(ours, others);
  await memory();
}

/** They take turns, and a ratio is one of a round, so that other work on the machine disturbs all alike. */
async function throughput(ours: Subject, others: readonly Subject[]): Promise<void> {
  const rates = new Map<Subject, number[]>([ours, ...others].map((subject) => [subject, []]));
  const p99s = new Map<Subject, number[]>([ours, ...others].map((subject) => [subject, []]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const subject of rates.keys()) {
      const { perSecond, p99 } = await fire(subject);
      // The first round warms up.
      if (round < 0) continue;
      rates.get(subject)!.push(perSecond);
      p99s.get(subject)!.push(p99);
    }
  }
  const rows = [...rates].map(([subject, rate]) => [
    subject.name,
    ms(subject.startMs),
    whole(median(rate)),
    ms(median(p99s.get(subject)!)),
    median(rates.get(ours)!.map((our, round) => our / rate[round]!)).toFixed(2),
  ]);
  say(`## Throughput\n\n${table(['mock', 'process start to first answer', 'requests/s', 'p99', 'ours, examples / this'], rows)}`);
}

async function memory(): Promise<void> {
  const child = spawn(process.execPath, ['--expose-gc', fileURLToPath(new URL('./mock-memory.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  say(`## Memory of ours\n\n${await text(child.stdout)}`);
}

async function fire({ name, url }: Subject): Promise<Result> {
  const result = await load({ origin: url, target: { path: PATH }, connections: CONNECTIONS, seconds: SECONDS, requests: Infinity });
  if (result.failure) throw new Error(`${name}: ${result.failure}`);
  return result;
}

async function install(): Promise<void> {
  const npm = spawn('npm', ['install', '--prefix', directory, '--no-save', '--no-audit', '--no-fund', '--silent', ...OTHERS]);
  const [code] = await once(npm, 'exit');
  if (code !== 0) throw new Error(`npm install ${OTHERS.join(' ')} ended with ${code}`);
  const lead = {
    id: PATH.split('/').at(-1),
    name: 'John Doe',
    email: 'john.doe@example.com',
    status: 'new',
    metadata: { company: 'Acme' },
  };
  writeFileSync(join(directory, 'db.json'), JSON.stringify({ leads: [lead] }));
  writeFileSync(join(directory, 'routes.json'), JSON.stringify({ '/api/v1/*': '/$1' }));
}

function bin(name: string): string {
  return join(directory, 'node_modules/.bin', name);
}

async function start(name: string, script: string, args: (port: number) => string[], env: Record<string, string> = {}): Promise<Subject> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const begun = performance.now();
  const child = spawn(process.execPath, [script, ...args(port)], {
    cwd: directory,
    env: { PATH: process.env['PATH'] ?? '', HOME: directory, MOCK_PORT: `${port}`, ...env },
    stdio: 'ignore',
  });
  for (;;) {
    const response = await fetch(url + PATH, { headers: { authorization: `Bearer ${API_KEY}` } }).catch(() => undefined);
    if (response?.ok) break;
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    if (performance.now() - begun > 60_000) throw new Error(`${name} does not answer: ${response?.status} ${await response?.text()}`);
    await wait(5);
  }
  const subject = { name, process: child, url, startMs: performance.now() - begun };
  subjects.push(subject);
  return subject;
}

function say(text: string): void {
  console.log(text);
}
