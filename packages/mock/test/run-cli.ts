import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));

/** Starts `leads-mock` in a process of its own. */
export function runCli(env: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, [CLI, ...args], { env: { ...process.env, HOST: '', ...env } });
  return { child, output: text(child.stdout), errors: text(child.stderr), ended: once(child, 'exit') };
}
