/**
 * `npm run compat`: what changed in the document since the last release, as `docs/guides/evolution.md` sees it. It fails when a
 * change breaks somebody and no changeset says `major` for the contract.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readChangesets } from '@changesets/read';
import { adviceOn } from './advice.ts';
import { baseDocument } from './base.ts';
import { type Change, compare } from './compare.ts';
import type { Document } from './comparable.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** The package whose version is that of the contract. */
const CONTRACT = '@leads/contract';

const base = baseDocument();
if (!base) {
  console.log('Nothing to compare with: there is no release yet, and no earlier commit here.');
  process.exit(0);
}
const text = readFileSync(`${root}docs/openapi.json`, 'utf8');
const changes = compare(base.document, JSON.parse(text) as Document);
for (const change of changes) console.log(report(change));
const breaking = changes.filter(({ verdict }) => verdict === 'breaking').length;
const words = changes.length === 0 && text.trim() !== JSON.stringify(base.document, null, 2) ? ', other words' : '';
console.log(`Since ${base.name}: ${breaking} breaking, ${changes.length - breaking} added${words}.`);
if (breaking > 0) {
  const changesets = await readChangesets(root);
  const major = changesets.find(({ releases }) => releases.some(({ name, type }) => name === CONTRACT && type === 'major'));
  if (major) console.log(`.changeset/${major.id}.md says that the next release is a major one.`);
  else {
    console.error(
      `What breaks needs a changeset with \`'${CONTRACT}': major\`: npx changeset. What may change without: docs/guides/evolution.md`,
    );
    process.exitCode = 1;
  }
}

function report({ verdict, rule, message, where, operations }: Change): string {
  const [first, ...more] = operations;
  const place = [first, where].filter(Boolean).join(', ') + (more.length > 0 ? ` (and ${more.length} more: ${more.join(', ')})` : '');
  if (verdict === 'addition') return `+ ${place}: ${message}`;
  const { breaks, instead } = adviceOn(rule!);
  return `✗ ${place}: ${message}\n    Breaks ${breaks}.\n    Without breaking: ${instead}.`;
}
