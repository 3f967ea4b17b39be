import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { explainStart } from '../src/start-error.ts';
import { DataDirectoryError } from '../src/db/embedded/data-directory.ts';
import { BARE_ENVIRONMENT } from './support/bare-environment.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

describe('npm start', () => {
  let npm: ChildProcess;
  let said = '';
  beforeAll(async () => {
    // A group of its own, so that whatever is left of it can be ended.
    npm = spawn('npm', ['start'], {
      cwd: ROOT,
      detached: true,
      env: { ...process.env, DATABASE_URL: '', PORT: '0', LEADS_DATA_DIR: 'memory' },
    });
    npm.stderr!.on('data', (bytes) => (said += bytes));
    await vi.waitUntil(() => said.includes('curl'), { timeout: 300_000 });
  });
  afterAll(() => {
    try {
      process.kill(-npm.pid!, 'SIGKILL');
    } catch {
      // Nothing is left.
    }
  });

  it('prints lines to paste, which give the key to every command of the README', async () => {
    const [, line] = /^ {2}(export LEADS_API_KEY=sk-workspace_\w{51})$/m.exec(said)!;
    const port = new URL(addressIn(said)).port;
    const [first] = /^curl[^]*?(?<!\\)$/m.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))!;
    expect(first).toContain('$LEADS_API_KEY');
    const pasted = `${line}\n${first.replace('127.0.0.1:3000', `127.0.0.1:${port}`)}`;
    const { stdout } = await promisify(execFile)('sh', ['-c', pasted], { env: { PATH: process.env['PATH'] } });
    expect(JSON.parse(stdout)).toMatchObject({ success: true, data: { name: 'John Doe' } });
  });

  it('ends the server when it is told to end', async () => {
    npm.kill('SIGTERM');
    await once(npm, 'exit');
    const answers = () =>
      fetch(`${addressIn(said)}/healthz`).then(
        () => true,
        () => false,
      );
    await expect.poll(answers).toBe(false);
  });
});

function addressIn(text: string): string {
  return /http:\/\/127\.0\.0\.1:\d+/.exec(text)![0];
}

describe('a server that cannot start says why in one line, and ends with 1', () => {
  const directory = mkdtempSync(join(tmpdir(), 'leads-start-'));
  const taken = createServer();
  beforeAll(async () => {
    writeFileSync(join(directory, 'file'), '');
    mkdirSync(join(directory, 'closed'));
    chmodSync(join(directory, 'closed'), 0o500);
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
  });
  afterAll(() => {
    taken.close();
    rmSync(directory, { recursive: true });
  });

  async function start(environment: Record<string, string>) {
    const child = spawn(process.execPath, [MAIN], { env: { ...BARE_ENVIRONMENT, PORT: '0', ...environment } });
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    return { said, code };
  }

  const dataDir = (path: string) => async () => ({ LEADS_DATA_DIR: path.startsWith('/') ? path : join(directory, path) });
  const nowhere = (host: string) => async () => ({ DATABASE_URL: `postgres://nobody:secret@${host}:1/leads` });

  it.each([
    ['a file as data directory', dataDir('file'), /file cannot be used: it is a file\. Set LEADS_DATA_DIR/],
    ['a data directory under a file', dataDir('file/deep/data'), /cannot be used: it would lie under a file\. Set LEADS_DATA_DIR/],
    ['a data directory under /proc', dataDir('/proc/leads/data'), /cannot be used: no directory can be made there\. Set LEADS_DATA_DIR/],
    [
      'a data directory in /sys',
      dataDir('/sys/leads'),
      /cannot be used: (this user may not write there|it lies on a file system that is read-only)/,
    ],
    ['/proc as data directory', dataDir('/proc'), /The data directory \/proc cannot be used: /],
    [
      'an address of another machine',
      async () => ({ LEADS_DATA_DIR: 'memory', HOST: '192.0.2.1' }),
      /^192\.0\.2\.1 is no address of this machine\. Set HOST/,
    ],
    [
      'a host name that there is not',
      async () => ({ LEADS_DATA_DIR: 'memory', HOST: 'no.such.invalid' }),
      /^The server cannot listen on no\.such\.invalid: .* Set HOST/,
    ],
    [
      'a port that is taken',
      async () => ({ LEADS_DATA_DIR: 'memory', PORT: String((taken.address() as AddressInfo).port) }),
      /^Port \d+ is in use\. Stop the other server, or set PORT/,
    ],
    [
      'a database that nobody listens at',
      nowhere('127.0.0.1'),
      /^The database cannot be used: connect ECONNREFUSED 127\.0\.0\.1:1\. Check DATABASE_URL\./,
    ],
    [
      'a database at a name with several addresses',
      nowhere('localhost'),
      /^The database cannot be used: connect ECONNREFUSED .* Check DATABASE_URL\./,
    ],
    ['a wrong setting', async () => ({ PORT: 'x' }), /^The settings are wrong:\n {2}PORT must be a whole number from 0 to 65535\n$/],
  ])('%s', async (_what, environment, expected) => {
    const { said, code } = await start(await environment());
    expect(said).toMatch(expected);
    expect(said.trim().split('\n')).toHaveLength(said.startsWith('The settings') ? 2 : 1);
    expect(said).not.toContain('secret');
    expect(code).toBe(1);
  });

  it('a data directory that this user may not write to', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may write everywhere');
    expect((await start({ LEADS_DATA_DIR: join(directory, 'closed') })).said).toMatch(/cannot be used: this user may not write there/);
  });

  it.each([
    [new DataDirectoryError('data', Object.assign(new Error('x'), { code: 'EROFS' })), /it lies on a file system that is read-only/],
    [new DataDirectoryError('data', Object.assign(new Error('x'), { code: 'ENOSPC' })), /its disk is full/],
    [Object.assign(new Error('password authentication failed for user "x"'), { code: '28P01' }), /^The database cannot be used: password/],
    [Object.assign(new Error('permission denied for schema public'), { code: '42501' }), /^The database cannot be used: permission denied/],
    [new Error('The server does not support SSL connections'), /^The database cannot be used: The server does not support SSL/],
    [
      Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
      /^The database cannot be used: self-signed/,
    ],
  ])('%s', (error, expected) => {
    expect(explainStart(error)).toMatch(expected);
    expect(explainStart(error)).not.toContain('\n');
  });

  it('what nobody could foresee comes with its stack', () => {
    expect(explainStart(new Error('a bug'))).toMatch(/^Error: a bug\n {4}at /);
  });
});
