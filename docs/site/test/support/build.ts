import { execFile } from 'node:child_process';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SITE = fileURLToPath(new URL('../../', import.meta.url));
const ASTRO = fileURLToPath(new URL('../../../../node_modules/.bin/astro', import.meta.url));
/** Beside the site that a developer has built. */
const FOLDER = '.cache/site';

/** Where the built site is. */
export const DIST = join(SITE, FOLDER);

/** Builds the site for a server, and returns the HTML of its pages by their paths. */
export async function buildSite(serverUrl: string): Promise<ReadonlyMap<string, string>> {
  // The test runner's own variables (DEV, MODE, NODE_ENV) would make it a development build, without search.
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, ASTRO_TELEMETRY_DISABLED: '1', LEADS_SERVER_URL: serverUrl };
  await promisify(execFile)(process.execPath, [ASTRO, 'build', '--outDir', FOLDER], { cwd: SITE, env });
  const files = await Array.fromAsync(glob('**/*.html', { cwd: DIST }));
  return new Map(
    await Promise.all(
      files.map(async (file) => [`/${file.replace(/index\.html$/, '')}`, await readFile(join(DIST, file), 'utf8')] as const),
    ),
  );
}
