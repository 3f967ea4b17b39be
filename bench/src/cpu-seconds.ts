import { readdirSync, readFileSync } from 'node:fs';

/** How long a process has had a processor, with all its threads, as Linux counts it. */
export function cpuSeconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]));
  return nanoseconds.reduce((sum, own) => sum + own, 0) / 1e9;
}
