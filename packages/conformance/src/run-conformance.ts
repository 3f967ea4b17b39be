import { Caller } from './caller.ts';
import type { Check, Context } from './check.ts';
import { boundChecks } from './checks/bounds.ts';
import { deletionChecks } from './checks/deletion.ts';
import { documentedAnswerChecks } from './checks/documented-answers.ts';
import { httpChecks } from './checks/http.ts';
import { isolationChecks } from './checks/isolation.ts';
import { leadChecks } from './checks/leads.ts';
import { listChecks } from './checks/lists.ts';
import { randomChecks } from './checks/random.ts';

/** Every check, in the order in which they run. */
export const CHECKS: readonly Check[] = [
  ...documentedAnswerChecks,
  ...leadChecks,
  ...deletionChecks,
  ...listChecks,
  ...httpChecks,
  ...isolationChecks,
  ...boundChecks,
  ...randomChecks,
];

/** What is checked, and who asks. */
export interface ConformanceOptions {
  /** The address of the server, such as `http://127.0.0.1:3000`. */
  readonly baseUrl: string;
  /** A key with every scope. What is made with it is taken away in the end. */
  readonly apiKey: string;
  /** A key with every scope of another workspace; without it the checks of isolation are skipped. */
  readonly otherApiKey?: string | undefined;
  /** Makes the random requests repeatable; 1 by default. */
  readonly seed?: number | undefined;
  /** Which checks run; all by default. */
  readonly only?: ((check: Check) => boolean) | undefined;
  /** Called after each check. */
  readonly onResult?: ((result: Result) => void) | undefined;
}

/** What became of one check. */
export interface Result {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it failed or was skipped. */
  readonly message: string | null;
  readonly milliseconds: number;
}

/** Runs the checks, one after the other, and cleans up. A check that fails does not keep others from running. */
export async function runConformance({
  baseUrl,
  apiKey,
  otherApiKey,
  seed = 1,
  only = () => true,
  onResult,
}: ConformanceOptions): Promise<Result[]> {
  const url = baseUrl.replace(/\/+$/, '');
  const caller = new Caller(url, apiKey);
  const other = otherApiKey === undefined ? undefined : new Caller(url, otherApiKey);
  const results: Result[] = [];
  try {
    for (const check of CHECKS.filter(only)) {
      const result = await resultOf(check, { caller, other, seed });
      results.push(result);
      onResult?.(result);
    }
  } finally {
    await caller.cleanUp();
    await other?.cleanUp();
  }
  return results;
}

async function resultOf(check: Check, context: Context): Promise<Result> {
  const skip = check.skip ?? (check.needsOther && !context.other ? 'needs a key of another workspace' : undefined);
  if (skip) return { name: check.name, outcome: 'skipped', message: skip, milliseconds: 0 };
  const start = performance.now();
  const ended = (outcome: Result['outcome'], message: string | null): Result => ({
    name: check.name,
    outcome,
    message,
    milliseconds: Math.round(performance.now() - start),
  });
  try {
    await check.run(context);
    return ended('passed', null);
  } catch (error) {
    return ended('failed', error instanceof Error ? error.message : String(error));
  }
}
