/** Run with `--expose-gc`: what a mock holds after many requests and many reloads, as a table on standard output. */
import { setImmediate } from 'node:timers/promises';
import { generateOpenApi } from '@leads/contract';
import { startMock } from '@leads/mock';
import autocannon from 'autocannon';
import { table, whole } from './report.ts';

const REQUESTS = 100_000;
const RELOADS = 100;

const mock = await startMock({ mode: 'examples' });
const rows: string[][] = [];
const note = async (what: string) => {
  // What is left after the timers and sockets of the requests are gone, too.
  await setImmediate();
  for (let n = 0; n < 4; n++) globalThis.gc!();
  const { heapUsed, rss } = process.memoryUsage();
  rows.push([what, `${(heapUsed / 2 ** 20).toFixed(1)} MB`, `${whole(rss / 2 ** 20)} MB`]);
};
const fire = async (amount: number) => {
  const url = `${mock.url}/api/v1/leads/lead_1234567890abcdef`;
  const { non2xx } = await autocannon({ url, headers: { authorization: 'Bearer sk-workspace_bench' }, connections: 10, amount });
  if (non2xx > 0) throw new Error(`${non2xx} answers were no success`);
};

await fire(REQUESTS / 10);
await note('warm');
for (let part = 1; part <= 4; part++) {
  await fire(REQUESTS / 4);
  await note(`after ${whole((part * REQUESTS) / 4)} requests`);
}
const document = generateOpenApi() as { info: { title: string } };
for (let reload = 1; reload <= RELOADS; reload++) {
  document.info.title = `Reload ${reload}`;
  await mock.reload(document);
  await fire(100);
  if (reload % 25 === 0) await note(`after ${reload} reloads`);
}
await mock.close();
console.log(table(['', 'heap, after collecting garbage', 'resident'], rows));
