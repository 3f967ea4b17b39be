import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is read of a package's manifest. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** Where the repository is. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The packages that others install, by their folders in `packages`. */
export const PACKAGES: readonly string[] = readdirSync(join(ROOT, 'packages'));

/** The folder of a package. */
export function folderOf(name: string): string {
  return join(ROOT, 'packages', name);
}

/** The manifest of a package in the workspace. */
export function manifestOf(name: string): Manifest {
  return JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8')) as Manifest;
}
