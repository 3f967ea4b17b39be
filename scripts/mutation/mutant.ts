import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Change } from './change.ts';
import { codeChanges } from './code-mutants.ts';
import { sqlChanges } from './sql-mutants.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const FUNCTIONS_FOLDER = 'packages/server/src/db/functions/';
const FOLDERS = ['packages/server/src/leads/', FUNCTIONS_FOLDER, 'packages/server/src/db/fragments/'];
/** What does nothing with leads. */
const OTHERS = new Set(['append_audit.sql', 'claim_idempotency_key.sql', 'refuse_audit_change.sql']);

/** A change of one file of the server. */
export interface Mutant extends Change {
  /** Its path in the project. */
  readonly file: string;
  readonly line: number;
}

/** What can be taken out of the server's handling of leads, or of those files of it whose paths have one of these words in them. */
export function mutantsOf(words: readonly string[]): Mutant[] {
  const files = FOLDERS.flatMap((folder) => readdirSync(ROOT + folder).map((name) => ({ name, file: folder + name }))).filter(
    ({ name }) => !name.endsWith('.test.ts'),
  );
  return files
    .filter(({ name, file }) => !OTHERS.has(name) && (words.length === 0 || words.some((word) => file.includes(word))))
    .flatMap(({ file }) => {
      const text = readFileSync(ROOT + file, 'utf8');
      const changes = file.endsWith('.sql') ? sqlChanges(text, []) : codeChanges(file, text);
      const different = new Map(changes.map((change) => [`${change.start} ${change.end} ${change.text}`, change]));
      return [...different.values()].map((change) => ({ ...change, file, line: text.slice(0, change.start).split('\n').length }));
    });
}
