import { readFileSync } from 'node:fs';

/** The version of the package. */
export function version(): string {
  // The same distance from the sources and from what is built of them.
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}
