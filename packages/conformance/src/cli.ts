#!/usr/bin/env node
/** `leads-conformance`: checks a server against the contract. Exits with 1 where something fails, with 2 where it cannot begin. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { countResults, junitOf, tableOf } from './report.ts';
import { CannotBegin, runConformance } from './run-conformance.ts';

const HELP = `Checks any implementation of the Leads API against the contract.

  leads-conformance --base-url http://127.0.0.1:3000 --api-key sk-workspace_…

  --base-url        where the server listens
  --api-key         a key with every scope; what is made with it is taken away in the end (LEADS_API_KEY instead)
  --other-api-key   a key with every scope of another workspace, to check that the two cannot see each other (LEADS_OTHER_API_KEY)
  --only            run only the checks whose name contains this, such as "leads.delete"
  --seed            of the random requests; 1 when left out
  --json, --junit   write a report into this file

It makes some 20,000 requests: give the server a rate limit of 30,000 or more, or none (RATE_LIMIT_PER_HOUR=0).
Use a workspace for tests: its audit log, jobs, revoked keys, and receipts of what was deleted, stay.`;

const { values, problem } = readArguments();
const apiKey = values['api-key'] ?? process.env['LEADS_API_KEY'];
if (values.help) console.log(HELP);
else if (problem) refuse(problem);
else if (!values['base-url'] || !/^https?:\/\//.test(values['base-url']) || !URL.canParse(values['base-url'])) {
  refuse('--base-url must be an address such as http://127.0.0.1:3000');
} else if (!apiKey) refuse('--api-key or LEADS_API_KEY must be given');
else if (values.seed !== undefined && !/^\d{1,9}$/.test(values.seed)) refuse('--seed must be a number');
else {
  await check(values['base-url'], apiKey).catch((error: unknown) => {
    if (!(error instanceof CannotBegin)) throw error;
    refuse(error.message);
  });
}

async function check(baseUrl: string, key: string): Promise<void> {
  const { only } = values;
  const results = await runConformance({
    baseUrl,
    apiKey: key,
    otherApiKey: values['other-api-key'] ?? process.env['LEADS_OTHER_API_KEY'],
    seed: Number(values.seed ?? 1),
    ...(only !== undefined && { only: ({ name }) => name.includes(only) }),
  });
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ baseUrl, ...countResults(results), results }, null, 2)}\n`);
  if (values.junit) writeFileSync(values.junit, junitOf(results));
  console.log(tableOf(results));
  const { passed, failed } = countResults(results);
  if (failed > 0) process.exitCode = 1;
  else if (passed === 0) refuse('No check ran.');
}

function refuse(message: string): void {
  console.error(`${message}\nleads-conformance --help says more.`);
  process.exitCode = 2;
}

function readArguments() {
  const text = { type: 'string' } as const;
  const options = {
    'base-url': text,
    'api-key': text,
    'other-api-key': text,
    only: text,
    seed: text,
    json: text,
    junit: text,
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return { values: parseArgs({ options }).values, problem: undefined };
  } catch (error) {
    return { values: parseArgs({ options, args: [] }).values, problem: (error as Error).message };
  }
}
