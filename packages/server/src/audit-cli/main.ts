import { parseArgs } from 'node:util';
import { verifyAudit } from '../audit/verify-audit.ts';
import { ConfigError, readSettings } from '../config.ts';
import { useServerDatabase } from '../db/use-server-database.ts';
import { explainStart } from '../start-error.ts';

const USAGE = `Checks the audit log of every workspace, also while the server is running.

  npm run audit -- verify [--json]

Computes the hash of every entry anew. It ends with 1 where an entry was changed or is missing. Keep the printed ends of the
chains elsewhere: somebody who may write to the database could replace a whole chain, but not so that it ends the same.

It uses the database of the server's settings: DATABASE_URL, else LEADS_DATA_DIR.`;

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
  if (positionals.join(' ') === 'verify') await verify(values.json);
  else {
    console.error(USAGE);
    process.exitCode = 2;
  }
} catch (error) {
  const isUsage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  const expected = isUsage || error instanceof ConfigError;
  console.error(isUsage ? error.message : explainStart(error));
  process.exitCode = expected ? 2 : 1;
}

async function verify(json: boolean): Promise<void> {
  const result = await useServerDatabase(readSettings(process.env), verifyAudit);
  if (json) console.log(JSON.stringify(result, null, 2));
  else {
    for (const { workspaceId, chain, seq, hash } of result.heads)
      console.log(`${workspaceId} chain ${chain} ends at entry ${seq}: ${hash}`);
    for (const problem of result.problems) console.error(problem);
    console.log(
      result.problems.length === 0 ? `All ${result.entries} entries are as they were written.` : `${result.problems.length} problems.`,
    );
  }
  if (result.problems.length > 0) process.exitCode = 1;
}
