import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/** What a test run makes that outlives it where it is ended early. */
export interface LeftBehind {
  readonly folder?: string;
  /** The databases on a PostgreSQL server whose names begin with `prefix`. */
  readonly databases?: { readonly server: string; readonly prefix: string };
}

const PROGRAM = fileURLToPath(new URL('./clean-up.mjs', import.meta.url));

/** Takes it away when this process ends, however it ends: another process waits for that. */
export function cleanUpAtEnd(left: LeftBehind): void {
  const cleaner = spawn(process.execPath, [PROGRAM, JSON.stringify(left)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  cleaner.unref();
  (cleaner.stdin as Socket).unref();
}
