import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packPackages } from '../../packages/pack.ts';
import { type Manifest, ROOT } from '../../packages/workspace.ts';

/** A project outside the repository, in which the packages are installed from their tarballs. */
export interface Consumer {
  readonly folder: string;
  /** The tarballs by the folders of the packages in the repository. */
  readonly tarballs: Readonly<Record<string, string>>;
  /** Where a package is installed. */
  installed(name: string): string;
  manifest(name: string): Manifest;
  /** Writes a file of the project, and returns its path. */
  write(name: string, text: string): string;
  remove(): void;
}

/**
 * Makes one without asking a registry: what the packages depend on is what this repository has installed of it. Of that there is nothing
 * but what their manifests name, and `others`, so that what is missing there is found.
 */
export function makeConsumer(others: readonly string[] = []): Consumer {
  const folder = mkdtempSync(join(tmpdir(), 'leads-consumer-'));
  const modules = join(folder, 'node_modules');
  const tarballs = packPackages(join(folder, 'tarballs'));
  const consumer: Consumer = {
    folder,
    tarballs,
    installed: (name) => join(modules, '@leads', name),
    manifest: (name) => JSON.parse(readFileSync(join(consumer.installed(name), 'package.json'), 'utf8')) as Manifest,
    write(name, text) {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  consumer.write('package.json', JSON.stringify({ private: true, type: 'module' }));
  for (const [name, tarball] of Object.entries(tarballs)) {
    mkdirSync(consumer.installed(name), { recursive: true });
    execFileSync('tar', ['-xzf', tarball, '-C', consumer.installed(name), '--strip-components=1']);
  }
  const named = Object.keys(tarballs).flatMap((name) => Object.keys(consumer.manifest(name).dependencies ?? {}));
  for (const dependency of new Set([...named, ...others].filter((each) => !each.startsWith('@leads/')))) {
    mkdirSync(dirname(join(modules, dependency)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', dependency), join(modules, dependency));
  }
  return consumer;
}
