import { expect } from 'vitest';
import { CHECKS, runConformance, tableOf } from '../../src/index.ts';

/** What holds for a subject that keeps nothing between two requests. */
export const WITHOUT_STATE = new Set(CHECKS.filter(({ stateless }) => stateless).map(({ name }) => name));

/** All but random changes, which take as long as the rest. */
export const WITHOUT_RANDOM_CHANGES = new Set(CHECKS.filter(({ area }) => area !== 'random changes').map(({ name }) => name));

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
