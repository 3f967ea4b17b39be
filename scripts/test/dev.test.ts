import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { copySources } from '../copy-sources.ts';
import { takeContract } from '../dev/take-contract.ts';
import { freePort } from '../../packages/server/test/support/free-port.ts';
import { BARE_ENVIRONMENT } from '../../packages/server/test/support/bare-environment.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The project, to be changed; within this checkout, whose dependencies it finds above itself. */
function copyOfCheckout(): string {
  mkdirSync(join(ROOT, 'scripts/.cache'), { recursive: true });
  const copy = mkdtempSync(join(ROOT, 'scripts/.cache/dev-'));
  copySources(copy);
  // A fresh database takes three seconds without it.
  symlinkSync(join(ROOT, 'packages/server/.cache'), join(copy, 'packages/server/.cache'));
  mkdirSync(join(copy, 'node_modules/@leads'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules/.bin'), join(copy, 'node_modules/.bin'));
  for (const name of readdirSync(join(copy, 'packages')))
    symlinkSync(join(copy, 'packages', name), join(copy, 'node_modules/@leads', name));
  return copy;
}

let copy: string;
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
const document = () => readFileSync(join(copy, 'docs/openapi.json'), 'utf8');

/** Changes a file of the contract; returns what it was. */
function change(file: string, edit: (text: string) => string): string {
  const path = join(copy, 'packages/contract/src', file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, edit(text));
  return text;
}

beforeAll(async () => {
  copy = copyOfCheckout();
  change('openapi/document.ts', (text) => text.replace("title: 'Leads API',", "title: 'Leads API, changed',"));
  const [port, mockPort] = [await freePort(), await freePort()];
  [server, mock] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${mockPort}`];
  child = spawn('npm', ['run', 'dev'], {
    cwd: copy,
    env: {
      // Nothing of the test's own environment, in which Astro serves nothing.
      ...BARE_ENVIRONMENT,
      HOME: copy,
      HOST: '127.0.0.1',
      PORT: `${port}`,
      MOCK_PORT: `${mockPort}`,
      LEADS_DATA_DIR: join(copy, '.leads'),
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
  rmSync(copy, { recursive: true });
});

describe('npm run dev', () => {
  it('generates by the contract, and serves the server, the mock and the reference site', async () => {
    await until(async () => (await isServed(`${server}/healthz`)) && (await isServed(`${mock}/api/v1/leads`)));
    expect(document()).toContain('Leads API, changed');
    await until(() => /http:\/\/127\.0\.0\.1:\d+\/\s*$/m.test(said.split('Local').at(-1)!));
    [site] = /http:\/\/127\.0\.0\.1:\d+\//.exec(said.split('Local').at(-1)!)! as [string];
    await until(() => isServed(site));
  });

  it('ends all of them on a SIGTERM to npm alone', async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(await Promise.all([`${server}/healthz`, `${mock}/api/v1/leads`, site].map(isServed))).toEqual([false, false, false]);
  });

  it.each([
    ['does not compile', 'http/success.ts', (text: string) => `${text}\nexport const wrong: number = 'text';\n`, 'TS2322'],
    [
      'makes a document that is none',
      'openapi/document.ts',
      (text: string) => text.replace('title:', 'nonsense: true, title:'),
      '`nonsense` is not expected',
    ],
  ] as const)('takes no contract that %s, and says what is wrong with it', async (_, file, spoil, complaint) => {
    const before = document();
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    const right = change(file, spoil);
    expect(await takeContract(copy)).toBe(false);
    change(file, () => right);
    expect(error.mock.lastCall![0]).toContain(complaint);
    expect(document()).toBe(before);
    error.mockRestore();
  });
});
