import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { FINGERPRINT_FILE, fingerprintOf } from './fingerprint.ts';
import { publishedManifest } from './published-manifest.ts';
import { publishedReadme } from './published-readme.ts';
import { folderOf, manifestOf, PACKAGES, ROOT } from './workspace.ts';

/** What is only for the build that made it. */
const UNPUBLISHED = new Set([FINGERPRINT_FILE, '.tsbuildinfo']);

/** Packs what was built of the packages into a folder, as they are published, and returns the tarballs by the folders of the packages. */
export function packPackages(destination: string, packages: readonly string[] = PACKAGES): Record<string, string> {
  mkdirSync(destination, { recursive: true });
  return Object.fromEntries(packages.map((name) => [name, packPackage(name, destination)]));
}

function packPackage(name: string, destination: string): string {
  const folder = folderOf(name);
  demandBuilt(name);
  const staging = mkdtempSync(join(tmpdir(), 'leads-pack-'));
  try {
    const manifest = publishedManifest(manifestOf(name));
    for (const path of manifest.files.flatMap((pattern) => filesOf(folder, pattern)))
      cpSync(join(folder, path), join(staging, path), { recursive: true, filter: (from) => !UNPUBLISHED.has(basename(from)) });
    writeFileSync(join(staging, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    writeFileSync(join(staging, 'README.md'), publishedReadme(name));
    copyFileSync(join(ROOT, 'LICENSE'), join(staging, 'LICENSE'));
    const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', destination], { cwd: staging, encoding: 'utf8' });
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
    return join(destination, filename);
  } finally {
    rmSync(staging, { recursive: true });
  }
}

function filesOf(folder: string, pattern: string): string[] {
  const paths = globSync(pattern, { cwd: folder });
  if (paths.length === 0) throw new Error(`${folder}: there is no ${pattern}, which its package.json publishes. Run: npm run build`);
  return paths;
}

/** An old build would be packed without a word. */
function demandBuilt(name: string): void {
  const file = join(folderOf(name), 'dist', FINGERPRINT_FILE);
  const built = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  if (built !== fingerprintOf(join(folderOf(name), 'src'))) {
    throw new Error(`packages/${name}/dist ${built === undefined ? 'is not there' : 'is of other sources'}. Run: npm run build`);
  }
}
