import { chmodSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { piped } from './support/pipe.ts';
import { API_KEY, startTestServer, type TestServer } from './support/server.ts';

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
  piped(['login', '--base-url', server.url, ...options], { env: { XDG_CONFIG_HOME: home }, input: `${API_KEY}\n` });
const leads = (args: string[], env: Record<string, string> = {}) => piped(args, { env: { XDG_CONFIG_HOME: home, ...env } });

describe('the key that leads login keeps', () => {
  it('is in a file that only its owner can read, in such a folder, and is never printed', async () => {
    const { code, stdout, stderr } = await login();
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain(server.url);
    expect(stderr).not.toContain(API_KEY);
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

  it('does not end in what --verbose says', async () => {
    await login();
    const { stderr } = await leads(['create', '--name', 'Jane Roe', '--email', 'jane.roe@example.com', '--verbose']);
    expect(stderr).toContain('leads.create');
    expect(stderr).not.toContain(API_KEY);
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

  it('needs no file where the environment says all', async () => {
    expect((await leads(['list'], { LEADS_API_KEY: API_KEY, LEADS_BASE_URL: server.url })).code).toBe(0);
  });
});
