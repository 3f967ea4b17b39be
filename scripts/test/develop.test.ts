import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { develop } from '../dev/develop.ts';

/** Writes down that it was started and, a while after it is told to end, that it ended. */
const PROGRAM = `
  const { appendFileSync } = require('node:fs');
  const [log, name] = process.argv.slice(2);
  process.on('SIGTERM', () => setTimeout(() => { appendFileSync(log, name + ' ended\\n'); process.exit(); }, 20));
  appendFileSync(log, name + ' started\\n');
  setInterval(() => {}, 1_000);`;

let root: string;
let stop: ReturnType<typeof develop>;
const path = (name: string) => join(root, name);
const log = () => readFileSync(path('log'), 'utf8').split('\n').slice(0, -1);
const until = (what: () => unknown) => expect.poll(what).toBe(true);
let marks = 0;

/** What is written down from now on, until a save that comes after all others is taken over. */
async function after(save: () => void, isSeen: (lines: string[]) => boolean): Promise<string[]> {
  const before = log().length;
  save();
  await until(() => isSeen(log().slice(before)));
  const marked = log().length;
  writeFileSync(path('marker/mark.ts'), `${++marks}`);
  await until(() => log().slice(marked).includes('marker started'));
  return log()
    .slice(before)
    .filter((line) => !line.startsWith('marker'));
}

const allStarted = (count: number) => (lines: string[]) => lines.filter((line) => line.endsWith('started')).length === count;

function replaceBy(file: string, text: string): void {
  writeFileSync(path(`${file}.new`), text);
  renameSync(path(`${file}.new`), path(file));
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'leads-develop-'));
  for (const folder of ['contract', 'server', 'mock', 'marker']) {
    mkdirSync(path(folder));
    writeFileSync(path(`${folder}/main.ts`), 'right');
  }
  writeFileSync(path('log'), '');
  writeFileSync(path('program.cjs'), PROGRAM);
  const program = (name: string, ...sources: string[]) => {
    const args = [path('program.cjs'), path('log'), name];
    return { name, folder: root, sources, args, env: process.env };
  };
  stop = develop({
    root,
    contract: 'contract',
    async takeContract() {
      const isRight = !readFileSync(path('contract/main.ts'), 'utf8').includes('wrong');
      writeFileSync(path('log'), `${isRight ? 'taken' : 'refused'}\n`, { flag: 'a' });
      return isRight;
    },
    programs: [
      program('server', 'contract', 'server'),
      program('mock', 'contract', 'server', 'mock'),
      program('marker', 'contract', 'marker'),
    ],
  });
});
afterAll(async () => {
  await stop('SIGTERM');
  rmSync(root, { recursive: true });
});

describe('what is developed', () => {
  it('is started once the contract is taken', async () => {
    await until(() => log().length === 4);
    expect([log()[0], log().slice(1).toSorted()]).toEqual(['taken', ['marker started', 'mock started', 'server started']]);
  });

  /** The ways in which editors and tools save. */
  const WAYS: readonly [name: string, save: (file: string, text: string) => void][] = [
    ['written over', (file, text) => writeFileSync(path(file), text)],
    ['put in the place of the former one', replaceBy],
    ['put in its place once more', replaceBy],
    [
      'emptied, then written',
      (file, text) => {
        writeFileSync(path(file), '');
        writeFileSync(path(file), text);
      },
    ],
    ['touched', (file) => utimesSync(path(file), new Date(), new Date())],
    ['taken away, and put back', (file, text) => (rmSync(path(file)), writeFileSync(path(file), text))],
  ];
  it.each(WAYS)('is started again, once, when a file of it is %s; what is not made of it goes on', async (name, save) => {
    expect(await after(() => save('mock/main.ts', name), allStarted(1))).toEqual(['mock ended', 'mock started']);
  });

  it('is started again for what it imports, and for a new file', async () => {
    const lines = await after(() => writeFileSync(path('server/new.sql'), ''), allStarted(2));
    expect(lines.toSorted()).toEqual(['mock ended', 'mock started', 'server ended', 'server started']);
  });

  it('goes on by the former contract while that is wrong, and takes over all that was saved, once, when it is right', async () => {
    const before = log().length;
    const refused = (times: number) =>
      until(
        () =>
          log()
            .slice(before)
            .filter((line) => line === 'refused').length === times,
      );
    replaceBy('contract/main.ts', 'wrong');
    await refused(1);
    replaceBy('mock/main.ts', 'saved meanwhile');
    await refused(2);
    expect(log().slice(before)).toEqual(['refused', 'refused']);
    const [taken, ...lines] = await after(() => replaceBy('contract/main.ts', 'right'), allStarted(3));
    expect([taken, lines.toSorted()]).toEqual(['taken', ['mock ended', 'mock started', 'server ended', 'server started']]);
  });
});
