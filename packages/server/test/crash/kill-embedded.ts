import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figures } from './figures.ts';
import { killServer } from './kill-server.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** How many rounds share a data directory. */
const ROUNDS_PER_DIRECTORY = 10;

/** Kills servers on the embedded database. Before every second start it leaves `postmaster.pid` empty, as a kill can. */
export async function killEmbedded(rounds: number, figures: Figures, signal?: AbortSignal): Promise<void> {
  for (let left = rounds; left > 0; left -= ROUNDS_PER_DIRECTORY) {
    if (signal?.aborted) break;
    using home = temporaryDirectory();
    const data = join(home.path, 'data');
    const damage = (round: number) => {
      if (round % 2 === 0) writeFileSync(join(data, 'pgdata', 'postmaster.pid'), '');
    };
    await killServer({ data: { LEADS_DATA_DIR: data }, damage }, Math.min(left, ROUNDS_PER_DIRECTORY), figures, signal);
  }
}
