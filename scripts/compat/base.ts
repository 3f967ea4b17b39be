/** What the document is compared with. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Document } from './comparable.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The document of the last release, as the release step keeps it. */
export const RELEASED = 'docs/released/openapi.json';

/** A document, and what it is called. */
export interface Base {
  readonly name: string;
  readonly document: Document;
}

/**
 * The document of the last release; before the first, that of the commit where this branch left `main`, and on `main` that of the
 * commit before. Undefined where there is none of them, as in a clone without history.
 */
export function baseDocument(): Base | undefined {
  if (existsSync(`${root}${RELEASED}`)) {
    return { name: 'the last release', document: JSON.parse(readFileSync(`${root}${RELEASED}`, 'utf8')) as Document };
  }
  const head = git('rev-parse', 'HEAD');
  const fork = git('merge-base', 'HEAD', 'main') ?? git('merge-base', 'HEAD', 'origin/main');
  const commit = fork && fork !== head ? fork : git('rev-parse', '--verify', '--quiet', 'HEAD~');
  const text = commit && git('show', `${commit}:docs/openapi.json`);
  return text ? { name: `commit ${commit.slice(0, 7)}`, document: JSON.parse(text) as Document } : undefined;
}

/** What git says; undefined where it refuses. */
function git(...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 26 }).trim();
  } catch {
    return undefined;
  }
}
