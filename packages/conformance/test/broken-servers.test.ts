import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Caller, useServer } from '../../server/test/support/server.ts';
import { runConformance } from '../src/index.ts';
import { changeDefects } from './defects/changes.ts';
import { deletionDefects } from './defects/deletion.ts';
import { httpDefects } from './defects/http.ts';
import { leadDefects } from './defects/leads.ts';
import { listDefects } from './defects/lists.ts';
import { repeatingDefects } from './defects/repeating.ts';
import { type Defect, startBrokenServer } from './support/broken-server.ts';
import { IS_WHOLE } from './support/demand-conformance.ts';

const ALL: readonly Defect[] = [...httpDefects, ...leadDefects, ...listDefects, ...deletionDefects, ...repeatingDefects, ...changeDefects];
const isSlow = ({ caughtBy }: Defect) => caughtBy.startsWith('stateful: ');
/** One for each check that must catch some: of these every second, and every fourth of those that take seconds; all of them where there is time. */
const ONE_EACH = [...new Map(ALL.map((each) => [each.caughtBy, each])).values()];
const DEFECTS = IS_WHOLE ? ALL : ONE_EACH.filter((each, i) => i % (isSlow(each) ? 4 : 2) === 0);

const right = useServer(inject('databases').at(-1)!, { notesUses: true });
let server: Awaited<ReturnType<typeof startBrokenServer>>;
let [one, two]: Caller[] = [];
beforeAll(async () => {
  [one, two] = [await right.workspace(), await right.workspace()];
  server = await startBrokenServer(right.url, `Bearer ${one.key}`);
});
afterAll(() => server.close());

const run = (names: ReadonlySet<string>) =>
  runConformance({ baseUrl: server.url, apiKey: one!.key, otherApiKey: two!.key, only: ({ name }) => names.has(name) });

describe('a server with a defect', () => {
  it('passes without it', async () => {
    server.become(undefined);
    // The server itself passes all of them; that the proxy breaks none is tried with every third, and with all where there is time.
    const tried = DEFECTS.filter((each, i) => IS_WHOLE || (!isSlow(each) && i % 3 === 0));
    const names = new Set(tried.map(({ caughtBy }) => caughtBy));
    const results = await run(names);
    expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(new Set(results.map(({ name }) => name))).toEqual(names);
  });

  it.each(DEFECTS.map((each) => [each.what, each.caughtBy, each] as const))('%s is caught by: %s', async (_, name, each) => {
    server.become(each);
    expect(await run(new Set([name]))).toEqual([expect.objectContaining({ name, outcome: 'failed' })]);
  });
});
