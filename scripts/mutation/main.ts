/**
 * `npm run test:mutation`: takes every condition, column, branch and step out of the server's handling of leads, one at a time, and
 * runs the checks and tests that reach it. `npm run test:mutation -- csv fold` does so in the files with these words in their paths.
 *
 * Each of these mutants is tested by the conformance suite's checks and the server's test files that reach it, those that are most likely
 * to notice it first, until one does, within a limit of time. They come in a random order, so that a run which is ended early, by Ctrl+C,
 * tells of a sample.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chmodSync, mkdtempSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { cleanUpAtEnd } from '../test/support/clean-up.ts';
import { refusedByCompiler } from './compile.ts';
import { type Mutant, mutantsOf } from './mutant.ts';
import { Plan } from './plan.ts';
import type { Job, Report, Timed } from './worker.ts';

const POSTGRES = new URL(process.env['TEST_DATABASE_URL'] ?? 'postgres://root@127.0.0.1:5432/postgres');
const DATABASES = `leads_mutation_${process.pid}_`;
/** A process that says nothing for so long has been caught in a loop. */
const SILENCE_MS = 180_000;
/** A process waits for its database, and for jobs, for half of its time. */
const WORKERS_PER_CORE = 2;
/** How many mutants a process tests: the modules of each stay in its memory, and what they left in its database. */
const MUTANTS_PER_PROCESS = 40;

/** A process that tests, with a database of its own. It is another one after a crash. */
class Worker {
  readonly #name: string;
  #process: ChildProcess | undefined;
  #jobs = 0;

  constructor(number: number) {
    this.#name = `${DATABASES}${number}`;
  }

  async ask(job: Job): Promise<Report> {
    if (this.#jobs++ % MUTANTS_PER_PROCESS === 0) this.stop();
    const worker = (this.#process ??= await this.#start());
    worker.send(job);
    const report = await answerOf(worker, 'survey' in job ? 0 : SILENCE_MS);
    if (report?.isSpent !== false) this.stop();
    return report ?? { failed: 'nothing: it does not end, or crashes', isSpent: true };
  }

  stop(): void {
    const worker = this.#process;
    this.#process = undefined;
    // With what it started.
    if (worker?.exitCode === null && worker.signalCode === null) process.kill(-worker.pid!, 'SIGKILL');
  }

  async #start(): Promise<ChildProcess> {
    await onServer(
      `drop database if exists ${this.#name} with (force)`,
      `create database ${this.#name}`,
      `alter database ${this.#name} set synchronous_commit = off`,
      // It compiles statements that are run once, for longer than they take.
      `alter database ${this.#name} set jit = off`,
    );
    const { hostname: host, port, username: user, password } = POSTGRES;
    const connection = { host, port: Number(port || 5432), user, password, database: this.#name };
    const database = { name: 'postgresql', connection, maxConnections: 8, server: POSTGRES.href };
    const worker = fork(new URL('worker.ts', import.meta.url), [JSON.stringify(database)], {
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    if (!(await answerOf(worker))) throw new Error('The process that tests does not start');
    return worker;
  }
}

/** What a process says next; undefined where it ends before, or says nothing for too long. */
function answerOf(worker: ChildProcess, limit = 0): Promise<Report | undefined> {
  const { promise, resolve } = Promise.withResolvers<Report | undefined>();
  const timer = limit > 0 ? setTimeout(() => resolve(undefined), limit) : undefined;
  const gone = () => resolve(undefined);
  const said = (report: unknown) => resolve(report as Report);
  worker.once('exit', gone).once('message', said);
  return promise.finally(() => {
    clearTimeout(timer);
    worker.off('exit', gone).off('message', said);
  });
}

async function onServer(...statements: string[]): Promise<void> {
  const client = new pg.Client(POSTGRES.href);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Runs a task for each, one at a time in each worker. */
async function each<Item>(
  workers: readonly Worker[],
  items: readonly Item[],
  task: (worker: Worker, item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const next = async (worker: Worker): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await task(worker, item);
  };
  await Promise.all(workers.map(next));
}

/** By which of these tests a mutant is noticed; undefined where by none. */
async function noticedBy(worker: Worker, plan: Plan, mutant: Mutant, tests: readonly Timed[]): Promise<string | undefined> {
  const { failed, isUnreliable } = await worker.ask({ mutant, tests });
  if (!isUnreliable) return failed;
  plan.leaveOut(failed!);
  return noticedBy(
    worker,
    plan,
    mutant,
    tests.filter(({ name }) => name !== failed),
  );
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  const left = [...items];
  return items.map(() => left.splice(randomInt(left.length), 1)[0]!);
}

function described({ file, line, what }: Mutant): string {
  return `${file}:${line} ${what.replaceAll(/\s+/g, ' ').slice(0, 120)}`;
}

const all = mutantsOf(process.argv.slice(2));
const refused = refusedByCompiler(all);
const tested = all.filter((mutant) => !refused.has(mutant));
console.log(`${all.length} mutants, of which ${refused.size} do not compile`);

// PostgreSQL servers that tests have started end by themselves once their folders are gone.
const folder = mkdtempSync(join(tmpdir(), 'leads-mutation-'));
// They run as another user, and have their own folders in it.
chmodSync(folder, 0o711);
process.env['TMPDIR'] = folder;
cleanUpAtEnd({ folder, databases: { server: POSTGRES.href, prefix: DATABASES } });
const workers = Array.from({ length: availableParallelism() * WORKERS_PER_CORE }, (_, i) => new Worker(i));
process.on('exit', () => workers.forEach((worker) => worker.stop()));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

const survey = [...new Set(tested.map(({ file }) => file).filter((file) => file.endsWith('.ts')))];
const surveyed = await Promise.all(workers.map((worker, part) => worker.ask({ survey, part, parts: workers.length })));
if (surveyed.some(({ reach }) => !reach)) throw new Error('Nothing can be tested');
const plan = new Plan(Object.assign({}, ...surveyed.map(({ reach }) => reach)));
for (const name of surveyed.flatMap(({ failing = [] }) => failing)) plan.leaveOut(name);
const survivors: Mutant[] = [];
let done = 0;
process.on('exit', () => {
  for (const mutant of survivors.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line))
    console.log(`survives: ${described(mutant)}`);
  console.log(`${done - survivors.length} of ${done} mutants are noticed (${((1 - survivors.length / done) * 100).toFixed(1)} %)`);
});
await each(workers, shuffled(tested), async (worker, mutant) => {
  const by = await noticedBy(worker, plan, mutant, plan.for(mutant));
  if (by === undefined) survivors.push(mutant);
  else plan.killed(mutant, by);
  if (++done % 100 === 0) console.log(`${done} of ${tested.length}, ${survivors.length} not noticed`);
});
process.exit(0);
