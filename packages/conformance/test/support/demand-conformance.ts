import { expect } from 'vitest';
import { CHECKS, runConformance, tableOf } from '../../src/index.ts';

/** What holds for a subject that keeps nothing between two requests. */
export const WITHOUT_STATE = new Set(CHECKS.filter(({ stateless }) => stateless).map(({ name }) => name));

/** Whether there is time for all of it, as in `npm run test:more`. */
export const IS_WHOLE = process.env['LEADS_TEST_MORE'] !== undefined;

/** All but random changes, which take as long as the rest. */
const WITHOUT_RANDOM_CHANGES = CHECKS.filter(({ area }) => area !== 'random changes').map(({ name }) => name);

/** For the server: all where there is time. */
export const OF_THE_SERVER = IS_WHOLE ? undefined : new Set(WITHOUT_RANDOM_CHANGES);

/** For the mock, which is the server's own core on the slower database: every third, and where there is time all but random changes. */
export const OF_THE_MOCK = new Set(WITHOUT_RANDOM_CHANGES.filter((_, i) => IS_WHOLE || i % 3 === 0));

/** A subject passes every check, or every one of some, as all the others do: so they agree in each. */
export async function demandConformance(
  subject: string,
  baseUrl: string,
  keys: { apiKey: string; otherApiKey: string },
  only: ReadonlySet<string> = new Set(CHECKS.map(({ name }) => name)),
): Promise<void> {
  const results = await runConformance({ baseUrl, ...keys, only: ({ name }) => only.has(name) });
  console.log(`${subject}, ${only.size} of ${CHECKS.length} checks: ${tableOf(results)}`);
  expect(new Set(results.map(({ name }) => name))).toEqual(only);
  expect(results.filter(({ outcome }) => outcome === 'failed').map(({ name, message }) => `${name}: ${message}`)).toEqual([]);
}
