import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { API_KEY } from '../test/crash/api-key.ts';
import { checkLeads } from '../test/crash/check-leads.ts';
import { findEarlierVersion } from '../test/crash/earlier-version.ts';
import { Figures } from '../test/crash/figures.ts';
import { freePort } from '../test/support/free-port.ts';
import { Ledger } from '../test/crash/ledger.ts';
import { type Load, startLoad } from '../test/crash/load.ts';
import { createDatabase, findPostgres } from '../test/crash/own-database.ts';
import { MAIN, ServerProcess } from '../test/crash/server-process.ts';
import { until } from '../test/crash/until.ts';

/** How much each writer gets done in each phase. */
const WRITES = 15;
const WRITERS = 4;

const postgres = await findPostgres();
const earlier = 'missing' in postgres ? postgres : findEarlierVersion();
if ('missing' in earlier) console.warn(`Two versions at once are not tried: ${earlier.missing}`);

describe.skipIf('missing' in earlier)('the earlier version and this one', () => {
  const before = earlier as Exclude<typeof earlier, { missing: string }>;
  afterAll(() => before[Symbol.dispose]?.());

  test('serve one database at once, from before it is brought up to date, and the ledger is exact', async () => {
    await using own = await createDatabase((postgres as { url: string }).url);
    const data = { DATABASE_URL: own.url };
    const ledger = new Ledger();
    const figures = new Figures();
    const startOld = async () => ServerProcess.start(await freePort(), API_KEY, data, 'warn', before.server);
    const startNew = async () => ServerProcess.start(await freePort(), API_KEY, data);

    await using old = await startOld();
    const onOld = startLoad(old, ledger, { writers: WRITERS });
    await progress(onOld);
    await using present = await startNew();
    const onNew = startLoad(present, ledger, { writers: WRITERS, firstOwner: WRITERS });
    await progress(onOld, onNew);
    // As when a machine fails in the middle of it: another of the earlier version, and then another of this one.
    await using oldAgain = await startOld();
    const onOldAgain = startLoad(oldAgain, ledger, { writers: WRITERS, firstOwner: 2 * WRITERS });
    await progress(onOld, onNew, onOldAgain);
    await using newAgain = await startNew();
    const onNewAgain = startLoad(newAgain, ledger, { writers: WRITERS, firstOwner: 3 * WRITERS });
    const loads = [onOld, onNew, onOldAgain, onNewAgain];
    await progress(...loads);
    for (const load of loads) await load.end(figures);

    const writers = loads.flatMap((load) => load.writers);
    figures.blame(writers.flatMap(({ unanswered }) => (unanswered ? [`a request got no answer: ${unanswered.failure}`] : [])));
    if (figures.open > 0) figures.blame([`${figures.open} writes were refused`]);
    for (const server of [old, present, oldAgain, newAgain]) figures.blame(await checkLeads(server.url, API_KEY, ledger));
    expect(figures.problems).toEqual([]);
    console.log(`${before.revision}: ${figures.summary()[0]}`);
  });

  test('the earlier version does all that it promises on the database of this one', async () => {
    await using own = await createDatabase((postgres as { url: string }).url);
    const data = { DATABASE_URL: own.url };
    await using old = await ServerProcess.start(await freePort(), API_KEY, data, 'warn', before.server);
    await using present = await ServerProcess.start(await freePort(), API_KEY, data);
    // One successful call of each operation, by the suite of its own version.
    const args = [before.conformance, '--base-url', old.url, '--api-key', API_KEY, '--only', ' success'];
    const { stdout } = await promisify(execFile)(process.execPath, args).catch((error: { stdout: string }) => error);
    expect(stdout).toMatch(/^[1-9]\d* passed, 0 failed/m);
    expect(await present.answersReady()).toBe(true);
  });

  test('functions that changed since come with a migration, by which the earlier version knows that they are not its own', () => {
    const [was, is] = [before.server, MAIN].map((main) => ({ functions: sqlOf(main, 'functions'), migrations: sqlOf(main, 'migrations') }));
    const isAdded = [...is!.migrations.keys()].some((name) => !was!.migrations.has(name));
    if (!isAdded) expect(is!.functions).toEqual(was!.functions);
    for (const [name, sql] of was!.migrations) expect(is!.migrations.get(name), name).toBe(sql);
  });
});

/** The texts of the files in a folder of `src/db` of a version, by their names. */
function sqlOf(main: string, folder: string): Map<string, string> {
  const path = join(main, '../db', folder);
  return new Map(readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')]));
}

/** Waits until each writer has got some more done, or has nothing more to say. */
function progress(...loads: readonly Load[]): Promise<boolean> {
  const writers = loads.flatMap((load) => load.writers);
  const already = new Map(writers.map((writer) => [writer, writer.acknowledged]));
  return until('every writer gets on', () => writers.every((each) => each.unanswered || each.acknowledged >= already.get(each)! + WRITES));
}
