import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { API_KEY } from './api-key.ts';
import { checkLeads } from './check-leads.ts';
import type { Figures } from './figures.ts';
import { freePort } from '../support/free-port.ts';
import { Ledger } from './ledger.ts';
import { aWhile, startLoad } from './load.ts';
import { type DataSetting, ServerProcess } from './server-process.ts';
import { until } from './until.ts';

/** One round in so many also kills a server while it starts. */
const KILLED_STARTS_EVERY = 4;
/** Longer than a start takes. */
const START_MS = 1_200;

/** Where the servers that are killed keep their data. */
export interface KilledServer {
  readonly data: DataSetting;
  /** What else a crash could do to the data, before the server is started again. */
  readonly damage?: (round: number) => void;
  /** Whether everything is done, or given up, that a server killed at `time` had asked its database for. */
  readonly settled?: (time: Date) => Promise<boolean>;
}

/**
 * Kills a server with SIGKILL while writers are at work, starts it again and checks every lead; as many times as told,
 * on the same data, which is new and whose first start is killed too.
 */
export async function killServer(
  { data, damage, settled }: KilledServer,
  rounds: number,
  figures: Figures,
  signal?: AbortSignal,
): Promise<void> {
  const port = await freePort();
  const ledger = new Ledger();
  await using servers = new AsyncDisposableStack();
  const killStarting = async () => {
    const starting = servers.use(ServerProcess.spawn(port, API_KEY, data));
    await pause(randomInt(START_MS));
    await starting.kill();
    figures.kills++;
  };

  await killStarting();
  let server = servers.use(await ServerProcess.start(port, API_KEY, data));
  figures.measure('first start, after one that was killed, ms', server.startMs);
  for (let round = 1; round <= rounds; round++) {
    if (signal?.aborted) break;
    figures.rounds++;
    const load = startLoad(server, ledger);
    await aWhile();
    figures.measure('peak memory under load, MB', server.peakMemoryMb);
    const killedAt = new Date();
    await server.kill();
    figures.kills++;
    await load.end(figures);
    if (load.writers.some(({ unavailable }) => unavailable > 0)) figures.blame(['refused a write before it was killed']);
    damage?.(round);
    if (round % KILLED_STARTS_EVERY === 0) await killStarting();
    server = servers.use(await ServerProcess.start(port, API_KEY, data));
    figures.measure('start after a kill, ms', server.startMs);
    if (settled) await until('the database has done what the killed server asked for', () => settled(killedAt));
    figures.blame(await checkLeads(server.url, API_KEY, ledger));
  }
}
