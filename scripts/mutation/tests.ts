/** Stands in the place of `vitest` for test files that are loaded here, where one process runs them again and again. */
import { setTimeout as wait } from 'node:timers/promises';
import { expect as vitestExpect } from 'vitest';

export { expectTypeOf, vi } from 'vitest';

type Work = (...args: never[]) => unknown;

interface Suite {
  readonly before: Work[];
  readonly after: Work[];
  readonly beforeEach: Work[];
  readonly afterEach: Work[];
  readonly members: (Suite | (() => unknown))[];
}

const newSuite = (): Suite => ({ before: [], after: [], beforeEach: [], afterEach: [], members: [] });
const provided = new Map<string, unknown>();
let suite = newSuite();
let finished: Work[] = [];

const describeOne = (_name: string, ...given: unknown[]) => {
  const around = suite;
  suite = newSuite();
  around.members.push(suite);
  workOf(given)();
  suite = around;
};
const testOne = (_name: string, ...given: unknown[]) => {
  suite.members.push(() => (workOf(given) as (context: object) => unknown)({}));
};
/** What is done may stand before its options or after them. */
const workOf = (given: readonly unknown[]) => given.find((each) => typeof each === 'function') as Work;
const skipped = () => {};

export const describe = Object.assign(describeOne, forEach(describeOne), {
  skipIf: (isSkipped: unknown) => (isSkipped ? skipped : describe),
  skip: skipped,
});
export const it = Object.assign(testOne, forEach(testOne), { skipIf: (isSkipped: unknown) => (isSkipped ? skipped : it), skip: skipped });
export const test = it;
export const beforeAll = (work: Work) => void suite.before.push(work);
export const afterAll = (work: Work) => void suite.after.push(work);
export const beforeEach = (work: Work) => void suite.beforeEach.push(work);
export const afterEach = (work: Work) => void suite.afterEach.push(work);
export const onTestFinished = (work: Work) => void finished.push(work);
export const inject = (name: string) => provided.get(name);
export const provide = (name: string, value: unknown) => void provided.set(name, value);

/** How long a condition is waited for, and how long from one look to the next, in milliseconds. */
const POLL_MS = 20_000;
const POLL_PAUSE_MS = 20;

/** What vitest's own does in a run of its own only: expects it again and again, until it holds. */
function poll(read: () => unknown, options: { timeout?: number } = {}, isNot = false): object {
  const expected =
    (matcher: string) =>
    async (...args: unknown[]) => {
      const end = performance.now() + (options.timeout ?? POLL_MS);
      for (;;) {
        try {
          const assertion = vitestExpect(await read());
          return ((isNot ? assertion.not : assertion) as unknown as Record<string, (...all: unknown[]) => void>)[matcher]!(...args);
        } catch (error) {
          if (performance.now() > end) throw error;
          await wait(POLL_PAUSE_MS);
        }
      }
    };
  return new Proxy({}, { get: (_, name) => (name === 'not' ? poll(read, options, true) : expected(String(name))) });
}

export const expect = Object.assign((value: unknown, message?: string) => vitestExpect(value, message), vitestExpect, { poll });

function forEach(one: typeof testOne) {
  return {
    each:
      (rows: readonly unknown[]) =>
      (name: string, run: Work, ...rest: unknown[]) => {
        for (const row of rows) one(name, () => (run as (...args: unknown[]) => unknown)(...(Array.isArray(row) ? row : [row])), ...rest);
      },
    for:
      (rows: readonly unknown[]) =>
      (name: string, run: Work, ...rest: unknown[]) => {
        for (const row of rows) one(name, () => (run as (row: unknown) => unknown)(row), ...rest);
      },
  };
}

/** Loads a test file by `load`, and runs its tests, each by `run`. @throws what the first one throws that fails. */
export async function runTestFile(load: () => Promise<unknown>, run: (work: () => unknown) => Promise<unknown>): Promise<void> {
  suite = newSuite();
  await load();
  await runSuite(suite, run, [], []);
}

async function runSuite(
  all: Suite,
  run: (work: () => unknown) => Promise<unknown>,
  before: readonly Work[],
  after: readonly Work[],
): Promise<void> {
  const call = (work: Work) => run(() => work());
  /** What is done before may return what is to be done after. */
  const begin = async (works: readonly Work[], ends: Work[]) => {
    for (const work of works) {
      const end = await call(work);
      if (typeof end === 'function') ends.push(end as Work);
    }
  };
  const ends: Work[] = [];
  const [beforeEvery, afterEvery] = [
    [...before, ...all.beforeEach],
    [...all.afterEach, ...after],
  ];
  try {
    await begin(all.before, ends);
    for (const member of all.members) {
      if (typeof member !== 'function') await runSuite(member, run, beforeEvery, afterEvery);
      else {
        try {
          await begin(beforeEvery, finished);
          await run(member);
        } finally {
          for (const work of [...finished.splice(0).toReversed(), ...afterEvery]) await call(work);
        }
      }
    }
  } finally {
    for (const work of [...all.after.toReversed(), ...ends.toReversed()]) await call(work);
  }
}
