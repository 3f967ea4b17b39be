/** A process that tests mutants, one after the other: it stays, so that only what a mutant changes is loaded anew. */
import fs, { globSync, readFileSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { CHECKS, runConformance } from '@leads/conformance';
import pg from 'pg';
import { marked } from './code-mutants.ts';
import { edited } from './edited.ts';
import { functionsCalled } from './functions-called.ts';
import type { Mutant } from './mutant.ts';
import { provide, runTestFile } from './tests.ts';

/** What a worker is asked, one thing at a time. */
export type Job =
  /** Of each `parts`th check and test file, from the `part`th on. */
  | { readonly survey: readonly string[]; readonly part: number; readonly parts: number }
  | { readonly mutant: Mutant; readonly tests: readonly Timed[] };

/** A check or a test file, and how long it takes where nothing is changed. */
export interface Timed {
  readonly name: string;
  readonly milliseconds: number;
}

/** What a check or a test file takes, and which blocks and functions of the database it reaches. */
export interface Reach {
  /** What it is about. */
  readonly area: string;
  readonly milliseconds: number;
  readonly blocks: readonly string[];
  readonly functions: readonly string[];
}

/** What it answers. */
export interface Report {
  /** The check or the test file that failed first. */
  readonly failed?: string | undefined;
  /** Whether that fails without the change, too, once more has been run in the process. */
  readonly isUnreliable?: boolean;
  /** Of a survey: what each reaches that passes. */
  readonly reach?: Record<string, Reach>;
  /** Of a survey: what fails although nothing is changed. */
  readonly failing?: readonly string[];
  /** Whether the process must not go on. */
  readonly isSpent: boolean;
}

/** What is checked without the server's handling of leads: areas, and answers that are given before it. */
const BESIDE = new Set(['rights', 'API keys', 'HTTP', 'bounds', 'random requests']);
const BEFORE = / 4(?:01|03|13|15) [A-Z]|INVALID_JSON|IDEMPOTENCY_KEY_REUSED|apiKeys|auditLog/;

/** Those that are real also while a test has others in their places. */
const { setTimeout, clearTimeout } = globalThis;
/** How long a start of the server may take, and a check or a test besides ten times as long as it did, in milliseconds. */
const TIME_LIMIT_MS = 8_000;
const TIME_LIMIT_FACTOR = 10;
/** The longest that a check or a test takes where nothing is changed, in milliseconds. */
const LONGEST_MS = 6_000;
let limit = TIME_LIMIT_MS;
const TESTS = new URL('tests.ts', import.meta.url).href;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FIELDS = 'packages/server/src/leads/lead-fields.ts';
const SERVER = new URL('packages/server/', new URL('../../', import.meta.url)).href;

type TestDatabase = { name: string; connection: pg.ClientConfig & { database: string }; maxConnections: number; server: string };
const database: TestDatabase = JSON.parse(process.argv[2]!);

/** The texts that stand in the place of those of files, by their paths. */
const texts = new Map<string, string>();
const codes = new Map<string, string>();
/** The generation of the modules that are loaded now; 0 where none of them is changed. */
let generation = 0;
let generations = 0;
let testRuns = 0;
const reached = new Set<string>();

// Every module of the server is another one for each mutant of one of them; what is installed, the contract and the checks stay.
module.registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'vitest' && context.parentURL?.startsWith(SERVER)) return { url: TESTS, shortCircuit: true };
    const found = next(specifier, context);
    if (!found.url.startsWith(SERVER) || !found.url.endsWith('.ts')) return found;
    // A test file says what it tests when it is loaded.
    const version = found.url.endsWith('.test.ts') ? `${generation}.${testRuns}` : generation;
    return { ...found, url: `${found.url}?${version}` };
  },
  load(url, context, next) {
    if (!url.startsWith(SERVER) || !/\.ts\?[\d.]+$/.test(url)) return next(url, context);
    return { format: 'module', source: codeOf(fileURLToPath(url.replace(/\?.*/, ''))), shortCircuit: true };
  },
});

// What is put into databases the server reads by itself.
const { readFileSync: readReally } = fs;
fs.readFileSync = ((...given: Parameters<typeof readReally>) =>
  (given[0] instanceof URL && texts.get(pathOf(fileURLToPath(given[0])))) || readReally(...given)) as typeof readReally;
module.syncBuiltinESMExports();

process.on('message', (job: Job) => {
  void ('survey' in job ? survey(job) : test(job)).then((report: Report) => process.send!(report));
});

/** Whether something goes on in this process that has nothing to do with what comes next. */
let isSpent = false;
let giveUp: ((error: unknown) => void) | undefined;
const spend = (error: unknown) => {
  isSpent = true;
  giveUp?.(error);
};
for (const event of ['uncaughtException', 'unhandledRejection']) process.on(event, spend);

// With who asks, what is asked for is gone.
process.on('disconnect', () => process.exit());
provide('databases', [database]);
await migrateAgain();
process.send!({ isSpent } satisfies Report);

