import { readdirSync, readFileSync } from 'node:fs';

/** The SQL files of a folder beside this file, in the order of their names. */
export function sqlFiles(folder: 'migrations/' | 'functions/' | 'fragments/'): { name: string; sql: string }[] {
  const url = new URL(folder, import.meta.url);
  return readdirSync(url)
    .toSorted()
    .map((file) => ({ name: file.replace('.sql', ''), sql: readFileSync(new URL(file, url), 'utf8') }));
}
