import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PAGES = ['README.md', 'CONTRIBUTING.md', 'packages/*/README.md', 'examples/*/README.md', 'bench/README.md', 'docs/guides/*.md'];

/** In place of the shell of npm: it writes down the words of a command instead of running it, unless it is npm again. */
const SHELL = `#!/bin/sh
eval "set -- $2"
if [ "$1" = exec ]; then shift; fi
if [ "$1" = npm ]; then exec "$@"; fi
for word do printf '%s\\n' "$word"; done > "$RECORD"
`;

const pages = await Array.fromAsync(glob(PAGES, { cwd: ROOT }));
/** Every command that hands options of its own to a script, as it is documented. */
const commands = [
  ...new Set(
    pages.flatMap((page) => {
      const text = readFileSync(join(ROOT, page), 'utf8');
      return [...text.matchAll(/\bnpm (?:run )?(?:-s )?[\w:-]+ (?:-s )?-- [^`\n#|>);]+/g)].map(([command]) => command.trim());
    }),
  ),
].toSorted();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leads-flags-'));
  writeFileSync(join(folder, 'shell'), SHELL);
  chmodSync(join(folder, 'shell'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function wordsOf(text: string): Promise<string[]> {
  const { stdout } = await run('sh', ['-c', `for word in ${text}; do printf '%s\\n' "$word"; done`], { cwd: folder });
  return stdout.trimEnd().split('\n');
}

describe('every documented option of an npm script reaches the program behind it', () => {
  it('there are some', () => {
    expect(commands).toContain('npm run web -- --mode msw');
    expect(commands.length).toBeGreaterThan(2);
  });

  it.each(commands)('%s', async (command) => {
    const record = join(folder, 'record');
    await run('sh', ['-c', command], {
      cwd: ROOT,
      env: { ...process.env, npm_config_script_shell: join(folder, 'shell'), RECORD: record },
    });
    const options = await wordsOf(command.slice(command.indexOf(' -- ') + 4));
    expect(readFileSync(record, 'utf8').trimEnd().split('\n').slice(-options.length)).toEqual(options);
  });
});
