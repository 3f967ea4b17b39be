/**
 * Writes what is generated from the contract: the OpenAPI document and the client's table of routes.
 * With `--check` it writes nothing, and fails when a committed file differs from what the contract generates.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { bodyOf, type Operation, OPERATIONS, openApiJson, openApiYaml } from '@leads/contract';

const root = new URL('../', import.meta.url);

const files: Record<string, string> = {
  'docs/openapi.json': openApiJson(),
  'docs/openapi.yaml': openApiYaml(),
  'packages/client/src/routes.generated.ts': routesModule(),
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

function routesModule(): string {
  const lines = OPERATIONS.map(
    (operation) => `  '${operation.id}': ['${operation.route.method}', '${operation.route.path}', ${inputOf(operation)}],`,
  );
  return [
    '// Generated from the contract by `npm run generate`; do not edit.',
    '/** Of every operation its method, its path, and what it takes: the media type of a body, a query, or null. All of the contract that the client needs at run time. */',
    'export const ROUTES = {',
    ...lines,
    '} as const;',
    '',
  ].join('\n');
}

function inputOf({ route, metadata }: Operation): string {
  if (bodyOf(route)) return `'${metadata.bodyMediaType ?? 'application/json'}'`;
  const query = route.query as { shape?: object } | undefined;
  return Object.keys(query?.shape ?? {}).length > 0 ? "'query'" : 'null';
}
