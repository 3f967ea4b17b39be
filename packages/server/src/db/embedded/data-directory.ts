import { accessSync, constants, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StartError } from '../../start-error.ts';

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file',
  ENOTDIR: 'it would lie under a file',
  EROFS: 'it lies on a file system that is read-only',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  ENOENT: 'no directory can be made there',
  ENOSPC: 'its disk is full',
  EDQUOT: 'the space of this user is used up',
};

/** The data directory cannot be made, read or written. */
export class DataDirectoryError extends StartError {
  override readonly name = 'DataDirectoryError';

  constructor(dataDir: string, cause: unknown) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    super(
      `The data directory ${dataDir} cannot be used: ${REASONS[code] ?? message}. Set LEADS_DATA_DIR to a directory that this user may write to.`,
      { cause },
    );
  }
}

/**
 * Makes the data directory where it is missing (mode 0700), and answers its real path.
 * @throws {DataDirectoryError} where it cannot be made or used.
 */
export function ensureDataDirectory(dataDir: string): string {
  try {
    makeDirectory(resolve(dataDir));
    const real = realpathSync(dataDir);
    accessSync(real, constants.R_OK | constants.W_OK | constants.X_OK);
    return real;
  } catch (error) {
    throw new DataDirectoryError(dataDir, error);
  }
}

// Not with `recursive`: where a parent cannot be made, as under /proc, that never ends.
function makeDirectory(path: string): void {
  if (isDirectory(path)) return;
  if (!existsSync(dirname(path))) makeDirectory(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Somebody else was faster.
    if (!isDirectory(path)) throw error;
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
