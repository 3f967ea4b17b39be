import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runCli } from '../test/run-cli.ts';

const DOCUMENT = fileURLToPath(new URL('../../../docs/openapi.json', import.meta.url));

/** How much of a process is in memory, in MB; Linux tells it of any process. */
function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}

if (process.platform !== 'linux') console.warn('Skipped the memory of leads-mock: only Linux tells it of another process.');
it.skipIf(process.platform !== 'linux').each([
  ['stateful', 350],
  ['examples', 180],
])('with %s, stays within %i MB of memory', async (mode, most) => {
  const { child, ended } = runCli({ MOCK_PORT: '0' }, '--mode', mode, '--document', DOCUMENT);
  const url = /http:\S+/.exec(String((await once(child.stdout, 'data'))[0]))![0];
  const headers = { authorization: 'Bearer sk-workspace_test', 'content-type': 'application/json' };
  for (let n = 0; n < 500; n++) {
    await Promise.all([
      fetch(`${url}/api/v1/leads`, { headers }).then((response) => response.text()),
      fetch(`${url}/api/v1/leads`, { method: 'POST', headers, body: '{"name":"Jane","email":"jane@example.com"}' }).then((made) =>
        made.text(),
      ),
    ]);
  }
  expect(residentMb(child.pid!)).toBeLessThan(most);
  child.kill('SIGTERM');
  expect((await ended)[0]).toBe(0);
});
