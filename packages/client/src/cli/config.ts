import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';

/** Where a server is and who one is there. */
export interface Profile {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** The profile that is meant where none is named. */
export const DEFAULT_PROFILE = 'default';

type Profiles = Record<string, Profile>;

/** Where the profiles are kept. */
export function configFile({ env }: Io): string {
  return join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'leads', 'config.json');
}

/** The profiles that were logged in. @throws {CliError} where others can read the file, or it is damaged. */
export function readProfiles(io: Io): Profiles {
  const file = configFile(io);
  const mode = statSync(file, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) return {};
  // Windows has no such modes.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new CliError(
      `Others can read ${file}, which holds API keys, so it is not used.`,
      `Make it yours alone: chmod 600 ${file}`,
      EXIT.key,
    );
  try {
    const { profiles } = JSON.parse(readFileSync(file, 'utf8')) as { profiles: Profiles };
    if (typeof profiles === 'object' && profiles !== null) return profiles;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new CliError(`${file} is damaged.`, 'Delete it, and log in again: leads login', EXIT.key);
}

/** Keeps a profile in a file that only its owner can read; null forgets it. Either the old file is there or the new one. */
export function writeProfile(io: Io, name: string, profile: Profile | null): void {
  const { [name]: _, ...others } = readProfiles(io);
  const profiles = profile ? { ...others, [name]: profile } : others;
  const file = configFile(io);
  if (Object.keys(profiles).length === 0) return rmSync(file, { force: true });
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const written = `${file}.${process.pid}`;
  const handle = openSync(written, 'wx', 0o600);
  try {
    writeSync(handle, `${JSON.stringify({ profiles }, null, 2)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(written, file);
}
