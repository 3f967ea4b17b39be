import { RATE_LIMIT_HEADERS, SCOPES } from '@leads/contract';
import { Caller } from './caller.ts';
import type { Check, Context } from './check.ts';
import { apiKeyChecks } from './checks/api-keys.ts';
import { backupChecks } from './checks/backups.ts';
import { boundChecks } from './checks/bounds.ts';
import { bulkChecks } from './checks/bulk.ts';
import { campaignChecks } from './checks/campaigns.ts';
import { changeChecks } from './checks/changes.ts';
import { comingBackChecks } from './checks/coming-back.ts';
import { csvChecks } from './checks/csv.ts';
import { deletionChecks } from './checks/deletion.ts';
import { documentedAnswerChecks } from './checks/documented-answers.ts';
import { erasingChecks } from './checks/erasing.ts';
import { exclusionChecks } from './checks/exclusions.ts';
import { fieldChecks } from './checks/fields.ts';
import { filterChecks, filteredOrderChecks } from './checks/filters.ts';
import { goneChecks } from './checks/gone.ts';
import { headerChecks } from './checks/headers.ts';
import { httpChecks } from './checks/http.ts';
import { importChecks } from './checks/imports.ts';
import { isolationChecks } from './checks/isolation.ts';
import { leadChecks } from './checks/leads.ts';
import { listChecks } from './checks/lists.ts';
import { manyChecks } from './checks/many.ts';
import { randomChecks } from './checks/random.ts';
import { receiptChecks } from './checks/receipts.ts';
import { repeatingChecks } from './checks/repeating.ts';
import { rightChecks } from './checks/rights.ts';
import { statefulChecks } from './checks/stateful.ts';
import { statsChecks } from './checks/stats.ts';
import { transferChecks } from './checks/transfer.ts';
import { twinChecks } from './checks/twins.ts';
import { type Answer, exchange } from './exchange.ts';

const AREAS: Readonly<Record<string, readonly Check[]>> = {
  'documented answers': documentedAnswerChecks,
  leads: [...leadChecks, ...changeChecks, ...campaignChecks],
  'repeated and late requests': repeatingChecks,
  deletion: [...deletionChecks, ...bulkChecks, ...erasingChecks, ...goneChecks],
  'many at once': manyChecks,
  'coming back': [...comingBackChecks, ...backupChecks],
  receipts: receiptChecks,
  fields: fieldChecks,
  'exports and imports': [...transferChecks, ...importChecks, ...csvChecks],
  lists: listChecks,
  filters: [...filterChecks, ...filteredOrderChecks],
  statistics: statsChecks,
  rights: rightChecks,
  'API keys': apiKeyChecks,
  HTTP: [...headerChecks, ...httpChecks],
  isolation: [...isolationChecks, ...twinChecks],
  bounds: [...boundChecks, ...exclusionChecks],
  'random requests': randomChecks,
  'random changes': statefulChecks,
};

/** Every check with its area, in the order in which they run. */
export const CHECKS: readonly (Check & { readonly area: string })[] = Object.entries(AREAS).flatMap(([area, checks]) =>
  checks.map((check) => ({ ...check, area })),
);

const REMAINING = RATE_LIMIT_HEADERS[1].toLowerCase();
/** How many checks run at a time: one waits for answers for most of its time. */
const AT_ONCE = 3;
/** About how many requests a check makes that says nothing else. */
const REQUESTS_PER_CHECK = 10;

/** Nothing was checked, for a reason that has nothing to do with the contract. */
export class CannotBegin extends Error {
  override readonly name = 'CannotBegin';
}

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
  readonly area: string;
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it failed or was skipped. */
  readonly message: string | null;
  readonly milliseconds: number;
}

/**
 * Runs the checks, three at a time, and cleans up. A check that fails does not keep others from running.
 * @returns the results in the order of the checks.
 * @throws {CannotBegin} where nothing answers, a key is refused or lacks a scope, or its rate limit would be used up before the end,
 * and with it the requests that clean up.
 */
