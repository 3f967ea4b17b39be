/** `npm run pack:client [-- FOLDER]`: builds the client and packs it as it is published, into a tarball. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Packs the client into `destination`, and returns the path of the tarball. */
export function packClient(destination: string): string {
  // Within the package, so that the compiler finds what it needs, and apart, so that two of these do not meet.
  mkdirSync(join(root, 'dist'), { recursive: true });
  const staging = mkdtempSync(join(root, 'dist/'));
  try {
    execFileSync('tsc', ['-p', join(root, 'tsconfig.build.json'), '--outDir', join(staging, 'dist')], { stdio: 'inherit' });
    bundleCommandLine(join(staging, 'dist/cli'));
    writeFileSync(join(staging, 'package.json'), JSON.stringify(publishedManifest(), null, 2));
    writeFileSync(join(staging, 'README.md'), readme());
    copyFileSync(join(root, '../../LICENSE'), join(staging, 'LICENSE'));
    const [packed] = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--pack-destination', destination], { cwd: staging, encoding: 'utf8' }),
    );
    return join(destination, packed.filename);
  } finally {
    rmSync(staging, { recursive: true });
  }
}

/** Puts the command line, with the packages that it imports and their licences, in the place of its compiled parts. */
function bundleCommandLine(folder: string): void {
  rmSync(folder, { recursive: true });
  const { metafile } = buildSync({
    entryPoints: [join(root, 'src/cli/main.ts')],
    outfile: join(folder, 'main.js'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.12',
    metafile: true,
    absWorkingDir: root,
  });
  const packages = new Set(Object.keys(metafile.inputs).flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []));
  const licences = [...packages].map((path) => {
    const { name, version } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as { name: string; version: string };
    return `${name} ${version}\n\n${readFileSync(join(root, path, 'license'), 'utf8')}`;
  });
  writeFileSync(join(folder, 'LICENSES.txt'), licences.join('\n---\n\n'));
}

/** The guide, which whoever installs the package does not have at hand otherwise. */
function readme(): string {
  const guide = readFileSync(join(root, '../../docs/guides/client.md'), 'utf8');
  return guide.replace(/^---\n.*?\n---\n/s, '# The client of the Leads API\n');
}

/** What of the workspace's manifest holds for those who install the package, with the compiled files in place of the sources. */
function publishedManifest(): object {
  const { name, version, license, type, sideEffects, description, engines, exports, bin } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const compiled = (source: string, ending: string) => source.replace(/^\.\/src\/(.*)ts$/, `./dist/$1${ending}`);
  return {
    name,
    version,
    description,
    license,
    type,
    sideEffects,
    engines,
    bin: { leads: compiled(bin.leads, 'js') },
    exports: { '.': { types: compiled(exports['.'], 'd.ts'), default: compiled(exports['.'], 'js') } },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(packClient(resolve(process.argv[2] ?? '.')));
