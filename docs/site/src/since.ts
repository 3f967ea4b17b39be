import { existsSync, readFileSync } from 'node:fs';
import { described, SINCE, type Since } from '../../../scripts/since.ts';
import { nextChanges } from './changelog.ts';

const ROOT = '../../';
const KINDS = ['patch', 'minor', 'major'];
const released: Since = existsSync(ROOT + SINCE) ? (JSON.parse(readFileSync(ROOT + SINCE, 'utf8')) as Since) : {};

/** What has a version. */
export type Described = keyof ReturnType<typeof described>;

/** The version that the changesets ask for, in which there is what is not released yet. */
export const NEXT_VERSION = await nextVersion();

/** The version since which something is there. */
export function sinceOf(kind: Described, name: string): { readonly version: string; readonly isReleased: boolean } {
  const version = released[kind]?.[name];
  return { version: version ?? NEXT_VERSION, isReleased: version !== undefined };
}

async function nextVersion(): Promise<string> {
  const { version } = JSON.parse(readFileSync(`${ROOT}packages/contract/package.json`, 'utf8')) as { version: string };
  const kinds = (await nextChanges()).flatMap(({ packages }) => packages.map(({ kind }) => KINDS.indexOf(kind)));
  const place = 2 - Math.max(...kinds, 0);
  return version
    .split('.')
    .map((part, at) => (at < place ? part : at === place ? Number(part) + 1 : 0))
    .join('.');
}
