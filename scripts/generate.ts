/**
 * Writes what is generated from the contract: the OpenAPI document, and the client's operations and constants.
 * With `--check` it writes nothing, and fails when a committed file differs from what the contract generates.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { openApiJson, openApiYaml } from '@leads/contract';
import { constantsModule } from './client-constants.ts';
import { clientModule } from './client-module.ts';

const root = new URL('../', import.meta.url);

const files: Record<string, string> = {
  'docs/openapi.json': openApiJson(),
  'docs/openapi.yaml': openApiYaml(),
  'packages/client/src/api.generated.ts': clientModule(),
  'packages/client/src/constants.generated.ts': constantsModule(),
};

const check = process.argv.includes('--check');
let stale = 0;
for (const [path, text] of Object.entries(files)) {
  const url = new URL(path, root);
  const current = await readFile(url, 'utf8').catch(() => '');
  if (current === text) continue;
  stale++;
  if (check) console.error(`${path} differs from what the contract generates. Run: npm run generate`);
  else {
    await writeFile(url, text);
    console.log(`wrote ${path}`);
  }
}
if (!check && stale === 0) console.log('generated files are up to date');
if (check && stale > 0) process.exitCode = 1;
