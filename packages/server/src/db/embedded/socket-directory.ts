import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartError } from '../../start-error.ts';

/** The number in the socket's file name: `pg` asks for one even where there is no TCP port. */
export const SOCKET_PORT = 5432;

// The shortest limit of a socket's path among the systems we run on (macOS), without its final NUL.
const MAX_SOCKET_PATH_BYTES = 103;

/** The file `pg` connects to when its host is the directory `socketDir`. */
export function socketPath(socketDir: string): string {
  return join(socketDir, `.s.PGSQL.${SOCKET_PORT}`);
}

/**
 * Where the socket of an existing data directory lives: a function of its real path alone, so that
 * a second process finds it. It is the data directory itself, or, where that path is too long for a
 * socket, a directory under the system's temporary directory, which need not exist.
 */
export function socketDirectory(dataDir: string): string {
  const real = realpathSync(dataDir);
  if (Buffer.byteLength(socketPath(real)) <= MAX_SOCKET_PATH_BYTES) return real;
  const digest = createHash('sha256').update(real).digest('hex').slice(0, 16);
  return join(tmpdir(), `leads-${digest}`);
}

/**
 * Creates a temporary socket directory unless it exists.
 *
 * @throws when it exists and is not private to this user.
 */
export function ensurePrivateDirectory(socketDir: string): void {
  mkdirSync(socketDir, { recursive: true, mode: 0o700 });
  // The name can be foreseen and the parent is shared: another user may have made it first.
  const stat = lstatSync(socketDir);
  const foreign = stat.uid !== process.getuid?.() || (stat.mode & 0o077) !== 0;
  if (!stat.isDirectory() || foreign) {
    throw new StartError(`The socket directory ${socketDir} is not private to this user. Remove it.`);
  }
}
