import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createLeadsClient } from '../../packages/client/src/index.ts';
import { createServer, type LeadsServer } from '../../packages/server/src/index.ts';
import { startMock } from '../../packages/mock/src/index.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { piped } from '../../packages/client/test/cli/support/pipe.ts';
import { wordsOf } from '../../packages/client/test/cli/support/words.ts';
import { BARE_ENVIRONMENT } from '../../packages/server/test/support/bare-environment.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const KEY = `sk-workspace_${'d'.repeat(51)}`;
const LEAD_ID = 'lead_1234567890abcdef';

/** npm, npx and a shell before each call take longer than the call: there they are where there is time. */
const isWhole = process.env['LEADS_TEST_MORE'] !== undefined;
const SCRIPTS = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts;

/** What is not run here, and why. */
const ELSEWHERE: readonly [pattern: RegExp, why: string][] = [
  [/^(npm ci && )?npm (ci|start|test)$/, 'what this test runs in has done it, or is it'],
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
  mkdirSync(join(ROOT, 'scripts/.cache'), { recursive: true });
  folder = mkdtempSync(join(ROOT, 'scripts/.cache/samples-'));
  dataDir = join(folder, 'data');
  [server, mock] = await Promise.all([createServer({ LEADS_DATA_DIR: dataDir, LEADS_BOOTSTRAP_API_KEY: KEY }), startMock()]);
  client = createLeadsClient({ baseUrl: server.url, apiKey: KEY });
  // An import is what gives a lead the id that the samples have.
  const { id } = await client.leads.create({ name: 'John Doe', email: 'john.doe@example.com' });
  lead = JSON.stringify(await client.leads.exportOne(id)).replaceAll(id, LEAD_ID);
  await client.leads.delete(id);
  await prepareFiles();
  // Where the samples of the command line find their files.
  process.chdir(folder);
});
afterAll(async () => {
  process.chdir(ROOT);
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
    ...BARE_ENVIRONMENT,
    PATH: join(ROOT, 'node_modules/.bin') + delimiter + BARE_ENVIRONMENT['PATH'],
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
      await call(`leads login --profile ${profile} --base-url ${url}`);
  let called = command.replaceAll(/https:\/\/(staging|leads)\.example\.com/g, server.url) + (asks ? ' --yes' : '');
  // Whoever is erased does not come back, and the lead of the samples must.
  if (command.includes('leads erase')) {
    const { email } = await client.leads.create({ name: 'Erika Roe', email: `erika.${randomUUID()}@example.com` });
    called = called.replace('john.doe@example.com', email);
  }
  // 8: some are there already.
  await call(called, command.includes('leads import') ? [0, 8] : [0]);
}

/** A call of the command line: in this process where it needs no shell. */
async function call(command: string, codes = [0]): Promise<void> {
  const { code, stderr } =
    isWhole || /[|<>$]/.test(command)
      ? await shell(command)
      : await piped(wordsOf(command.replace(/^npx /, '')), { env: environmentOf(command), input: KEY });
  expect([command, codes.includes(code), stderr]).toEqual([command, true, stderr]);
}

function environmentOf(command: string): Record<string, string> {
  const env = environment();
  // It would be stronger than a profile, and a login takes the key from its input.
  if (command.includes('--profile')) delete env['LEADS_BASE_URL'];
  if (/login|--profile/.test(command)) delete env['LEADS_API_KEY'];
  return { ...env, PATH: join(folder, 'bin') + delimiter + env['PATH'] };
}

async function shell(command: string): Promise<{ code: number; stderr: string }> {
  const child = spawn('sh', ['-c', command], { cwd: folder, env: environmentOf(command) });
  child.stdin.end(KEY);
  const [stderr, [code]] = (await Promise.all([text(child.stderr), once(child, 'close')])) as [string, [number]];
  return { code, stderr };
}

/** A command without npm and npx, which take longer to start than what they start. */
function withoutNpm(command: string): string {
  return command.replace(/^npx (?=leads)/, '').replace(/^npm run (?:-s )?(\w+)(?: --)?(?=\s)/, (_, name: string) => SCRIPTS[name]!);
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
  it.each(ofLang('sh'))('$name', async ({ code }) => {
    const env = environment();
    for (const { command, comment } of commands(await replaced(code))) {
      if (elsewhere(command)) continue;
      if (/^(npx )?leads |\| leads /.test(command)) {
        await runLeads(command);
        continue;
      }
      const called = (isWhole ? command : withoutNpm(command)).replaceAll('curl ', 'curl --silent --show-error ');
      const { stdout } = await run('sh', ['-c', called], { cwd: ROOT, env });
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
