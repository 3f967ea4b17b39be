import type { Client } from './client.ts';
import { COMMON_TEXT, RARE_NAME } from './database.ts';
import { median, ms, table } from './report.ts';
import { API_KEY } from './requests.ts';
import type { ServerProcess } from './servers.ts';

const BLOCKS = 7;
const REQUESTS_PER_BLOCK = 40;
/** Until V8 has compiled what is asked for, in a server that has done nothing yet as in one that was measured before. */
const WARM_UP_REQUESTS = 3_000;

/** A server with this many leads in its workspace. */
export interface Sized {
  readonly server: ServerProcess;
  readonly leads: number;
}

/** Two servers of which the second stores more. */
export interface Pair {
  readonly few: Sized;
  readonly many: Sized;
}

interface List {
  readonly name: string;
  readonly query: string;
  readonly deep?: boolean;
}

const LISTS: readonly List[] = [
  { name: 'first page', query: '' },
  { name: 'deep page, by cursor', query: '', deep: true },
  { name: 'search, 20 leads match', query: `search=${RARE_NAME.toUpperCase()}` },
  { name: 'search, 40 % match', query: `search=${COMMON_TEXT}` },
  { name: 'one status of 12 %', query: 'status=qualified' },
  { name: 'one status of 0.5 %', query: 'status=follow_up' },
  { name: 'one source of 0.2 %', query: 'source=trade%20fair' },
  { name: 'sorted by name', query: 'sortBy=name&sortOrder=asc' },
];

/** What is asked for alone and beside other workspaces. */
const BESIDE_OTHERS: readonly List[] = [{ name: 'search beside 199 workspaces, 1.7 % match', query: 'search=Quispe' }];

/**
 * How long one request takes, one after the other, with few leads and with many in a workspace, and in a workspace that is alone and
 * beside others; the total is part of every answer.
 */
export async function growth(client: Client, bySize: Pair, byNeighbours: Pair): Promise<string> {
  const rows = [...(await compare(client, bySize, LISTS)), ...(await compare(client, byNeighbours, BESIDE_OTHERS))];
  return table(['list', 'few leads', 'many leads', 'ratio'], rows);
}

async function compare(client: Client, { few, many }: Pair, lists: readonly List[]): Promise<string[][]> {
  const rows: string[][] = [];
  for (const side of [few, many])
    await client.run({
      origin: side.server.origin,
      target: { path: '/api/v1/leads?limit=20' },
      connections: 1,
      seconds: 60,
      requests: WARM_UP_REQUESTS,
    });
  for (const { name, query, deep } of lists) {
    const paths = new Map<Sized, string>();
    for (const side of [few, many]) paths.set(side, `/api/v1/leads?limit=20&${query}${deep ? await deepCursor(side) : ''}`);
    const block = (side: Sized) =>
      client.run({
        origin: side.server.origin,
        target: { path: paths.get(side)! },
        connections: 1,
        seconds: 20,
        requests: REQUESTS_PER_BLOCK,
      });
    const medians: { few: number; many: number }[] = [];
    for (let i = 0; i <= BLOCKS; i++) medians.push({ few: (await block(few)).p50, many: (await block(many)).p50 });
    // The first block warms up.
    medians.shift();
    rows.push([
      name,
      ms(median(medians.map((block) => block.few))),
      ms(median(medians.map((block) => block.many))),
      median(medians.map((block) => block.many / block.few)).toFixed(2),
    ]);
  }
  return rows;
}

/** The cursor in the middle of the list. */
async function deepCursor({ server, leads }: Sized): Promise<string> {
  const page = Math.floor(leads / 2 / 100);
  const response = await fetch(`${server.origin}/api/v1/leads?limit=100&page=${page}`, { headers: { Authorization: `Bearer ${API_KEY}` } });
  const { data } = (await response.json()) as { data: { pagination: { nextCursor: string } } };
  return `cursor=${data.pagination.nextCursor}`;
}
