import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What V8 writes where it is asked for a CPU profile, as far as it is read here. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  /** The node in which each sample was taken, and the time before it, in microseconds. */
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/**
 * What part of its busy time a process spent for files of some names, from 0 to 1, by the profile that it left in `folder`. What a file
 * calls of Node itself counts for it; what it calls in a file of another name does not.
 */
export function shareOf(folder: string, files: RegExp): number {
  const [name] = readdirSync(folder);
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, name!), 'utf8')) as Profile;
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const fileOf = (id: number): string => {
    for (let at: number | undefined = id; at !== undefined; at = callers.get(at)) {
      const { url } = frames.get(at)!;
      if (url !== '' && !url.startsWith('node:')) return url;
    }
    return '';
  };
  const isIn = new Map(nodes.map(({ id }) => [id, files.test(fileOf(id))]));
  let [own, busy] = [0, 0];
  for (const [i, id] of samples.entries()) {
    if (frames.get(id)!.functionName === '(idle)') continue;
    busy += timeDeltas[i]!;
    if (isIn.get(id)) own += timeDeltas[i]!;
  }
  return own / busy;
}
