import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RUNTIMES } from '../../packages/client/more/runtimes.ts';
import { describeSettings } from '../../packages/server/src/config.ts';
import { PACKAGES, ROOT } from '../packages/workspace.ts';
import { type Consumer, makeConsumer } from '../test/support/consumer.ts';
import { installTools } from '../test/support/install-tools.ts';

const run = promisify(execFile);
const source = (name: string) => readFileSync(join(ROOT, 'scripts/consumers', name), 'utf8');
const NODES = RUNTIMES.filter(({ name, missing }) => name.startsWith('Node') && !missing);
const TYPES_CHECKER = '@arethetypeswrong/cli';
const tools = installTools('types-checker', { [TYPES_CHECKER]: '0.18.5' });
const HEADERS = { authorization: 'Bearer sk-workspace_consumer' };

let consumer: Consumer;
beforeAll(() => {
  // `@types/node` and MSW are the consumer's own.
  consumer = makeConsumer(['@types/node', 'msw', 'undici-types']);
});
afterAll(() => consumer.remove());

describe.each(PACKAGES)('the tarball of %s', (name) => {
  const files = () => readdirSync(consumer.installed(name), { recursive: true, encoding: 'utf8' });

  it('has nothing that publint objects to', async () => {
    const { messages } = await publint({ pkgDir: consumer.installed(name), strict: true, pack: false });
    expect(messages).toEqual([]);
  });

  it.skipIf(tools.problem)('has types that are right for every kind of import; from CommonJS it is an ES module, and says so', async () => {
    const program = join(tools.installed(TYPES_CHECKER), 'dist/index.js');
    const { stdout } = await run(process.execPath, [program, consumer.tarballs[name]!, '--profile', 'esm-only', '--format', 'json']);
    const { problems = {} } = JSON.parse(stdout) as { problems?: Readonly<Record<string, unknown>> };
    // Resolution without `exports` is that of Node 10.
    expect(Object.keys(problems).filter((kind) => kind !== 'CJSResolvesToESM' && kind !== 'NoResolution')).toEqual([]);
  });

  it('has a licence, a README and what its manifest names, but no tests and nothing that Node would have to strip', () => {
    expect(files()).toEqual(expect.arrayContaining(['LICENSE', 'README.md']));
    expect(files().filter((path) => /\.test\.|^test|^src|(?<!\.d)\.ts$|tsbuildinfo/.test(path))).toEqual([]);
    const { bin = {}, exports, engines, license, private: isPrivate, scripts, devDependencies } = consumer.manifest(name);
    const targets = Object.values(exports as Record<string, string | Record<string, string>>).flatMap((each) =>
      typeof each === 'string' ? [each] : Object.values(each),
    );
    expect(files()).toEqual(expect.arrayContaining([...targets, ...Object.values(bin)].map((path) => path.replace('./', ''))));
    expect([engines, license]).toEqual([{ node: expect.stringMatching(/^>=20\./) }, 'MIT']);
    expect([isPrivate, scripts, devDependencies]).toEqual([undefined, undefined, undefined]);
  });

  it('depends on versions, and on none of the repository by its path', () => {
    const { dependencies = {} } = consumer.manifest(name);
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^\^?\d+\.\d+\.\d+/);
  });

  it('has a README that leads nowhere', () => {
    const readme = readFileSync(join(consumer.installed(name), 'README.md'), 'utf8');
    expect([...readme.matchAll(/\]\((?!https?:|#)/g)]).toEqual([]);
    // Nor to a source: of those there are none.
    expect(readme).not.toMatch(/`[\w/*-]+\.ts`/);
  });

  it('refers whoever reads it, or what its programs say, to nothing that only the repository has', () => {
    const said = files().filter((path) => /\.(js|d\.ts|md)$/.test(path) && !path.includes('assets'));
    const references = said.flatMap((path) =>
      readFileSync(join(consumer.installed(name), path), 'utf8')
        .split('\n')
        .filter((line) => /\bnpm (run|start)\b|\bexamples\/\w|\bpackages\/\w+\//.test(line))
        .map((line) => `${path}: ${line.trim().slice(0, 200)}`),
    );
    expect(references).toEqual([]);
  });

  it('has source maps that bring their sources', () => {
    const maps = files().filter((path) => path.endsWith('.js.map'));
    expect(maps).not.toEqual([]);
    for (const path of maps) {
      const { sourcesContent } = JSON.parse(readFileSync(join(consumer.installed(name), path), 'utf8')) as { sourcesContent?: unknown[] };
      expect([path, sourcesContent?.length]).not.toEqual([path, undefined]);
    }
  });
});

it('the README of the server names each of its settings', () => {
  const readme = readFileSync(join(consumer.installed('server'), 'README.md'), 'utf8');
  expect(Object.keys(describeSettings()).filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

describe('a project that uses all of them', () => {
  it('compiles with every strictness, and so does every sample of their READMEs', async () => {
    consumer.write('everything.ts', source('everything.ts'));
    const samples = PACKAGES.flatMap((name) =>
      [...readFileSync(join(consumer.installed(name), 'README.md'), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code], at) =>
        consumer.write(`${name}-${at}.ts`, `${code}\nexport {};\n`),
      ),
    );
    expect(samples.length).toBeGreaterThan(PACKAGES.length);
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      'false',
      '--types',
      'node',
      '--target',
      'es2023',
      '--lib',
      'es2023,dom,dom.iterable',
    ];
    const compiling = run('tsc', [...options, '--module', 'nodenext', 'everything.ts', ...samples], { cwd: consumer.folder });
    const { stdout } = await compiling.catch((error: { stdout: string }) => error);
    // ts-rest's own types fit the former Zod, and say so to whoever checks those of libraries.
    expect(
      stdout.split('\n').filter((line) => line !== '' && !/^[^(]*node_modules\/@ts-rest\//.test(line) && !line.startsWith(' ')),
    ).toEqual([]);
  });

  it('needs no ts-rest for schemas, errors and examples', async () => {
    const program = consumer.write(
      'without-ts-rest.mjs',
      `import { registerHooks } from 'node:module';
       registerHooks({ resolve(specifier, context, next) {
         if (specifier.startsWith('@ts-rest/')) throw new Error(specifier);
         return next(specifier, context);
       } });
       for (const part of ['schemas', 'errors', 'examples']) await import('@leads/contract/' + part);`,
    );
    await run(process.execPath, [program], { cwd: consumer.folder });
  });

  it.each(NODES)('runs in $name', async ({ command: [node] }) => {
    const text = source('everything.ts');
    const program = consumer.write('everything.mjs', (await import('node:module')).stripTypeScriptTypes(text));
    const { stdout, stderr } = await run(node, [program], { cwd: consumer.folder });
    expect(JSON.parse(stdout)).toEqual({
      code: 'LEAD_NOT_FOUND',
      status: 404,
      listed: 1,
      got: 200,
      hidden: 'LEAD_NOT_FOUND',
      valid: true,
      operations: true,
      checks: true,
      failed: [],
    });
    expect(stderr).toBe('');
  });
});

describe('their programs', () => {
  const program = (name: string, bin: string) => join(consumer.installed(name), consumer.manifest(name).bin![bin]!);
  const running: ChildProcess[] = [];
  afterAll(() => running.forEach((child) => child.kill('SIGKILL')));

  async function start(node: string, file: string, args: string[], env: Record<string, string>): Promise<{ pid: number; url: string }> {
    const child = spawn(node, [file, ...args], {
      cwd: consumer.folder,
      env: { TMPDIR: tmpdir(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    let said = '';
    for await (const line of createInterface({ input: file.includes('server') ? child.stderr : child.stdout })) {
      said += `${line}\n`;
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
      if (url) return { pid: child.pid!, url };
    }
    throw new Error(`${file} ended: ${said}`);
  }

  // What is resident is what the machine has to have; it hardly differs between runs.
  it.each([
    ['stateful', 350],
    ['examples', 180],
  ] as const)('leads-mock --mode %s answers, with at most %i MB resident', async (mode, limit) => {
    const begun = performance.now();
    const { pid, url } = await start(process.execPath, program('mock', 'leads-mock'), ['--port', '0', '--mode', mode], {});
    expect((await fetch(`${url}/api/v1/leads`, { headers: HEADERS })).status).toBe(200);
    const milliseconds = Math.round(performance.now() - begun);
    for (let i = 0; i < 100; i++) await (await fetch(`${url}/api/v1/leads?limit=10`, { headers: HEADERS })).text();
    const resident = process.platform === 'linux' ? /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1] : '0';
    console.log(`leads-mock --mode ${mode}: ${milliseconds} ms to the first answer, ${Math.round(Number(resident) / 1000)} MB resident`);
    expect(Number(resident) / 1000).toBeLessThanOrEqual(limit);
  });

  it('leads-server runs on a database of its own, which leads-keys and leads-audit work on meanwhile', async () => {
    const env = { LEADS_DATA_DIR: join(consumer.folder, 'data'), PORT: '0' };
    const { url } = await start(process.execPath, program('server', 'leads-server'), [], env);
    const { stdout: key } = await run(process.execPath, [program('server', 'leads-keys'), 'create'], { env });
    const listed = await fetch(`${url}/api/v1/leads`, { headers: { authorization: `Bearer ${key.trim()}` } });
    expect(listed.status).toBe(200);
    expect((await run(process.execPath, [program('server', 'leads-audit'), 'verify'], { env })).stdout).toContain('Problems: 0.');
    for (const path of ['/docs/', '/docs/docs.css', '/docs/assets/swagger-ui-bundle.js', '/openapi.json'])
      expect([path, (await fetch(url + path)).status]).toEqual([path, 200]);
  });

  it.skipIf(NODES.every(({ name }) => name !== 'Node 20'))('leads-server says on Node 20 what it can and cannot do there', async () => {
    const [node] = NODES.find(({ name }) => name === 'Node 20')!.command;
    const refused = await run(node, [program('server', 'leads-server')], { cwd: consumer.folder, env: { PORT: '0' } }).catch(
      (error) => error,
    );
    expect(refused.stderr).toMatch(/^The embedded database keeps its data in a directory from Node 22\.13 on.*DATABASE_URL/);
    const { url } = await start(node, program('server', 'leads-server'), [], { PORT: '0', LEADS_DATA_DIR: 'memory' });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('leads-conformance checks a server in another language, and says what it does not do', async ({ skip }) => {
    const python = spawn('python3', [join(ROOT, 'scripts/consumers/server.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
    running.push(python);
    const started = await Promise.race([once(python, 'error').then(() => undefined), once(python.stdout, 'data')]);
    if (!started) return skip('python3 is not installed');
    const check = (only: string) => {
      const args = ['--base-url', String(started).trim(), '--api-key', HEADERS.authorization.split(' ')[1]!, '--only', only];
      return run(process.execPath, [program('conformance', 'leads-conformance'), ...args]).catch((error) => error);
    };
    expect((await check('leads.create 201')).stdout).toMatch(/^1 passed, 0 failed, 0 skipped$/m);
    expect((await check('leads.create 403')).stdout).toMatch(/^✗ leads\.create 403 INSUFFICIENT_SCOPE\n/m);
    return undefined;
  });
});
