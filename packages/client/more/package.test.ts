import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { startMock } from '@leads/mock';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { build as viteBuild } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, noBrowser } from '../../server/test/support/browser.ts';
import { packPackages } from '../../../scripts/packages/pack.ts';
import { RUNTIMES } from './runtimes.ts';

const run = promisify(execFile);
/** The largest that the client may be in a page, in bytes after gzip. */
const LIMITS = { 'createLeadsClient, list and delete': 6_656, 'the whole client': 12_288 };

/** What a consumer does: lists, and deletes safely. */
const PROGRAM = `
  const client = createLeadsClient({ baseUrl, apiKey: 'sk-workspace_consumer', dangerouslyAllowBrowser: true });
  const ids = [];
  for await (const { id } of client.leads.list({ status: 'lost' })) ids.push(id);
  const { id } = await client.leads.create({ name: 'John Doe', email: 'john.doe@example.com' });
  const { outcome } = await client.leads.safeDelete(id, { confirm: ({ lead }) => lead.name === 'John Doe' });
  const code = await client.leads.get(id).catch((error) => error instanceof LeadsApiError && error.code);
  say(JSON.stringify([ids.length > 0, outcome, code]));`;
const EXPECTED = JSON.stringify([true, 'deleted', 'LEAD_NOT_FOUND']);

let folder: string;
let tarball: string;
let mock: Awaited<ReturnType<typeof startMock>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leads-consumer-'));
  tarball = packPackages(folder, ['client'])['client']!;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  await run('npm', ['install', '--no-audit', '--no-fund', '--offline', tarball], { cwd: folder });
  mock = await startMock({ seed: 30 });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await mock.close();
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text.replaceAll('baseUrl,', `baseUrl: '${mock.url}',`));
  return path;
}

describe('the packed client', () => {
  it('needs nothing else', async () => {
    const manifest = JSON.parse(await readFile(join(folder, 'node_modules/@leads/client/package.json'), 'utf8'));
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).not.toHaveProperty('peerDependencies');
    const licences = await readFile(join(folder, 'node_modules/@leads/client/dist/cli/LICENSES.txt'), 'utf8');
    for (const bundled of ['string-width', 'strip-ansi']) expect(licences).toContain(`${bundled} `);
  });

  it('has types that a strict consumer compiles with, and that stand alone', async () => {
    write(
      'consumer.ts',
      `import { createLeadsClient, type Lead, LeadsApiError } from '@leads/client';
       export async function names(): Promise<string[]> {
         const client = createLeadsClient({ baseUrl: 'http://127.0.0.1:3000', apiKey: 'key' });
         const leads: Lead[] = await client.leads.list({ status: 'lost' }).toArray({ max: 10 });
         try { await client.leads.delete(leads[0]!.id); } catch (error) {
           if (error instanceof LeadsApiError && error.code === 'LEAD_IN_USE') return error.details.campaigns.map(({ name }) => name);
         }
         return leads.map(({ name }) => name);
       }`,
    );
    const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--types', '', '--lib', 'es2023,dom,dom.iterable'];
    for (const [module, resolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ] as const)
      await run('tsc', [...options, '--module', module, '--moduleResolution', resolution, 'consumer.ts'], { cwd: folder });
  });
});

describe('the packed command line', () => {
  it.each(RUNTIMES.filter(({ name, missing }) => name.startsWith('Node') && !missing))('runs in $name', async ({ command: [node] }) => {
    const leads = join(folder, 'node_modules/@leads/client/dist/cli/main.js');
    const env = { HOME: folder, LEADS_BASE_URL: mock.url, LEADS_API_KEY: 'sk-workspace_consumer' };
    const version = await run(node, [leads, '--version'], { env });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+/);
    const { stdout } = await run(node, [leads, 'list', '--status', 'lost', '--limit', '1'], { env });
    expect(JSON.parse(stdout)).toMatchObject({ status: 'lost' });
  });
});

describe('installed for everybody on a machine', () => {
  it('it is the command leads', async () => {
    const prefix = join(folder, 'global');
    await run('npm', ['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', '--offline', tarball]);
    const { stdout } = await run(join(prefix, 'bin/leads'), ['list', '--help'], { env: { PATH: process.env['PATH'], HOME: folder } });
    expect(stdout).toContain('leads list --search john');
  });
});

describe('how large it is in a page', () => {
  const programs = {
    'createLeadsClient, list and delete': `import { createLeadsClient } from '@leads/client';
      const client = createLeadsClient({ baseUrl: '/', apiKey: null });
      for await (const { id } of client.leads.list()) await client.leads.delete(id);`,
    'the whole client': `export * from '@leads/client';`,
  };
  it.each(Object.entries(LIMITS))('%s: at most %i bytes after gzip', async (what, limit) => {
    const contents = programs[what as keyof typeof programs];
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: folder },
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
    });
    const { length } = gzipSync(outputFiles[0]!.contents, { level: 9 });
    console.log(`${what}: ${length} bytes after gzip`);
    expect(length).toBeLessThanOrEqual(limit);
  });
});

describe.each(RUNTIMES)('in $name', ({ name, command, kinds, missing }) => {
  it.skipIf(missing).each(kinds)('%s', async (kind) => {
    const program = `const say = console.log;\n${PROGRAM}`;
    const names = '{ createLeadsClient, LeadsApiError }';
    const file = {
      'as an ES module': () => write(`esm-${name}.mjs`, `import ${names} from '@leads/client';\n${program}`),
      'from CommonJS, with require': () =>
        write(`require-${name}.cjs`, `const ${names} = require('@leads/client');\n(async () => {${program}})();`),
      'from CommonJS, with import()': () =>
        write(`import-${name}.cjs`, `(async () => { const ${names} = await import('@leads/client');${program}})();`),
    }[kind]();
    const [executable, ...args] = command;
    const { stdout } = await run(executable, [...args, file], { cwd: folder });
    expect(stdout.trim()).toBe(EXPECTED);
  });
});

describe('in a browser', () => {
  const skipped = noBrowser('the client in a browser');
  const source = () =>
    `import { createLeadsClient, LeadsApiError } from '@leads/client';\nconst say = (text) => { document.title = text; };\n${PROGRAM}`;
  const bundlers = {
    esbuild: async (entry: string) => {
      const { outputFiles } = await build({ entryPoints: [entry], bundle: true, minify: true, format: 'esm', write: false });
      return outputFiles[0]!.text;
    },
    Vite: async (entry: string) => {
      const output = await viteBuild({
        root: folder,
        logLevel: 'error',
        build: { write: false, target: 'esnext', lib: { entry, formats: ['es'], fileName: 'bundle' } },
      });
      const [{ output: chunks }] = output as unknown as [{ output: [{ code: string }] }];
      return chunks[0].code;
    },
  };

  let browser: Browser;
  beforeAll(async () => {
    if (!skipped) browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  it.skipIf(skipped).each(Object.entries(bundlers))('bundled with %s', async (name, bundle) => {
    const code = await bundle(write(`browser-${name}.js`, source()));
    // Its port makes the page one of another origin than the API.
    const pages = createServer((_req, res) => {
      const html = `<script type="module">${code.replaceAll('</script', '<\\/script')}</script>`;
      res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
    });
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`);
      await page.waitForFunction('document.title !== ""', undefined, { timeout: 0 });
      expect(await page.title()).toBe(EXPECTED);
      await page.close();
    } finally {
      pages.close();
    }
  });
});
