import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copySources } from '../copy-sources.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** How long anything may take on a machine that is busy with other tests, in milliseconds. */
const PATIENCE_MS = 180_000;

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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

let copy: string;
let child: ChildProcess;
let said = '';
let server: string;
let mock: string;

const starts = (program: string) => said.split(`Starting the ${program}.`).length - 1;
const allStarts = () => ['server', 'mock', 'reference site'].map(starts);
const isServed = (url: string) =>
  fetch(url, { headers: { authorization: 'Bearer sk-workspace_test' } }).then(
    ({ ok }) => ok,
    () => false,
  );
const until = (what: () => unknown) => expect.poll(what, { timeout: PATIENCE_MS }).toBe(true);
const allServed = async () => (await Promise.all([isServed(`${server}/healthz`), isServed(`${mock}/api/v1/leads`)])).every(Boolean);
const path = (file: string) => join(copy, 'packages', file);

function replaceBy(text: string, file: string): void {
  writeFileSync(`${path(file)}.new`, text);
  renameSync(`${path(file)}.new`, path(file));
}

/** The ways in which editors and tools save. */
const WAYS: readonly [name: string, save: (file: string, text: string) => void][] = [
  ['written over', (file, text) => writeFileSync(path(file), text)],
  ['put in the place of the former one', (file, text) => replaceBy(text, file)],
  ['put in its place once more', (file, text) => replaceBy(text, file)],
  [
    'emptied, then written',
    (file, text) => {
      writeFileSync(path(file), '');
      writeFileSync(path(file), text);
    },
  ],
  ['touched', (file) => utimesSync(path(file), new Date(), new Date())],
];

beforeAll(async () => {
  copy = copyOfCheckout();
  const [port, mockPort] = [await freePort(), await freePort()];
  [server, mock] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${mockPort}`];
  child = spawn(process.execPath, ['scripts/dev.ts'], {
    cwd: copy,
    env: {
      // Nothing of the test's own environment, in which Astro serves nothing.
      PATH: process.env['PATH'],
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
}, PATIENCE_MS);
afterAll(async () => {
  if (child.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(copy, { recursive: true });
}, PATIENCE_MS);

/** Ways that differ little are tried where there is time. */
const MORE = process.env['LEADS_TEST_MORE'] !== undefined;

describe('npm run dev', { timeout: 4 * PATIENCE_MS }, () => {
  it('serves the server, the mock and the reference site', async () => {
    await until(allServed);
    await until(() => /http:\/\/127\.0\.0\.1:\d+\/\s*$/m.test(said.split('Local').at(-1)!));
    const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(said.split('Local').at(-1)!)!;
    await until(() => isServed(url));
  });

  it.each(WAYS.slice(0, MORE ? Infinity : 2))('starts the mock again, once, when a file of it is %s', async (_, save) => {
    const [before, others] = [starts('mock'), [starts('server'), starts('reference site')]];
    const file = 'mock/src/scenarios.ts';
    save(file, `${readFileSync(path(file), 'utf8')}\n// saved\n`);
    await until(() => starts('mock') > before);
    await until(allServed);
    expect([starts('mock'), starts('server'), starts('reference site')]).toEqual([before + 1, ...others]);
  });

  const spoilt: [problem: string, file: string, spoil: (text: string) => string, complaint: string][] = [
    ['does not compile', 'contract/src/http/success.ts', (text: string) => `${text}\nexport const wrong: number = 'text';\n`, 'TS2322'],
    [
      'makes a document that is none',
      'contract/src/openapi/document.ts',
      (text: string) => text.replace("title: 'Leads API',", "title: 'Leads API', nonsense: true,"),
      '`nonsense` is not expected',
    ],
  ];
  it.each(spoilt.slice(0, MORE ? Infinity : 1))(
    'says what is wrong with a contract that %s, and goes on by the former one',
    async (_, file, spoil, complaint) => {
      const [before, document, right] = [
        allStarts(),
        readFileSync(join(copy, 'docs/openapi.json'), 'utf8'),
        readFileSync(path(file), 'utf8'),
      ];
      const heard = said.length;
      replaceBy(spoil(right), file);
      await until(() => said.slice(heard).includes('goes on by the former one'));
      expect(said.slice(heard)).toContain(complaint);
      expect(readFileSync(join(copy, 'docs/openapi.json'), 'utf8')).toBe(document);
      expect(allStarts()).toEqual(before);
      expect(await allServed()).toBe(true);
      replaceBy(right, file);
      await until(() => allStarts().every((count, i) => count > before[i]!));
      await until(allServed);
      expect(allStarts()).toEqual(before.map((count) => count + 1));
    },
  );

  it('generates by a contract that is saved, and starts everything again, once', async () => {
    const before = allStarts();
    const file = 'contract/src/openapi/document.ts';
    replaceBy(readFileSync(path(file), 'utf8').replace("title: 'Leads API',", "title: 'Leads API, changed',"), file);
    await until(() => allStarts().every((count, i) => count > before[i]!));
    expect(readFileSync(join(copy, 'docs/openapi.json'), 'utf8')).toContain('Leads API, changed');
    await until(allServed);
    expect(allStarts()).toEqual(before.map((count) => count + 1));
  });

  it('ends all of them on SIGTERM', async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect([await isServed(`${server}/healthz`), await isServed(`${mock}/api/v1/leads`)]).toEqual([false, false]);
  });
});