/** The JavaScript of a file: that of an unchanged one is made once. */
function codeOf(file: string): string {
  const text = texts.get(pathOf(file));
  const code = (text === undefined && codes.get(file)) || module.stripTypeScriptTypes(text ?? readFileSync(file, 'utf8'));
  if (text === undefined) codes.set(file, code);
  return code;
}

function pathOf(file: string): string {
  return file.slice(ROOT.length);
}

async function test({ mutant, tests }: Extract<Job, { tests: unknown }>): Promise<Report> {
  const failed = await failingWith(mutant, tests);
  const again = tests.filter(({ name }) => name === failed);
  const isUnreliable = again.length > 0 && (await failing(again)) !== undefined;
  return { failed, isUnreliable, isSpent };
}

async function failingWith(mutant: Mutant, tests: readonly Timed[]): Promise<string | undefined> {
  const isInDatabase = mutant.file.endsWith('.sql') || mutant.file === FIELDS;
  texts.set(mutant.file, edited(readFileSync(ROOT + mutant.file, 'utf8'), [mutant]));
  generation = ++generations;
  try {
    if (isInDatabase) await withinTime(migrateAgain());
    return await failing(tests);
  } catch {
    return 'the database';
  } finally {
    texts.clear();
    generation = 0;
    if (isInDatabase) await migrateAgain();
  }
}

/** Brings the database to what the texts say: functions, and what they take from the fields. */
async function migrateAgain(): Promise<void> {
  const { migrate } = await import(`${SERVER}src/db/migrate.ts`);
  await migrate(database.connection);
}

async function query(sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client(database.connection);
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

/** How long the last check or test file took, without the server that it ran against. */
let tookMs = 0;

/** Runs checks and test files with the texts, one after the other, until one fails. @returns that one. */
async function failing(tests: readonly Timed[]): Promise<string | undefined> {
  try {
    const { TestServer } = await import(`${SERVER}test/support/server.ts`);
    const server = new TestServer(database, { notesUses: true });
    try {
      await withinTime(server.start());
      const [one, two] = [await server.workspace(), await server.workspace()];
      const subject = { baseUrl: server.url, apiKey: one.key, otherApiKey: two.key };
      // What every start reaches tells nothing of a test.
      reached.clear();
      for (const { name, milliseconds } of tests) {
        limit = TIME_LIMIT_MS + TIME_LIMIT_FACTOR * milliseconds;
        const start = performance.now();
        const passed = await (name.endsWith('.test.ts') ? passesTests(name) : passesCheck(name, subject)).catch(() => false);
        tookMs = performance.now() - start;
        if (!passed) return name;
      }
    } finally {
      await withinTime(server.stop());
    }
  } catch {
    return 'its start or its end';
  }
  return undefined;
}

async function passesTests(file: string): Promise<boolean> {
  testRuns++;
  await runTestFile(
    () => import(SERVER + file),
    (work) => withinTime(Promise.resolve().then(work)),
  );
  return true;
}

async function passesCheck(name: string, subject: { baseUrl: string; apiKey: string; otherApiKey: string }): Promise<boolean> {
  const [result] = await withinTime(runConformance({ ...subject, only: (check) => check.name === name }));
  return result!.outcome !== 'failed';
}

async function withinTime<Value>(work: Promise<Value>): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  giveUp = reject;
  const timer = setTimeout(() => spend(new Error('takes too long')), limit);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    giveUp = undefined;
  }
}

/** What each check and test file reaches, and which of them fail although nothing is changed. */
async function survey({ survey: files, part, parts }: Extract<Job, { survey: unknown }>): Promise<Report> {
  for (const file of files) texts.set(file, marked(file, readFileSync(ROOT + file, 'utf8')).text);
  (globalThis as { reached?: unknown }).reached = (file: string, block: number) => reached.add(`${file} ${block}`);
  await query(`alter database ${database.connection.database} set track_functions = 'all'`);
  const reach: Record<string, Reach> = {};
  const failed: string[] = [];
  generation = ++generations;
  await functionsCalled(database.connection);
  const checks = CHECKS.filter(({ area, name, skip }) => !skip && !BESIDE.has(area) && !BEFORE.test(name)).map(({ name }) => name);
  const areas = new Map(CHECKS.map(({ area, name }) => [name, area]));
  // A server in a process of its own has no mutant in it, and would outlive this one.
  const testFiles = globSync('{src/leads,test}/*.test.ts', { cwd: fileURLToPath(SERVER) }).filter(
    (name) => !/ServerProcess|spawn\(/.test(readFileSync(new URL(name, SERVER), 'utf8')),
  );
  for (const name of [...checks, ...testFiles].filter((_, i) => i % parts === part)) {
    // The second time shows what a check takes at a server that has answered before, as one does that more than one check is run against.
    const times = name.endsWith('.test.ts') ? 1 : 2;
    const tests = Array.from({ length: times }, () => ({ name, milliseconds: LONGEST_MS }));
    if ((await failing(tests)) !== undefined) failed.push(name);
    else
      reach[name] = {
        area: areas.get(name) ?? 'tests',
        milliseconds: tookMs,
        blocks: [...reached],
        functions: await functionsCalled(database.connection),
      };
  }
  return { reach, failing: failed, isSpent: true };
}
