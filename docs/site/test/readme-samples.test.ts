import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createLeadsClient } from '@leads/client';
import { createServer, type LeadsServer } from '@leads/server';
import { startMock } from '@leads/mock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const KEY = `sk-workspace_${'d'.repeat(51)}`;
const LEAD_ID = 'lead_1234567890abcdef';

/** What is not run here, and why. */
const ELSEWHERE: readonly [pattern: RegExp, why: string][] = [
  [/^npm (ci|start|test)$/, 'what this test runs in has done it, or is it'],
  [/^npm run (web|docs|dev|mock)\b/, 'a server or a build, which its own tests start'],
  [/^npx leads-(server|mock)\b/, 'the tests of the packages start them'],
  [/^(DATABASE_URL|LEADS_WORKERS)=/, 'the server’s tests start it on PostgreSQL'],
  [/^OTEL_EXPORTER_OTLP_ENDPOINT=/, 'the server’s tests send traces to a receiver'],
  [/^docker /, 'it needs an engine that a test cannot start'],
  [/^npm install --global /, 'the package’s own test installs it'],
  [/^npx vitest /, 'a test of this run'],
  [/^npx leads-conformance /, 'the conformance suite’s own tests run it'],
  [/^LEADS_API_URL=/, 'the example’s own tests run it against the server'],
];

/** The pages whose samples have a test of their own. */
const OWN_TESTS = new Set(['docs/guides/deleting-leads.md', 'docs/guides/published-samples.md']);

interface Block {
  readonly page: string;
  readonly lang: string;
  readonly code: string;
  readonly name: string;
}

const pages = (
  await Array.fromAsync(
    glob(['README.md', 'CONTRIBUTING.md', 'packages/*/README.md', 'examples/*/README.md', 'docs/guides/*.md'], { cwd: ROOT }),
  )
)
  .filter((page) => !OWN_TESTS.has(page))
  .toSorted();
const blocks: Block[] = pages.flatMap((page) =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, lang, code], number) => ({
    page,
    lang: lang!,
    code: code!,
    name: `${page}, sample ${number + 1} (${lang})`,
  })),
);
const ofLang = (...langs: string[]) => blocks.filter(({ lang }) => langs.includes(lang));

let server: LeadsServer;
let mock: Awaited<ReturnType<typeof startMock>>;
let dataDir: string;
let folder: string;
let client: ReturnType<typeof createLeadsClient>;
let lead: string;

beforeAll(async () => {
  mkdirSync(join(ROOT, 'docs/site/.cache'), { recursive: true });
  folder = mkdtempSync(join(ROOT, 'docs/site/.cache/samples-'));
  dataDir = join(folder, 'data');
  [server, mock] = await Promise.all([createServer({ LEADS_DATA_DIR: dataDir, LEADS_BOOTSTRAP_API_KEY: KEY }), startMock()]);
  client = createLeadsClient({ baseUrl: server.url, apiKey: KEY });
  // An import is what gives a lead the id that the samples have.
  const { id } = await client.leads.create({ name: 'John Doe', email: 'john.doe@example.com' });
  lead = JSON.stringify(await client.leads.exportOne(id)).replaceAll(id, LEAD_ID);
  await client.leads.delete(id);
  await prepareFiles();
});
afterAll(async () => {
  await Promise.all([server.stop(), mock.close()]);
  rmSync(folder, { recursive: true });
});

/** The key of the samples, as it was made for one of them. */
async function replacements(): Promise<[string, string][]> {
  // Beside another lead with its e-mail address, which a sample may have made, a lead does not come back.
  for await (const { id } of client.leads.list({ search: 'john.doe@example.com' })) if (id !== LEAD_ID) await client.leads.delete(id);
  await client.leads.import(lead);
  const { id } = await client.apiKeys.create({ name: 'Sample', scopes: ['leads:read'] });
  return [
    ['http://127.0.0.1:3000', server.url],
    ['http://127.0.0.1:4010', mock.url],
    ['sk-workspace_your_api_key', KEY],
    ['key_1234567890abcdef', id],
  ];
}

async function replaced(code: string): Promise<string> {
  let filled = code;
  for (const [from, to] of await replacements()) filled = filled.replaceAll(from, to);
  return filled;
}

function environment(): Record<string, string> {
  return {
    PATH: process.env['PATH']!,
    NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compiled'),
    HOME: folder,
    LEADS_DATA_DIR: dataDir,
    LEADS_API_KEY: KEY,
    LEADS_BASE_URL: server.url,
    API: `${server.url}/api/v1`,
    MOCK: mock.url,
    AUTH: `Authorization: Bearer ${KEY}`,
    ID: LEAD_ID,
  };
}

