import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BARE_ENVIRONMENT } from '../../packages/server/test/support/bare-environment.ts';
import { freePort } from '../../packages/server/test/support/free-port.ts';
import { CopyOfCheckout } from './copy-of-checkout.ts';

let copy: CopyOfCheckout;
let child: ChildProcess;
let said = '';
let server: string;
let mock: string;
let site: string;

const isServed = (url: string) =>
  fetch(url, { headers: { authorization: 'Bearer sk-workspace_test' } }).then(
    ({ ok }) => ok,
    () => false,
  );
const until = (what: () => unknown) => expect.poll(what).toBe(true);

beforeAll(async () => {
  copy = new CopyOfCheckout();
  copy.changeContract('openapi/document.ts', (text) => text.replace("title: 'Leads API',", "title: 'Leads API, changed',"));
  const [port, mockPort] = [await freePort(), await freePort()];
  [server, mock] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${mockPort}`];
  child = spawn('npm', ['run', 'dev'], {
    cwd: copy.path,
    env: {
      // Nothing of the test's own environment, in which Astro serves nothing.
      ...BARE_ENVIRONMENT,
      HOME: copy.path,
      HOST: '127.0.0.1',
      PORT: `${port}`,
      MOCK_PORT: `${mockPort}`,
      LEADS_DATA_DIR: join(copy.path, '.leads'),
    },
  });
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk) => {
      said += stripVTControlCharacters(String(chunk));
    });
});
afterAll(async () => {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  copy.remove();
});

describe('npm run dev', () => {
  it('generates by the contract, and serves the server, the mock and the reference site', async () => {
    await until(async () => (await isServed(`${server}/healthz`)) && (await isServed(`${mock}/api/v1/leads`)));
    expect(copy.document()).toContain('Leads API, changed');
    await until(() => /http:\/\/127\.0\.0\.1:\d+\/\s*$/m.test(said.split('Local').at(-1)!));
    [site] = /http:\/\/127\.0\.0\.1:\d+\//.exec(said.split('Local').at(-1)!)! as [string];
    await until(() => isServed(site));
  });

  it('ends all of them on a SIGTERM to npm alone', async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(await Promise.all([`${server}/healthz`, `${mock}/api/v1/leads`, site].map(isServed))).toEqual([false, false, false]);
  });
});
