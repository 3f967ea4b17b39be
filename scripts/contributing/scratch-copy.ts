import { spawnSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copySources } from '../copy-sources.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A change of one file: a text that stands in it once, and what comes in its place; or a new file. */
export type Edit =
  | { readonly file: string; readonly find: string; readonly put: string }
  | { readonly file: string; readonly create: string };

/** What a command ended with, and what it printed. */
export interface Ended {
  readonly ok: boolean;
  readonly output: string;
}

/** A copy of the project that can be changed and thrown away. It shares the installed packages, but for those of the workspace. */
export class ScratchCopy {
  readonly #root = mkdtempSync(join(tmpdir(), 'leads-scratch-'));

  constructor() {
    copySources(this.#root);
    this.#link('node_modules', (name) => name !== '@leads' && name !== '.cache');
    this.#link('node_modules/@leads', () => false);
    for (const name of readdirSync(join(this.#root, 'packages')))
      symlinkSync(join(this.#root, 'packages', name), join(this.#root, 'node_modules/@leads', name));
    // Of what a package needs in another version than the rest.
    for (const folder of globSync('packages/*/node_modules', { cwd: ROOT })) this.#link(folder, () => true);
    this.#link('packages/server/.cache', () => true);
  }

  /** Makes the changes. @throws where a text does not stand in its file exactly once. */
  edit(edits: readonly Edit[]): void {
    for (const edit of edits) {
      const file = join(this.#root, edit.file);
      if ('create' in edit) writeFileSync(file, edit.create);
      else {
        const parts = readFileSync(file, 'utf8').split(edit.find);
        if (parts.length !== 2) throw new Error(`${edit.file} holds ${parts.length - 1} times: ${edit.find}`);
        writeFileSync(file, parts.join(edit.put));
      }
    }
  }

  /** Puts files back as they are in the project, and takes away those that are not in it. */
  restore(edits: readonly Edit[]): void {
    for (const { file } of edits) {
      rmSync(join(this.#root, file));
      try {
        copyFileSync(join(ROOT, file), join(this.#root, file));
      } catch {
        // A new file: there is nothing to put back.
      }
    }
  }

  /** Runs a command of the project. */
  run(command: string, ...args: string[]): Ended {
    const bin = join(ROOT, 'node_modules/.bin');
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: this.#root, encoding: 'utf8', env });
    return { ok: status === 0, output: stdout + stderr };
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #link(folder: string, wanted: (name: string) => boolean): void {
    mkdirSync(join(this.#root, folder), { recursive: true });
    for (const name of readdirSync(join(ROOT, folder)))
      if (wanted(name)) symlinkSync(join(ROOT, folder, name), join(this.#root, folder, name));
  }
}
