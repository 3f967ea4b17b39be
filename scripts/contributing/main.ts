/**
 * Does in a scratch copy what CONTRIBUTING.md tells: a field of three kinds, a filter, an operation. Everything compiles with all
 * places, and without any one of them the generator or the compiler says so, but for those that only tests can know.
 */
import { type Edit, ScratchCopy } from './scratch-copy.ts';
import { FIELD_KINDS, fieldRecipe, FILTER, OPERATION, type Recipe } from './recipes.ts';

const GENERATED: readonly Edit[] = [
  'docs/commands.json',
  'docs/openapi.json',
  'docs/openapi.yaml',
  'packages/client/src/api.generated.ts',
  'packages/client/src/constants.generated.ts',
].map((file) => ({ file, create: '' }));

/** Places that the compiler cannot miss: the database is not there when it runs, and by what one can select is a choice. */
const LEFT_TO_TESTS = new Set(['server: its migration', 'contract: among the fields by which leads are selected']);

const RECIPES: Readonly<Record<string, Recipe>> = {
  ...Object.fromEntries(FIELD_KINDS.map((field) => [`a field (${field.type})`, fieldRecipe(field)])),
  'a filter': FILTER,
  'an operation': OPERATION,
};

const copy = new ScratchCopy();
let wrong = 0;
try {
  for (const [what, recipe] of Object.entries(RECIPES)) {
    const places = Object.keys(recipe);
    const problem = problemWith(recipe);
    console.log(`${what}: ${places.length} places in ${new Set(Object.values(recipe).map(({ file }) => file)).size} files`);
    if (problem) fail(`${what} does not compile: ${problem}`);
    if (what !== 'a field (text)' && what !== 'a filter') continue;
    for (const place of places.filter((each) => !LEFT_TO_TESTS.has(each))) {
      const { [place]: _, ...rest } = recipe;
      if (problemWith(rest) === undefined) fail(`${what} without “${place}” goes unnoticed`);
    }
  }
} finally {
  copy.remove();
}
process.exitCode = wrong > 0 ? 1 : 0;

/** What the generator or the compiler says of a change; undefined where nothing. */
function problemWith(recipe: Recipe): string | undefined {
  const edits = Object.values(recipe);
  try {
    copy.edit(edits);
    const generated = copy.run('node', '--import', './scripts/preload.mjs', 'scripts/generate.ts');
    if (!generated.ok) return generated.output;
    const compiled = copy.run('tsc', '-p', '.');
    return compiled.ok ? undefined : compiled.output;
  } finally {
    copy.restore([...edits, ...GENERATED]);
  }
}

function fail(message: string): void {
  wrong++;
  console.error(message.slice(0, 2_000));
}
