import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { piped } from './support/pipe.ts';
import { inTerminal, requireTerminal } from './support/terminal.ts';

let referenceUrl: string | null = 'https://reference.example.com';
let server: Server;
let url: string;
beforeAll(async () => {
  // What of a server the command asks: no key is needed for it.
  server = createServer(({ url: path }, response) => {
    response.writeHead(path === '/docs/settings.json' ? 200 : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ referenceUrl }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const open = (...topic: string[]) => piped(['open', ...topic], { env: { LEADS_BASE_URL: `${url}/api/v1` } });

it.each([
  ['an operation', ['leads.delete'], '/reference/leads.delete/'],
  ['an error code', ['CONFIRMATION_STALE'], '/errors/CONFIRMATION_STALE/'],
  ['a command', ['jobs', 'watch'], '/commands/#jobs-watch'],
  ['everything', [], '/'],
])('leads open prints the page of the reference: of %s', async (_, topic, path) => {
  expect(await open(...topic)).toMatchObject({ code: 0, stdout: `https://reference.example.com${path}\n`, stderr: '' });
});

it('leads open says what was probably meant', async () => {
  expect(await open('leads.delte')).toMatchObject({ code: 2, stderr: expect.stringContaining('leads open leads.delete') });
});

it('leads open prints the page of the server where no reference is published, and says so; without a server it says that', async () => {
  referenceUrl = null;
  expect(await open('leads.delete')).toMatchObject({ code: 0, stdout: `${url}/docs/\n`, stderr: expect.stringContaining('REFERENCE_URL') });
  referenceUrl = 'https://reference.example.com';
  const away = await piped(['open'], { env: { LEADS_BASE_URL: 'http://127.0.0.1:1' } });
  expect(away).toMatchObject({
    code: 7,
    stdout: '',
    stderr: expect.stringContaining('No answer from http://127.0.0.1:1/docs/settings.json'),
  });
});

it('leads open opens the browser of a desktop, and only prints where there is none', async (context) => {
  requireTerminal(context);
  const folder = mkdtempSync(join(tmpdir(), 'leads-cli-'));
  const opened = join(folder, 'opened');
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\necho "$1" > '${opened}.part' && mv '${opened}.part' '${opened}'\n`);
  chmodSync(join(folder, 'xdg-open'), 0o755);
  const env = { LEADS_BASE_URL: url, PATH: `${folder}:${process.env.PATH}`, NO_COLOR: '1' };
  const page = 'https://reference.example.com/reference/leads.delete/';
  expect(await inTerminal(['open', 'leads.delete'], env)).toMatchObject({ code: 0, text: `${page}\n` });
  expect(existsSync(opened)).toBe(false);
  expect(await inTerminal(['open', 'leads.delete'], { ...env, DISPLAY: ':0' })).toMatchObject({ code: 0, text: `${page}\n` });
  await expect.poll(() => existsSync(opened)).toBe(true);
  expect(readFileSync(opened, 'utf8')).toBe(`${page}\n`);
});
