import { chmodSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { piped } from '../support/pipe.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let home: string;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'leads-cli-'));
});

const file = () => join(home, 'leads', 'config.json');
const login = (...options: string[]) =>
  piped(['login', '--base-url', server.url, ...options], { env: { XDG_CONFIG_HOME: home }, input: `${server.apiKey}\n` });
const leads = (args: string[], env: Record<string, string> = {}) => piped(args, { env: { XDG_CONFIG_HOME: home, ...env } });

describe('the key that leads login keeps', () => {
  it('is in a file that only its owner can read, in such a folder, and is never printed', async () => {
    const { code, stdout, stderr } = await login();
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain(server.url);
    expect(stderr).not.toContain(server.apiKey);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'leads')).mode & 0o777).toBe(0o700);
    expect((await leads(['list'])).code).toBe(0);
  });

  it('is not kept where the server refuses it', async () => {
    const refused = await piped(['login', '--base-url', server.url], {
      env: { XDG_CONFIG_HOME: home },
      input: `sk-workspace_${'x'.repeat(51)}`,
    });
    expect(refused.code).toBe(3);
    expect(() => statSync(file())).toThrow('ENOENT');
  });

  it('is not used where others can read the file', async () => {
    await login();
    chmodSync(file(), 0o640);
    const { code, stderr } = await leads(['list']);
    expect(code).toBe(3);
    expect(stderr).toContain(`chmod 600 ${file()}`);
  });

  it('is forgotten by leads logout, and the other profiles are not', async () => {
    await login();
    await login('--profile', 'staging');
    expect((await leads(['logout'])).code).toBe(0);
    expect(Object.keys(JSON.parse(readFileSync(file(), 'utf8')).profiles)).toEqual(['staging']);
    expect((await leads(['list'])).code).toBe(3);
    expect((await leads(['list', '--profile', 'staging'])).code).toBe(0);
    await leads(['logout', '--profile', 'staging']);
    expect(() => statSync(file())).toThrow('ENOENT');
  });

  it.each([
    ['a line break behind it', (key: string) => `${key}\n`, 0, ''],
    ['white space around it', (key: string) => `  ${key}\t`, 0, ''],
    ['a second line', (key: string) => `${key}\n\nShown this once.`, 3, 'What LEADS_API_KEY holds is no API key'],
    ['a space in it', (key: string) => `${key.slice(0, 30)} ${key.slice(30)}`, 3, 'What LEADS_API_KEY holds is no API key'],
    ['another beginning', (key: string) => `Bearer ${key}`, 3, 'it must be sk-workspace_… and one word'],
  ])('is checked before use, and never printed, where LEADS_API_KEY has %s', async (_, written, code, says) => {
    const ended = await leads(['list'], { LEADS_API_KEY: written(server.apiKey), LEADS_BASE_URL: server.url });
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(says)]);
    expect(ended.stdout + ended.stderr).not.toContain(server.apiKey.slice(13, 30));
  });

  it('is not repeated where it was typed in a wrong place', async () => {
    for (const args of [
      ['login', server.apiKey],
      [server.apiKey],
      ['list', '--status', server.apiKey],
      ['list', `--api-key=${server.apiKey}`],
    ]) {
      const { code, stderr } = await leads(args);
      expect(code).toBe(2);
      expect(stderr).not.toContain(server.apiKey.slice(13, 30));
    }
  });

  it('is taken with white space around it by leads login, and is refused with a second word', async () => {
    const taken = await piped(['login', '--base-url', server.url], { env: { XDG_CONFIG_HOME: home }, input: ` ${server.apiKey} \r\nmore` });
    expect(taken.code).toBe(0);
    const refused = await piped(['login', '--base-url', server.url], { env: { XDG_CONFIG_HOME: home }, input: `${server.apiKey} more` });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('That was no API key')]);
    expect(refused.stderr).not.toContain(server.apiKey.slice(13, 30));
  });

  it('does not end in what --verbose says', async () => {
    await login();
    const { stderr } = await leads(['create', '--name', 'Jane Roe', '--email', 'jane.roe@example.com', '--verbose']);
    expect(stderr).toContain('leads.create');
    expect(stderr).not.toContain(server.apiKey);
    expect(stderr).not.toContain('jane.roe');
  });
});

describe('an option is stronger than the environment, and that than the profile', () => {
  it('of the address', async () => {
    await login();
    expect((await leads(['list'], { LEADS_BASE_URL: 'http://127.0.0.1:1' })).code).toBe(7);
    expect((await leads(['list', '--base-url', server.url], { LEADS_BASE_URL: 'http://127.0.0.1:1' })).code).toBe(0);
  });

  it('of the key', async () => {
    await login();
    const wrong = { LEADS_API_KEY: `sk-workspace_${'x'.repeat(51)}` };
    expect((await leads(['list'], wrong)).code).toBe(3);
    expect((await leads(['list', '--profile', 'default'], wrong)).code).toBe(0);
  });

  it('of the profile', async () => {
    await login('--profile', 'staging');
    expect((await leads(['list'])).code).toBe(3);
    expect((await leads(['list'], { LEADS_PROFILE: 'staging' })).code).toBe(0);
    expect((await leads(['list', '--profile', 'missing'], { LEADS_PROFILE: 'staging' })).stderr).toContain('leads login --profile missing');
  });

  it('of the address: without any it is the server on this machine that leads login offers', async () => {
    const { code, stderr } = await leads(['list', '--retries', '0', '--timeout', '1'], { LEADS_API_KEY: server.apiKey });
    // Whatever listens there, or nothing, it was asked.
    expect(stderr).not.toContain('There is no address');
    expect([0, 3, 7]).toContain(code);
    if (code === 7) expect(stderr).toContain('http://127.0.0.1:3000');
  });

  it('needs no file where the environment says all', async () => {
    expect((await leads(['list'], { LEADS_API_KEY: server.apiKey, LEADS_BASE_URL: server.url })).code).toBe(0);
  });
});
