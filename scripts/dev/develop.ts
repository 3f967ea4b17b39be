import { once } from 'node:events';
import { Program, type ProgramOptions } from './program.ts';
import { watchSources } from './watch-sources.ts';

/** What is developed. */
export interface Development {
  readonly root: string;
  /** The folder that is checked before it is used. */
  readonly contract: string;
  /** Checks the contract and generates what is made from it; false where it is wrong. */
  readonly takeContract: () => Promise<boolean>;
  readonly programs: readonly ProgramOptions[];
}

/**
 * Starts the programs, and each again, once, when what it is made of is saved, until it is told to end them. While the contract is wrong,
 * everything goes on by the former one.
 */
export function develop({ root, contract, takeContract, programs: options }: Development): (signal: NodeJS.Signals) => Promise<void> {
  const programs = options.map((each) => new Program(each));
  /** What was saved and is not in use yet. */
  let saved = new Set<string>();
  let busy: Promise<void>;
  const watcher = watchSources(root, [...new Set(options.flatMap(({ sources }) => sources))], (paths) => {
    busy = busy.then(() => use(paths));
  });
  // Not before everything is watched: what is saved while it is read would be missed.
  busy = once(watcher, 'ready').then(() => use([contract]));

  /** Starts again what is made of these files, once the contract is right. */
  async function use(paths: readonly string[]): Promise<void> {
    saved = new Set([...saved, ...paths]);
    const isIn = (folder: string) => [...saved].some((path) => path.startsWith(folder));
    if (isIn(contract) && !(await takeContract())) return;
    const affected = programs.filter(({ sources }) => sources.some(isIn));
    saved.clear();
    await Promise.all(affected.map((program) => program.restart()));
  }

  return async (signal) => {
    await Promise.all([watcher.close(), ...programs.map((program) => program.stop(signal))]);
  };
}
