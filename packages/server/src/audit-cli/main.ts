#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseHeads, signedHeads } from '../audit/audit-heads.ts';
import { verifyAudit } from '../audit/verify-audit.ts';
import { ConfigError, readSettings } from '../config.ts';
import { useServerDatabase } from '../db/use-server-database.ts';
import { explainStart } from '../start-error.ts';

const USAGE = `Checks the audit log of every workspace, also while the server is running.

  npx leads-audit heads > heads.ndjson
  npx leads-audit verify [--against heads.ndjson] [--json]

verify computes the hash of every entry anew. It ends with 1 where an entry was changed, is missing, or was not written by the
server. heads prints the ends of the chains, signed: keep them where nobody can write who may write to the database. Whoever owns
the database could replace a whole chain, or cut off its end, but not so that a head that was kept is still on it: --against finds it.

It uses the database of the server's settings: DATABASE_URL, else LEADS_DATA_DIR.`;

class UsageError extends Error {}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, against: { type: 'string' } },
  });
  const [command, ...more] = positionals;
  if (more.length > 0 || (command !== 'verify' && command !== 'heads')) throw new UsageError(USAGE);
  if (command === 'heads') await printHeads();
  else await verify(values.json, values.against);
} catch (error) {
  const isParsing = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  const isUsage = isParsing || error instanceof UsageError;
  console.error(isUsage ? error.message : explainStart(error));
  process.exitCode = isUsage || error instanceof ConfigError ? 2 : 1;
}

async function printHeads(): Promise<void> {
  const heads = await useServerDatabase(readSettings(process.env), (db) => signedHeads(db, new Date()));
  for (const head of heads) console.log(JSON.stringify(head));
}

async function verify(json: boolean, against: string | undefined): Promise<void> {
  const kept = against === undefined ? [] : readKept(against);
  const result = await useServerDatabase(readSettings(process.env), (db) => verifyAudit(db, kept));
  if (json) console.log(JSON.stringify(result, null, 2));
  else {
    for (const { workspaceId, chain, seq, hash } of result.heads)
      console.log(`${workspaceId} chain ${chain} ends at entry ${seq}: ${hash}`);
    for (const problem of result.problems) console.error(problem);
    console.log(`Entries checked: ${result.entries}. Problems: ${result.problems.length}.`);
  }
  if (result.problems.length > 0) process.exitCode = 1;
}

function readKept(file: string) {
  try {
    return parseHeads(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}
