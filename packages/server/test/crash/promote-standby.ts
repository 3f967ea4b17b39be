import { API_KEY } from './api-key.ts';
import { checkLeads } from './check-leads.ts';
import type { Figures } from './figures.ts';
import { freePort } from '../support/free-port.ts';
import { Ledger } from './ledger.ts';
import { aWhile, startLoad } from './load.ts';
import { MovingAddress } from './moving-address.ts';
import { PostgresCluster } from './postgres-cluster.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './until.ts';

const CLIENTS = 20;

/**
 * Kills a PostgreSQL server while clients write, promotes its synchronous standby, and moves the address that the Leads API server
 * has to it, in every second round before it is promoted. Then every client must get its next write done, and every lead is checked. As
 * many times as told: the one that was promoted gets a new standby.
 */
export async function promoteStandby(binaries: string, rounds: number, figures: Figures, signal?: AbortSignal): Promise<void> {
  const ledger = new Ledger();
  await using clusters = new AsyncDisposableStack();
  let primary = clusters.use(await PostgresCluster.create(binaries));
  await using address = await MovingAddress.create(primary.port);
  const url = `postgres://postgres@127.0.0.1:${address.port}/postgres`;
  await using server = await ServerProcess.start(await freePort(), API_KEY, { DATABASE_URL: url });
  for (let round = 1; round <= rounds; round++) {
    if (signal?.aborted) break;
    figures.rounds++;
    const standby = clusters.use(await PostgresCluster.createStandby(primary));
    const load = startLoad(server, ledger, { writers: CLIENTS });
    await aWhile();
    await primary.kill();
    figures.kills++;
    if (round % 2 === 0) address.moveTo(standby.port);
    await standby.promote();
    const promoted = performance.now();
    if (round % 2 === 1) address.moveTo(standby.port);
    const before = new Map(load.writers.map((writer) => [writer, writer.acknowledged]));
    await until('every writer gets a write done on the server that was promoted', () =>
      load.writers.every((writer) => writer.unanswered !== undefined || writer.acknowledged > before.get(writer)!),
    );
    figures.measure('from the promotion to a write of every writer, ms', performance.now() - promoted);
    await load.end(figures);
    figures.measure('slowest 503, ms', Math.max(...load.writers.map(({ slowestUnavailableMs }) => slowestUnavailableMs)));
    figures.blame(load.writers.flatMap(({ unanswered }) => (unanswered ? [`a request got no answer: ${unanswered.failure}`] : [])));
    figures.blame(await checkLeads(server.url, API_KEY, ledger));
    await primary[Symbol.asyncDispose]();
    primary = standby;
  }
}
