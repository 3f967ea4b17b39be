/** `npm run bench:client`: requests per second of the client, as a share of those of bare `fetch` in the same process. */
import { cpus } from 'node:os';
import { createLeadsClient } from '@leads/client';
import { createDatabase, dropDatabase, once, seed } from './database.ts';
import { median, table, whole } from './report.ts';
import { API_KEY, leadId } from './requests.ts';
import { startNull, startOurs } from './servers.ts';

const LEADS = 1_000;
const AT_ONCE = 50;
const ROUNDS = 9;
const ROUND_MS = 2_000;

const name = `leads_bench_${process.pid}_client`;
const url = await createDatabase(name);
const [ours, nothing] = await Promise.all([startOurs({ DATABASE_URL: url }), startNull()]);
try {
  await once({ connectionString: url }, (connection) => seed(connection, LEADS));
  console.log(`Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model}), ${AT_ONCE} requests at once.\n`);
  const rows = [await compare('get, of our server', ours.origin), await compare('get, of a server that does nothing', nothing.origin)];
  console.log(table(['', 'bare fetch, requests/s', 'the client, requests/s', 'the client / fetch'], rows));
} finally {
  await Promise.all([ours.stop(), nothing.stop()]);
  await dropDatabase(name);
}

/** The two take turns, each first in every second round. Both parse the answer, and look whether it is a success. */
async function compare(what: string, origin: string): Promise<string[]> {
  const client = createLeadsClient({ baseUrl: origin, apiKey: API_KEY });
  const headers = { Authorization: `Bearer ${API_KEY}` };
  const bare = async (id: string) => {
    const response = await fetch(`${origin}/api/v1/leads/${encodeURIComponent(id)}`, { headers });
    const { success, data } = (await response.json()) as { success: boolean; data: unknown };
    if (!success) throw new Error(`status ${response.status}`);
    return data;
  };
  const ways = { bare, client: (id: string) => client.leads.get(id) };
  const rates: Record<keyof typeof ways, number[]> = { bare: [], client: [] };
  for (let round = -1; round < ROUNDS; round++) {
    const order = round % 2 === 0 ? (['bare', 'client'] as const) : (['client', 'bare'] as const);
    for (const way of order) {
      const rate = await perSecond(ways[way]);
      // The first round warms up.
      if (round >= 0) rates[way].push(rate);
    }
  }
  const ratios = rates.client.map((rate, round) => rate / rates.bare[round]!);
  return [what, whole(median(rates.bare)), whole(median(rates.client)), median(ratios).toFixed(2)];
}

async function perSecond(call: (id: string) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (performance.now() - start < ROUND_MS) await call(leadId((done++ % LEADS) + 1));
    }),
  );
  return (done * 1000) / (performance.now() - start);
}
