import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Copies every file of the project into a folder, without what is installed, built or kept for later. */
export function copySources(into: string): void {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' });
  // Git still lists what was taken away and not committed.
  const files = listed.split('\n').filter((name) => name !== '' && existsSync(join(ROOT, name)));
  for (const file of files) {
    mkdirSync(join(into, dirname(file)), { recursive: true });
    copyFileSync(join(ROOT, file), join(into, file));
  }
}
