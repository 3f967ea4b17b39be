import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const DOCUMENT = `process.stdout.write((await import('@leads/contract')).openApiJson())`;

/** Checks the contract, and generates what is made from it; where it is wrong, says why, writes nothing, and answers false. */
export async function takeContract(root: string): Promise<boolean> {
  try {
    await all(compile(root), validate(root));
    console.log((await run(root, process.execPath, 'scripts/generate.ts')).trim());
    return true;
  } catch (error) {
    console.error(
      `${(error as Error).message}\nThe contract is not taken over: everything goes on by the former one until it is saved again.`,
    );
    return false;
  }
}

/** Waits for each, also where one has failed: none may still be writing when the next contract is taken. Rejects with all that they said. */
async function all(...checks: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(checks)).filter((check) => check.status === 'rejected');
  if (failed.length > 0) throw new Error(failed.map((check) => (check.reason as Error).message).join('\n'));
}

async function compile(root: string): Promise<void> {
  const known = join(root, 'node_modules/.cache/dev/contract.tsbuildinfo');
  await run(root, bin(root, 'tsc'), '--noEmit', '--incremental', '--tsBuildInfoFile', known, '-p', 'packages/contract/tsconfig.build.json');
}

async function validate(root: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'leads-dev-'));
  try {
    const document = join(folder, 'openapi.json');
    await writeFile(document, await run(root, process.execPath, '--input-type=module', '--eval', DOCUMENT));
    await run(root, bin(root, 'redocly'), 'lint', document, '--config', 'redocly.yaml');
  } finally {
    await rm(folder, { recursive: true });
  }
}

function bin(root: string, name: string): string {
  return join(root, 'node_modules/.bin', name);
}

/** What a command writes; rejects with all that it said where it fails. */
async function run(cwd: string, command: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(`${output}${errors}`.trim());
  return output;
}
