import { once } from 'node:events';
import { connect } from 'node:net';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateOpenApi } from '@leads/contract';
import { expect, it, vi } from 'vitest';
import { runCli as run } from '../test/run-cli.ts';
import { startMock } from './start-mock.ts';

// Each starts a process, which takes long on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 180_000 });

it('takes mode, seed and port as options, ahead of the environment', async () => {
  const { child, ended } = run({ MOCK_PORT: 'ignored', MOCK_MODE: 'examples' }, '--port', '0', '--mode', 'stateful', '--seed', '3');
  const url = /http:\S+/.exec(String((await once(child.stdout, 'data'))[0]))![0];
  const response = await fetch(`${url}/api/v1/leads`, { headers: { authorization: 'Bearer sk-workspace_test' } });
  expect(await response.json()).toMatchObject({ data: { pagination: { total: 3 } } });
  child.kill('SIGTERM');
  expect((await ended)[0]).toBe(0);
});

it('says with --help what can be chosen, and in one line what cannot', async () => {
  const help = run({}, '--help');
  expect(await help.output).toMatch(/--host[^]*--port[^]*--mode[^]*--seed[^]*--document/);
  expect((await help.ended)[0]).toBe(0);
  for (const [args, problem] of [
    [['--nope'], /^Unknown option '--nope'\n$/],
    [['--mode', 'x'], /^--mode must be one of stateful, examples, generated, not "x"\.\n$/],
    [['--seed', '10001'], /^The seed cannot be used: leads: .+\n$/],
  ] as const) {
    const { errors, ended } = run({ MOCK_PORT: '0' }, ...args);
    expect(await errors).toMatch(problem);
    expect((await ended)[0]).toBe(1);
  }
});

it('ends at once, although an answer still waits for its latency', async () => {
  const { child, ended } = run({ MOCK_PORT: '0', MOCK_MODE: 'examples' });
  const url = /http:\S+/.exec(String((await once(child.stdout, 'data'))[0]))![0];
  await fetch(`${url}/__mock/faults`, { method: 'POST', body: '{"latencyMs":60000}' });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET /api/v1/leads HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n');
  // By "100 Continue" the mock has the request.
  await once(socket, 'data');
  socket.on('error', () => {});
  child.kill('SIGTERM');
  expect((await ended)[0]).toBe(0);
});

it.each(['SIGTERM', 'SIGINT'] as const)('says where it listens and how to ask, and ends with 0 on %s', async (signal) => {
  const { child, output, errors, ended } = run({ MOCK_PORT: '0' });
  await once(child.stdout, 'data');
  child.kill(signal);
  expect((await ended)[0]).toBe(0);
  expect(await output).toMatch(/http:\/\/127\.0\.0\.1:\d+[^]*curl[^]*sk-workspace_[^]*Prefer: code=404/);
  expect(await errors).toBe('');
});

it.each(['abc', '-1', '65536', '4010.5'])('refuses MOCK_PORT=%s in one line', async (port) => {
  const { errors, ended } = run({ MOCK_PORT: port });
  expect((await ended)[0]).toBe(1);
  expect(await errors).toBe(`MOCK_PORT must be a number from 0 to 65535, not "${port}".\n`);
});

it('says in one line that the port is in use', async () => {
  const mock = await startMock({ mode: 'examples' });
  const { port } = new URL(mock.url);
  const { errors, ended } = run({ MOCK_PORT: port });
  expect((await ended)[0]).toBe(1);
  expect(await errors).toBe(`Port ${port} on 127.0.0.1 is in use. Stop what listens there, or choose another with --port.\n`);
  await mock.close();
});

it('says in one line that it cannot listen on HOST', async () => {
  const { errors, ended } = run({ HOST: '203.0.113.1', MOCK_PORT: '0', MOCK_MODE: 'examples' });
  expect((await ended)[0]).toBe(1);
  expect(await errors).toMatch(/^Cannot listen on 203\.0\.113\.1, port 0: .+\n$/);
});

it('answers by the document of MOCK_DOCUMENT, again when it changes, and by the former one while it cannot be read', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'leads-mock-'));
  const file = join(directory, 'openapi.json');
  const document = generateOpenApi() as { paths: Record<string, unknown> };
  await writeFile(file, JSON.stringify(document));
  const { child, ended } = run({ MOCK_PORT: '0', MOCK_MODE: 'examples', MOCK_DOCUMENT: file });
  const said = new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data))));
  const url = /http:\S+/.exec(await said)![0];
  const ask = async () => (await fetch(`${url}/api/v2/leads`, { headers: { authorization: 'Bearer sk-workspace_test' } })).status;
  expect(await ask()).toBe(404);

  const complaint = once(child.stderr, 'data');
  await writeFile(file, '{');
  expect(String(await complaint)).toContain('the former one stays');
  expect(await ask()).toBe(404);

  const notice = once(child.stdout, 'data');
  document.paths['/api/v2/leads'] = document.paths['/api/v1/leads'];
  await writeFile(`${file}.new`, JSON.stringify(document));
  await rename(`${file}.new`, file);
  expect(String(await notice)).toContain('Answers by the changed');
  expect(await ask()).toBe(200);

  child.kill('SIGTERM');
  expect((await ended)[0]).toBe(0);
  await rm(directory, { recursive: true });
});

it('says in one line that MOCK_DOCUMENT cannot be read', async () => {
  const { errors, ended } = run({ MOCK_PORT: '0', MOCK_DOCUMENT: 'nowhere.json' });
  expect((await ended)[0]).toBe(1);
  expect(await errors).toMatch(/^MOCK_DOCUMENT cannot be read: ENOENT.*\n$/);
});
