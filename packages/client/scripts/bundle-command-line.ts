/** Puts the command line, with the packages that it imports and their licences, in the place of its compiled parts. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = join(root, 'dist/cli');

rmSync(folder, { recursive: true });
const { metafile } = buildSync({
  entryPoints: [join(root, 'src/cli/main.ts')],
  outfile: join(folder, 'main.js'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.12',
  sourcemap: true,
  metafile: true,
  absWorkingDir: root,
});
const packages = new Set(Object.keys(metafile.inputs).flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []));
const licences = [...packages].map((path) => {
  const { name, version } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as { name: string; version: string };
  return `${name} ${version}\n\n${readFileSync(join(root, path, 'license'), 'utf8')}`;
});
writeFileSync(join(folder, 'LICENSES.txt'), licences.join('\n---\n\n'));
