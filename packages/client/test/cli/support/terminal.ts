import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';
import { BARE_ENVIRONMENT } from '../../../../server/test/support/bare-environment.ts';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

/** Gives a program a terminal of 80 columns, waits for what it is to say, and types the answers. */
const DRIVER = `
import fcntl, json, os, pty, select, struct, sys, termios, time
argv, steps = json.loads(sys.argv[1])
pid, fd = pty.fork()
if pid == 0:
    os.execv(argv[0], argv)
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
said, seen, end = b"", 0, time.time() + 110
while time.time() < end:
    if steps and steps[0][0].encode() in said[seen:]:
        seen = said.index(steps[0][0].encode(), seen) + len(steps[0][0].encode())
        os.write(fd, steps.pop(0)[1].encode())
        continue
    if not select.select([fd], [], [], 0.05)[0]:
        continue
    try:
        chunk = os.read(fd, 65536)
    except OSError:
        break
    if not chunk:
        break
    said += chunk
else:
    os.kill(pid, 9)
_, status = os.waitpid(pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), said.decode("utf-8", "replace"), len(steps)]))
`;

/** How a command ended in a terminal. */
export interface Seen {
  readonly code: number;
  /** Everything that was written to the terminal, as it was. */
  readonly raw: string;
  /** The same without colour. */
  readonly text: string;
}

let hasTerminal: boolean | undefined;

/** Skips a test where there is no Python to make a terminal with; in CI that is a failure. */
export function requireTerminal(context: TestContext): void {
  hasTerminal ??= spawnSync('python3', ['-c', 'import pty']).status === 0;
  if (hasTerminal) return;
  const reason = 'python3 is not installed, so there is no pseudo-terminal';
  if (process.env.CI === 'true') throw new Error(reason);
  context.skip(reason);
}

/** Runs a command line in a terminal of 80 columns: waits for each text, and then types the answer. */
export async function inTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  steps: readonly (readonly [waitFor: string, type: string])[] = [],
): Promise<Seen> {
  const home = mkdtempSync(join(tmpdir(), 'leads-cli-'));
  const child = spawn('python3', ['-c', DRIVER, JSON.stringify([[process.execPath, MAIN, ...args], steps])], {
    env: { ...BARE_ENVIRONMENT, HOME: home, TERM: 'xterm-256color', ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk));
  await new Promise((resolve) => child.on('close', resolve));
  if (stdout === '') throw new Error(stderr);
  const [code, raw, left] = JSON.parse(stdout) as [number, string, number];
  // oxlint-disable-next-line no-control-regex -- colour and the clearing of a line
  const text = raw.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '').replaceAll('\r\n', '\n');
  if (left > 0) throw new Error(`It never said ${JSON.stringify(steps.at(-left)![0])}, but:\n${text}`);
  return { code, raw, text };
}
