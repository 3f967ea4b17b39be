import { execFile } from 'node:child_process';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SITE = fileURLToPath(new URL('../../', import.meta.url));

/** Where the built site is. */
export const DIST = join(SITE, 'dist');

/** Builds the site, and returns the HTML of its pages by their paths. */
export async function buildSite(): Promise<ReadonlyMap<string, string>> {
  // The test runner's own variables (DEV, MODE, NODE_ENV) would make it a development build, without search.
  const { PATH, HOME } = process.env;
  await promisify(execFile)('npm', ['run', 'docs'], { cwd: SITE, env: { PATH, HOME } });
  const files = await Array.fromAsync(glob('**/*.html', { cwd: DIST }));
  return new Map(
    await Promise.all(
      files.map(async (file) => [`/${file.replace(/index\.html$/, '')}`, await readFile(join(DIST, file), 'utf8')] as const),
    ),
  );
}
