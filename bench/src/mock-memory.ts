/** Run with `--expose-gc`: what mocks hold after many requests and many reloads, as a table on standard output. */
import { setTimeout as wait } from 'node:timers/promises';
import { generateOpenApi } from '@leads/contract';
import { type Mock, type Mode, startMock } from '@leads/mock';
import { load } from './load.ts';
import { table, whole } from './report.ts';

const REQUESTS = 100_000;
const RELOADS = 100;

const rows: string[][] = [];

await measure('examples', reloads);
await measure('stateful');
console.log(table(['', 'heap, after collecting garbage', 'resident'], rows));

async function measure(mode: Mode, further: (mock: Mock) => Promise<void> = async () => {}): Promise<void> {
  const mock = await startMock({ mode });
  await fire(mock, REQUESTS / 10);
  await note(`${mode}, warm`);
  for (let part = 1; part <= 4; part++) {
    await fire(mock, REQUESTS / 4);
    await note(`${mode}, after ${whole((part * REQUESTS) / 4)} requests`);
  }
  await further(mock);
  await mock.close();
}

async function reloads(mock: Mock): Promise<void> {
  const document = generateOpenApi() as { info: { title: string } };
  for (let reload = 1; reload <= RELOADS; reload++) {
    document.info.title = `Reload ${reload}`;
    await mock.reload(document);
    await fire(mock, 100);
    if (reload % 25 === 0) await note(`after ${reload} reloads`);
  }
}

async function fire({ url }: Mock, requests: number): Promise<void> {
  const target = { path: '/api/v1/leads/lead_1234567890abcdef' };
  const { failure } = await load({ origin: url, target, connections: 10, seconds: Infinity, requests });
  if (failure) throw new Error(failure);
}

async function note(what: string): Promise<void> {
  // What is left after timers, sockets and finalizers are gone, too: they go between two collections.
  for (let n = 0; n < 4; n++) {
    await wait(20);
    globalThis.gc!();
  }
  const { heapUsed, rss } = process.memoryUsage();
  rows.push([what, `${(heapUsed / 2 ** 20).toFixed(1)} MB`, `${whole(rss / 2 ** 20)} MB`]);
}
