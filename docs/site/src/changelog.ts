import { glob, readFile } from 'node:fs/promises';
import { basename } from 'node:path';

/** A change that is described for those who upgrade. */
export interface Change {
  /** The packages that it is in, each with the kind of version that it asks for. */
  readonly packages: readonly { readonly name: string; readonly kind: string }[];
  /** Markdown. */
  readonly text: string;
}

const ROOT = '../../';

/** The changes of the next version, as `npx changeset` has written them. */
export async function nextChanges(): Promise<Change[]> {
  const files = (await Array.fromAsync(glob('.changeset/*.md', { cwd: ROOT }))).filter((file) => basename(file) !== 'README.md').toSorted();
  return Promise.all(
    files.map(async (file) => {
      const [, head, text] = /^---\n(.*?)---\n(.*)$/s.exec(await readFile(ROOT + file, 'utf8'))!;
      const packages = [...head!.matchAll(/^'([^']+)': (\w+)$/gm)].map(([, name, kind]) => ({ name: name!, kind: kind! }));
      return { packages, text: text!.trim() };
    }),
  );
}

/** The changes of the versions that are out, as Markdown by package. */
export async function releasedChanges(): Promise<{ readonly name: string; readonly text: string }[]> {
  const files = (await Array.fromAsync(glob('packages/*/CHANGELOG.md', { cwd: ROOT }))).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const [, name, text] = /^# (.+?)\n(.*)$/s.exec(await readFile(ROOT + file, 'utf8'))!;
      return { name: name!, text: text!.trim() };
    }),
  );
}
