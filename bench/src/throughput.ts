import type pg from 'pg';
import type { Client } from './client.ts';
import { once, restore } from './database.ts';
import type { Result } from './load.ts';
import { median, ms, table, whole } from './report.ts';
import { OPERATIONS, type OperationName } from './requests.ts';
import type { ServerProcess } from './servers.ts';

const CONNECTIONS = 50;
const WARM_UP_SECONDS = 1;
/** How long a run is. */
export const SECONDS = 1.5;

/** A server and the database behind it. */
export interface Side {
  readonly server: ServerProcess;
  readonly database: pg.ClientConfig;
}

/** How many leads a server has: those that are kept, and those that a run of `delete` may take away. */
export interface Leads {
  readonly leads: number;
  readonly toDelete: number;
}

export interface Throughput {
  readonly markdown: string;
  /** The most requests per second that any run reached, and the most that the client used of its core. */
  readonly highest: number;
  readonly clientCpu: number;
}

/** Puts a database back to the same leads before each run. */
export async function prepare({ database }: Side, operation: OperationName, { toDelete }: Leads): Promise<void> {
  await once(database, (connection) => restore(connection, operation === 'delete' ? toDelete : 0));
}

/** One run of one operation. */
export function measure(
  client: Client,
  { server }: Side,
  operation: OperationName,
  seconds: number,
  { leads, toDelete }: Leads,
): Promise<Result> {
  const requests = operation === 'delete' ? toDelete : Infinity;
  return client.run({ origin: server.origin, target: { operation, leads }, connections: CONNECTIONS, seconds, requests });
}

/**
 * Compares two servers by operation. They take turns within a round, so that whatever changes on the machine changes for
 * both, and the ratio is the median of the ratios of the rounds. `prepared` runs before each run, after what `prepare` does.
 */
export async function compare(
  client: Client,
  ours: Side,
  ceiling: Side,
  { rounds, ...leads }: Leads & { rounds: number },
  [one, other]: readonly [one: string, other: string] = ['ours', 'ceiling'],
  prepared: () => Promise<void> = async () => {},
): Promise<Throughput> {
  const run = async (side: Side, operation: OperationName, seconds: number) => {
    await prepare(side, operation, leads);
    await prepared();
    return measure(client, side, operation, seconds, leads);
  };
  const all: Result[] = [];
  const rows: string[][] = [];
  for (const operation of OPERATIONS) {
    const pairs: { ours: Result; ceiling: Result }[] = [];
    for (const side of [ours, ceiling]) await run(side, operation, WARM_UP_SECONDS);
    for (let round = 0; round < rounds; round++) {
      // Who comes first changes, because the first finds the database fresher.
      if (round % 2 === 0) {
        const first = await run(ours, operation, SECONDS);
        pairs.push({ ours: first, ceiling: await run(ceiling, operation, SECONDS) });
      } else {
        const first = await run(ceiling, operation, SECONDS);
        pairs.push({ ceiling: first, ours: await run(ours, operation, SECONDS) });
      }
    }
    all.push(...pairs.flatMap((pair) => [pair.ours, pair.ceiling]));
    const of = (side: 'ours' | 'ceiling', figure: 'perSecond' | 'p50' | 'p99') => median(pairs.map((pair) => pair[side][figure]));
    rows.push([
      operation,
      whole(of('ours', 'perSecond')),
      `${ms(of('ours', 'p50'))} / ${ms(of('ours', 'p99'))}`,
      whole(of('ceiling', 'perSecond')),
      `${ms(of('ceiling', 'p50'))} / ${ms(of('ceiling', 'p99'))}`,
      median(pairs.map((pair) => pair.ours.perSecond / pair.ceiling.perSecond)).toFixed(2),
    ]);
  }
  return {
    markdown: table(['operation', `${one}, requests/s`, 'p50 / p99', `${other}, requests/s`, 'p50 / p99', `${one} / ${other}`], rows),
    highest: Math.max(...all.map(({ perSecond }) => perSecond)),
    clientCpu: Math.max(...all.map(({ cpu }) => cpu)),
  };
}

/** The most requests per second that the client makes of a server that does nothing, to be compared with the most of any other. */
export async function nullThroughput(client: Client, server: ServerProcess): Promise<number> {
  const job = { origin: server.origin, target: { operation: 'get', leads: 1000 }, connections: CONNECTIONS, requests: Infinity } as const;
  await client.run({ ...job, seconds: WARM_UP_SECONDS });
  const runs: number[] = [];
  for (let i = 0; i < 3; i++) runs.push((await client.run({ ...job, seconds: SECONDS })).perSecond);
  return Math.max(...runs);
}
