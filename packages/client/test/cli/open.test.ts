import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ERRORS, openApiJson } from '@leads/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { piped } from './support/pipe.ts';
import { inTerminal, requireTerminal } from './support/terminal.ts';

let referenceUrl: string | null = 'https://reference.example.com';
let server: Server;
let url: string;
beforeAll(async () => {
  // What of a server the command asks: no key is needed for it.
  server = createServer(({ url: path }, response) => {
    const answers: Record<string, string> = { '/docs/settings.json': JSON.stringify({ referenceUrl }), '/openapi.json': openApiJson() };
    response.writeHead(answers[path!] ? 200 : 404, { 'Content-Type': 'application/json' }).end(answers[path!]);
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

describe('where no reference is published, as that of the mock, leads open', () => {
  beforeAll(() => void (referenceUrl = null));
  afterAll(() => void (referenceUrl = 'https://reference.example.com'));

  it.each([
    ['prints the page to try an operation on', ['apiKeys.create'], '/docs/#/API%20keys/apiKeys.create', 'REFERENCE_URL'],
    ['tells what an error means', ['CONFIRMATION_STALE'], '/docs/', ERRORS.CONFIRMATION_STALE.remedy],
    ['names the help of a command', ['jobs', 'watch'], '/docs/', 'leads help jobs watch'],
    ['prints the page of all of them', [], '/docs/', 'REFERENCE_URL'],
  ])('%s', async (_, topic, page, told) => {
    expect(await open(...topic)).toMatchObject({ code: 0, stdout: `${url}${page}\n`, stderr: expect.stringContaining(told) });
  });
});

it('leads open says so where no server answers', async () => {
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
