import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../packages/workspace.ts';

/** Where tools are, or why they could not be installed. */
export interface Tools {
  /** Where a package is installed. */
  readonly installed: (name: string) => string;
  readonly problem: string | undefined;
}

/**
 * Installs what tests alone ask, once, beside the dependencies: it would be a fifth of every installation. Exact versions, by the names to
 * install them under; a `group` has a folder of its own. Without a registry it says so once and goes on, but in CI it throws.
 */
export function installTools(group: string, packages: Readonly<Record<string, string>>): Tools {
  const folder = join(ROOT, 'node_modules/.cache', group);
  const installed = (name: string) => join(folder, 'node_modules', name);
  const [file, manifest] = [join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: packages })];
  const isDone =
    existsSync(file) && readFileSync(file, 'utf8') === manifest && Object.keys(packages).every((name) => existsSync(installed(name)));
  if (isDone) return { installed, problem: undefined };
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, manifest);
  try {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'], { cwd: folder, stdio: 'pipe' });
    return { installed, problem: undefined };
  } catch (error) {
    if (process.env['CI']) throw error;
    const [problem] = String((error as { stderr?: Buffer }).stderr ?? error).split('\n');
    console.warn(`Skipped what needs ${Object.keys(packages).join(', ')}: they could not be installed (${problem}).`);
    return { installed, problem };
  }
}