/** What the samples of the command line are about: ids and records in files, and folders that a completion is written to. */
async function prepareFiles(): Promise<void> {
  for (const path of ['backups', '.zfunc', '.config/fish/completions', '.local/share/bash-completion/completions', 'bin'])
    mkdirSync(join(folder, path), { recursive: true });
  const { id } = await client.leads.create({ name: 'Jane Roe', email: 'jane.roe@example.com' });
  writeFileSync(join(folder, 'ids.txt'), `${id}\n`);
  const gone = JSON.stringify(await client.leads.exportOne((await client.leads.create({ name: 'Gone', email: 'gone@example.com' })).id));
  await client.leads.delete(JSON.parse(gone).lead.id);
  writeFileSync(join(folder, 'backups/leads-2024-01-16T15-45-00.000Z.ndjson'), gone);
  writeFileSync(join(folder, 'people.csv'), 'name,Mail,Notes\nAda Lovelace,ada@example.com,Met at the fair\n');
  // A password store that has the key.
  writeFileSync(join(folder, 'bin/pass'), `#!/bin/sh\necho ${KEY}\n`, { mode: 0o755 });
}

/** Runs a call of the command line as it stands, but for what only a person in front of a terminal could answer. */
async function runLeads(command: string): Promise<void> {
  const asks = /leads ((bulk-)?(delete|anonymize)|erase)\b/.test(command) && !/--(yes|dry-run)\b/.test(command);
  if (command.includes('leads restore lead_')) await client.leads.bulkDelete([LEAD_ID]);
  if (command.includes('--profile'))
    for (const [profile, url] of Object.entries({ staging: server.url, old: server.url, new: mock.url }))
      await shell(`leads login --profile ${profile} --base-url ${url}`, KEY);
  let called = command.replaceAll(/https:\/\/(staging|leads)\.example\.com/g, server.url) + (asks ? ' --yes' : '');
  // Whoever is erased does not come back, and the lead of the samples must.
  if (command.includes('leads erase')) {
    const { email } = await client.leads.create({ name: 'Erika Roe', email: `erika.${randomUUID()}@example.com` });
    called = called.replace('john.doe@example.com', email);
  }
  await shell(called, KEY, command.includes('leads import') ? ' || [ $? -eq 8 ] # it says that some are there already' : '');
}

function shell(command: string, input: string, after = ''): Promise<void> {
  const { LEADS_API_KEY, LEADS_BASE_URL, ...env } = environment();
  // A login takes the key from its input. Where a profile is named, the environment would be stronger.
  const own = command.includes('--profile') ? env : { ...env, LEADS_BASE_URL, ...(!command.includes('login') && { LEADS_API_KEY }) };
  const child = spawn('sh', ['-c', command + after], { cwd: folder, env: { ...own, PATH: `${join(folder, 'bin')}:${env['PATH']}` } });
  child.stdin.end(input);
  return Promise.all([text(child.stderr), once(child, 'close')]).then(([errors, [code]]) =>
    expect([command, code, errors]).toEqual([command, 0, errors]),
  );
}

/** The commands of a block, each with the comment behind it: what a `\` continues belongs together. */
function commands(code: string): { command: string; comment: string }[] {
  return code
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => /^(.*?)(?:(?:^|\s+)#\s*(.*))?$/.exec(line)!)
    .map(([, command, comment = '']) => ({ command: command!.trim(), comment }))
    .filter(({ command }) => command !== '');
}

const elsewhere = (command: string) => ELSEWHERE.find(([pattern]) => pattern.test(command));

describe('every command of README and guides runs, and succeeds', () => {
  it.each(ofLang('sh'))('$name', { timeout: 60_000 }, async ({ code }) => {
    const env = environment();
    for (const { command, comment } of commands(await replaced(code))) {
      if (elsewhere(command)) continue;
      if (/^(npx )?leads |\| leads /.test(command)) {
        await runLeads(command);
        continue;
      }
      const { stdout } = await run('sh', ['-c', command.replaceAll('curl ', 'curl --silent --show-error ')], { cwd: ROOT, env });
      if (!command.startsWith('curl ')) continue;
      const { success, code: refusal, data } = JSON.parse(stdout);
      // A sample that shows a refusal says so behind it.
      expect([command, success, refusal]).toEqual([command, !/^4\d\d\b/.test(comment), success ? undefined : expect.any(String)]);
      if (data?.confirmationToken) env['TOKEN'] = data.confirmationToken;
      if (data?.backupId) env['BACKUP'] = data.backupId;
    }
  });
});

describe('every program of README and guides runs to its end', () => {
  it.each(ofLang('ts', 'js'))('$name', async ({ code, lang }) => {
    // What is a test itself runs as one.
    if (code.includes("from 'vitest'")) return expect(code).toContain('it(');
    const file = join(folder, `sample.${lang === 'js' ? 'mjs' : lang}`);
    writeFileSync(file, await replaced(code));
    // It rejects where the program ends with anything but 0.
    expect(await run(process.execPath, [file], { cwd: ROOT, env: environment() })).toHaveProperty('stdout');
  });
});

it('there is no other language, and nothing is left out without being used', () => {
  expect(new Set(blocks.map(({ lang }) => lang))).toEqual(new Set(['sh', 'ts', 'js']));
  const all = ofLang('sh').flatMap(({ code }) => commands(code));
  for (const [pattern] of ELSEWHERE)
    expect(
      all.some(({ command }) => pattern.test(command)),
      String(pattern),
    ).toBe(true);
});
