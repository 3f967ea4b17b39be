import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { marked } from './code-mutants.ts';
import { FUNCTIONS_FOLDER, type Mutant } from './mutant.ts';
import type { Reach, Timed } from './worker.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SERVER = 'packages/server/';
/** How much is run for a mutant, in milliseconds as they were measured when nothing was changed. */
const LIMIT_MS = 25_000;
/** How many of those that have noticed others in its file a mutant meets before it meets the rest. */
const NEAR = 12;
/** Whoever has a database of their own may call any function there: only those of the shared one are counted. */
const OWN_DATABASE = /OwnDatabase|emptyDatabase/;
/** Words that say what kind of mutant it is, or that SQL and TypeScript have everywhere. */
const COMMON = new Set('without never always sql const return await not within the and for with from select where test'.split(' '));

/** What is known of a check or a test file. */
interface Known extends Reach {
  readonly name: string;
  readonly all: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
}

/** Which checks and test files a mutant meets, and in which order. */
export class Plan {
  #reach: readonly Known[];
  readonly #kills: { readonly file: string; readonly line: number; readonly by: string }[] = [];
  /** How many checks and files have a word. */
  readonly #counts = new Map<string, number>();

  constructor(reach: Readonly<Record<string, Reach>>) {
    this.#reach = Object.entries(reach).map(([name, each]) => {
      const text = name.endsWith('.test.ts') ? textOf(SERVER + name) : each.area;
      const words = wordsOf(`${name} ${text}`);
      for (const word of words) this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1);
      const functions = OWN_DATABASE.test(text) ? FUNCTIONS : each.functions;
      return { ...each, functions, name, words, all: new Set([...each.blocks, ...functions]) };
    });
  }

  /** The checks and files that can notice a mutant, the likeliest first, as many as there is time for. */
  for(mutant: Mutant): Timed[] {
    let sum = 0;
    return timed(this.#likeliestFirst(mutant).filter(({ milliseconds }, i) => (sum += milliseconds) <= LIMIT_MS || i === 0));
  }

  leaveOut(left: string): void {
    console.log(`left out, because it fails where nothing is changed: ${left}`);
    this.#reach = this.#reach.filter(({ name }) => name !== left);
  }

  killed({ file, line }: Mutant, by: string): void {
    this.#kills.push({ file, line, by });
  }

  /** In turn what stands near to what was noticed, and what speaks of the same. */
  #likeliestFirst(mutant: Mutant): readonly Known[] {
    const reaching = this.#reaching(mutant);
    const [near, alike] = [this.#near(reaching, mutant), this.#alike(reaching, mutant)];
    return [...new Set(near.flatMap((one, i) => [one, alike[i]!]))];
  }

  /** First what has noticed others near it, then of each area in turn what does little else, and takes little. */
  #near(reaching: readonly Known[], { file, line }: Mutant): Known[] {
    const worth = new Map<string, number>();
    for (const kill of this.#kills) {
      if (kill.file === file) worth.set(kill.by, (worth.get(kill.by) ?? 0) + 1 / (1 + Math.abs(kill.line - line)));
    }
    const worthOf = ({ name, milliseconds }: Known) => worth.get(name)! / milliseconds;
    const costOf = ({ milliseconds, all }: Known) => milliseconds * all.size;
    const known = reaching.filter(({ name }) => worth.has(name)).toSorted((a, b) => worthOf(b) - worthOf(a));
    const others = reaching.filter(({ name }) => !worth.has(name)).toSorted((a, b) => costOf(a) - costOf(b));
    const areas = Object.values(Object.groupBy(others, ({ area }) => area));
    const places = new Map(areas.flatMap((each) => each!.map((one, i) => [one, i])));
    const inTurn = others.toSorted((a, b) => places.get(a)! - places.get(b)! || costOf(a) - costOf(b));
    return [...known.slice(0, NEAR), ...inTurn, ...known.slice(NEAR)];
  }

  /** First what has the words of the mutant and of what stands around it, the rarer the better. */
  #alike(reaching: readonly Known[], { file, line, what }: Mutant): Known[] {
    const around = textOf(file)
      .split('\n')
      .slice(Math.max(0, line - 3), line + 2);
    const words = [...wordsOf([file.replace(/.*\//, ''), what, ...around].join(' '))];
    const scoreOf = ({ words: own, milliseconds }: Known) => {
      const rarities = words.filter((word) => own.has(word)).map((word) => Math.log(this.#reach.length / this.#counts.get(word)!));
      return rarities.reduce((sum, each) => sum + each, 0) / Math.sqrt(milliseconds + 100);
    };
    const scores = new Map(reaching.map((each) => [each, scoreOf(each)]));
    return reaching.toSorted((a, b) => scores.get(b)! - scores.get(a)!);
  }

  #reaching({ file, start }: Mutant): readonly Known[] {
    const name = /(\w+)\.sql$/.exec(file)?.[1];
    const found = name === undefined ? this.#reachingBlock(file, start) : this.#reachingFunction(name);
    return found.length > 0 ? found : this.#reach;
  }

  /** Where it is no function that is called, but a part of others, those that call these. */
  #reachingFunction(name: string): readonly Known[] {
    const found = this.#reach.filter(({ all }) => all.has(name));
    if (found.length > 0) return found;
    const isNamed = new RegExp(`[ :(]${name}\\b`);
    const others = new Set(FUNCTIONS.filter((other) => other !== name && isNamed.test(textOf(`${FUNCTIONS_FOLDER}${other}.sql`))));
    return this.#reach.filter(({ functions }) => functions.some((each) => others.has(each)));
  }

  #reachingBlock(file: string, at: number): readonly Known[] {
    const around = blocksOf(file).flatMap(({ start, end }, i) => (start <= at && at < end ? [{ i, length: end - start }] : []));
    const innermost = around.toSorted((a, b) => a.length - b.length)[0];
    const found = innermost ? this.#reach.filter(({ all }) => all.has(`${file} ${innermost.i}`)) : [];
    // What is done once, when the module is loaded, shows wherever the module does anything.
    return found.length > 0 && found.length < this.#reach.length
      ? found
      : this.#reach.filter(({ blocks }) => blocks.some((block) => block.startsWith(`${file} `)));
  }
}

function timed(all: readonly Known[]): Timed[] {
  return all.map(({ name, milliseconds }) => ({ name, milliseconds }));
}

const FUNCTIONS = readdirSync(ROOT + FUNCTIONS_FOLDER).map((file) => file.replace('.sql', ''));
const TEXTS = new Map<string, string>();
const BLOCKS = new Map<string, ReturnType<typeof marked>['blocks']>();

function textOf(file: string): string {
  const known = TEXTS.get(file) ?? readFileSync(ROOT + file, 'utf8');
  TEXTS.set(file, known);
  return known;
}

function blocksOf(file: string) {
  const known = BLOCKS.get(file) ?? marked(file, textOf(file)).blocks;
  BLOCKS.set(file, known);
  return known;
}

/** The words of a text, those of names taken apart, in the singular. */
function wordsOf(text: string): Set<string> {
  const words = text
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return new Set(words.filter((word) => word.length > 2 && !COMMON.has(word)).map((word) => word.replace(/s$/, '')));
}
