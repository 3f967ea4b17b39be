import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, ROOT } from './workspace.ts';

/** The guides that are published as the README of a package: all that there is to say of it. */
const GUIDES: Readonly<Record<string, { readonly path: string; readonly title: string }>> = {
  client: { path: 'docs/guides/client.md', title: 'The client of the Leads API' },
};

/** The README of a package for those who have the package alone: what it links to in the repository is only named. */
export function publishedReadme(name: string): string {
  const guide = GUIDES[name];
  const text = readFileSync(guide ? join(ROOT, guide.path) : join(folderOf(name), 'README.md'), 'utf8');
  const titled = guide ? text.replace(/^---\n.*?\n---\n/s, `# ${guide.title}\n`) : text;
  return titled.replace(/\[([^\]]+)\]\((?!https?:|#)[^)]+\)/g, '$1');
}
