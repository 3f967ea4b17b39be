import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copySources } from '../copy-sources.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The project, to be changed; within this checkout, whose dependencies it finds above itself. */
export class CopyOfCheckout {
  readonly path: string;

  constructor() {
    mkdirSync(join(ROOT, 'scripts/.cache'), { recursive: true });
    this.path = mkdtempSync(join(ROOT, 'scripts/.cache/copy-'));
    copySources(this.path);
    mkdirSync(join(this.path, 'node_modules/@leads'), { recursive: true });
    // A fresh database takes three seconds without it.
    const own = globSync('packages/*/node_modules', { cwd: ROOT });
    for (const path of ['packages/server/.cache', 'node_modules/.bin', ...own]) symlinkSync(join(ROOT, path), join(this.path, path));
    for (const name of readdirSync(join(this.path, 'packages')))
      symlinkSync(join(this.path, 'packages', name), join(this.path, 'node_modules/@leads', name));
  }

  document(): string {
    return readFileSync(join(this.path, 'docs/openapi.json'), 'utf8');
  }

  /** Changes a file of the contract; returns what it was. */
  changeContract(file: string, edit: (text: string) => string): string {
    const path = join(this.path, 'packages/contract/src', file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, edit(text));
    return text;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
