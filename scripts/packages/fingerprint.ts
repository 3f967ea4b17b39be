import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file of a build that says which sources it is of. */
export const FINGERPRINT_FILE = '.sources';

/** What names the sources in a folder: another one as soon as one of them is. */
export function fingerprintOf(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !isTest(entry.name));
  for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).toSorted()) {
    hash.update(path.slice(folder.length)).update('\0').update(readFileSync(path));
  }
  return hash.digest('base64url');
}

/** What is not published. */
function isTest(name: string): boolean {
  return name.endsWith('.test.ts');
}
