/**
 * Writes what is generated from the contract: the OpenAPI document, the client's operations and constants, and the collections for
 * other tools; and the description of the command line, which is made of them.
 * With `--check` it writes nothing, and fails when a committed file differs from what the contract generates.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';

const root = new URL('../', import.meta.url);
const BRUNO = 'docs/collections/bruno/';

/** The generated files by path. Imported late, because a mistake in the contract may be found while it is loaded. */
async function generated(): Promise<Record<string, string>> {
  const { openApiJson, openApiYaml } = await import('@leads/contract');
  const { constantsModule } = await import('./client-constants.ts');
  const { clientModule } = await import('./client-module.ts');
  const { brunoCollection } = await import('./collections/bruno.ts');
  const { postmanCollection } = await import('./collections/postman.ts');
  const bruno = Object.entries(brunoCollection()).map(([name, text]) => [`${BRUNO}${name}`, text]);
  return {
    'docs/openapi.json': openApiJson(),
    'docs/openapi.yaml': openApiYaml(),
    'packages/client/src/api.generated.ts': clientModule(),
    'packages/client/src/constants.generated.ts': constantsModule(),
    'docs/collections/leads.postman_collection.json': postmanCollection(),
    ...Object.fromEntries(bruno),
  };
}

const files = await generated().catch((error: Error) => {
  console.error(`The contract cannot be published. ${error.message}`);
  process.exit(1);
});
const check = process.argv.includes('--check');
let stale = 0;
for (const [path, text] of Object.entries(files)) await keep(path, text);
await keepCommands();
// What is generated no more, because a step of the collections has another place now.
for (const name of await readdir(new URL(BRUNO, root), { recursive: true })) {
  if (!name.includes('.') || `${BRUNO}${name}` in files) continue;
  stale++;
  if (check) console.error(`${BRUNO}${name} is generated no more. Run: npm run generate`);
  else await rm(new URL(`${BRUNO}${name}`, root));
}
if (!check && stale === 0) console.log('generated files are up to date');
if (check && stale > 0) process.exitCode = 1;

async function keep(path: string, text: string): Promise<void> {
  const url = new URL(path, root);
  const current = await readFile(url, 'utf8').catch(() => '');
  if (current === text) return;
  stale++;
  if (check) return console.error(`${path} differs from what is generated. Run: npm run generate`);
  await mkdir(new URL('.', url), { recursive: true });
  await writeFile(url, text);
  console.log(`wrote ${path}`);
}

/** Loads the command line late, because it is made of what was written. A contract that it does not follow yet is right all the same. */
async function keepCommands(): Promise<void> {
  try {
    const { commandsJson } = await import('./commands.ts');
    await keep('docs/commands.json', commandsJson());
  } catch (error) {
    stale++;
    console.error(`docs/commands.json stays as it is: the command line does not follow the contract. ${(error as Error).message}`);
  }
}
