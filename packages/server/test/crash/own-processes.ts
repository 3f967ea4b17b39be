import type { ChildProcess } from 'node:child_process';

const running = new Set<ChildProcess>();

/** Makes a child process end with this one, however this one ends (but for `kill -9`). */
export function endWithUs(child: ChildProcess): ChildProcess {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
