import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ScratchCopy } from '../contributing/scratch-copy.ts';
import { edited } from './edited.ts';
import type { Mutant } from './mutant.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** That a name is not used any more says nothing of the condition that used it. */
const UNUSED = new Set(['TS6133', 'TS6192', 'TS6196', 'TS6198']);

/** The mutants of TypeScript that the compiler refuses: each is a file of its own beside the one that it changes, all compiled at once. */
export function refusedByCompiler(mutants: readonly Mutant[]): Set<Mutant> {
  const copy = new ScratchCopy();
  try {
    const nameOf = (i: number) => mutants[i]!.file.replace(/\.ts$/, `.mutant-${i}.ts`);
    copy.edit(
      mutants.flatMap((mutant, i) =>
        mutant.file.endsWith('.ts') ? [{ file: nameOf(i), create: edited(readFileSync(ROOT + mutant.file, 'utf8'), [mutant]) }] : [],
      ),
    );
    const { output } = copy.run('tsc', '--pretty', 'false', '-p', '.');
    const refused = [...output.matchAll(/\.mutant-(\d+)\.ts\(\d+,\d+\): error (TS\d+)/g)].filter(([, , code]) => !UNUSED.has(code!));
    return new Set(refused.map(([, i]) => mutants[Number(i)]!));
  } finally {
    copy.remove();
  }
}