export async function runConformance({
  baseUrl,
  apiKey,
  otherApiKey,
  seed = 1,
  only = () => true,
  onResult,
}: ConformanceOptions): Promise<Result[]> {
  const url = baseUrl.replace(/\/+$/, '');
  const keeper = new Caller(url, apiKey);
  const once = memoized(keeper);
  // Each takes away what it made when there is much of it, and nothing of another's.
  const contexts = Array.from({ length: AT_ONCE }, () => {
    const other = otherApiKey === undefined ? undefined : new Caller(url, otherApiKey);
    return { caller: new Caller(url, apiKey), other, seed, once };
  });
  const checks = CHECKS.filter(only);
  const results: Result[] = [];
  if (checks.length > 0) {
    const requests = checks.filter(({ skip }) => !skip).map((check) => check.requests ?? REQUESTS_PER_CHECK);
    await demandReady(
      url,
      apiKey,
      requests.reduce((sum, each) => sum + each, 0),
    );
    if (otherApiKey !== undefined) await demandReady(url, otherApiKey, 0);
  }
  try {
    if (checks.length > 0) for (const each of [keeper, contexts[0]!.other]) if (each) await demandEveryScope(each);
    const left = checks.entries();
    let counting: Promise<unknown> = Promise.resolve();
    const inTurn = (work: () => Promise<Result>) => {
      const turn = counting.then(work);
      counting = turn;
      return turn;
    };
    // All of them, before what was made is taken away: who is told of a result may throw.
    const ended = await Promise.allSettled(
      contexts.map(async (context) => {
        for (const [place, check] of left) {
          const work = () => resultOf(check, context);
          const result = await (check.countsAll ? inTurn(work) : work());
          await context.caller.tidy();
          await context.other?.tidy();
          results[place] = result;
          onResult?.(result);
        }
      }),
    );
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
  } finally {
    for (const each of [...contexts.flatMap(({ caller, other }) => [caller, other]), keeper]) await each?.cleanUp();
  }
  return results;
}

function memoized(keeper: Caller): Context['once'] {
  const all = new Map<unknown, Promise<unknown>>();
  return <Made>(make: (caller: Caller) => Promise<Made>) => {
    const made = (all.get(make) as Promise<Made> | undefined) ?? make(keeper);
    all.set(make, made);
    return made;
  };
}

async function demandReady(url: string, apiKey: string, requests: number): Promise<void> {
  const request = { method: 'GET', path: '/api/v1/leads?limit=1', headers: { authorization: `Bearer ${apiKey}` } };
  const ask = () =>
    exchange(url, request).catch((error: Error) => {
      throw new CannotBegin(`Nothing answers at ${url}: ${error.message}`);
    });
  const remainingOf = ({ headers }: Answer) => Number(headers[REMAINING] ?? Infinity);
  const [first, second] = [await ask(), await ask()];
  if (second.status === 401) throw new CannotBegin(`A key is refused: ${second.text.slice(0, 200)}`);
  // A mock that shows an example of the header does not count.
  const remaining = remainingOf(second) < remainingOf(first) ? remainingOf(second) : Infinity;
  if (second.status !== 429 && remaining >= requests) return;
  throw new CannotBegin(
    `A key may make ${second.status === 429 ? 'no' : remaining} more requests, and some ${requests} are needed. Run the server with a larger rate limit, or none.`,
  );
}

/** A key may not give another one a scope that it lacks: so one request asks for all. */
async function demandEveryScope(caller: Caller): Promise<void> {
  const body = { name: 'Every scope', scopes: Object.keys(SCOPES) };
  // What else may be wrong with the answer is for the checks to say.
  const answer = await caller.call('apiKeys.create', { body }).catch(() => undefined);
  if (answer?.status === 403) throw new CannotBegin(`A key lacks a scope, and the checks need every one: ${answer.text.slice(0, 200)}`);
}

async function resultOf({ area, ...check }: (typeof CHECKS)[number], context: Context): Promise<Result> {
  const skip = check.skip ?? (check.needsOther && !context.other ? 'needs a key of another workspace' : undefined);
  if (skip) return { area, name: check.name, outcome: 'skipped', message: skip, milliseconds: 0 };
  const start = performance.now();
  const ended = (outcome: Result['outcome'], message: string | null): Result => ({
    area,
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
