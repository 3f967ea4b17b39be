import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startMock } from '../../packages/mock/src/index.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BARE_ENVIRONMENT } from '../../packages/server/test/support/bare-environment.ts';
import { requirePythonRequests } from '../../packages/server/test/support/python.ts';
import { commandOf } from '../../docs/site/src/commands.ts';
import { MOCK_ANSWERS_503_TWICE } from '../../docs/site/src/mock-sample.ts';
import { referenceSamples } from '../../docs/site/src/samples.ts';

const run = promisify(execFile);
const CACHE = fileURLToPath(new URL('../.cache/', import.meta.url));
const COMMANDS_OF_NPM = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
const LEAD_ID = 'lead_1234567890abcdef';

// With examples every operation succeeds, and what is sent is held to the contract all the same.
let mock: Awaited<ReturnType<typeof startMock>>;
// A command looks before it changes anything, and reads page by page to the end.
let stateful: Awaited<ReturnType<typeof startMock>>;
let folder: string;
beforeAll(async () => {
  [mock, stateful] = await Promise.all([startMock({ mode: 'examples' }), startMock()]);
  mkdirSync(CACHE, { recursive: true });
  folder = mkdtempSync(join(CACHE, 'samples-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all([mock.close(), stateful.close()]);
});

const operations = referenceSamples();
const samplesOf = (lang: string) =>
  operations.map(({ operation, samples }) => {
    const source = samples.find((sample) => sample.lang === lang)!.source.replaceAll('http://127.0.0.1:3000', mock.url);
    return { id: operation.operationId, source };
  });

/** Whether a result is one of a success: an envelope, or the text of an export. */
const succeeded = (text: string) => text.startsWith('{"success":true,') || text.startsWith('{"lead":');

describe('every sample of the reference runs, and succeeds', () => {
  it('in curl', async () => {
    // An answer may be several lines, and none of them begins with a space.
    const script = samplesOf('sh').map(({ id, source }) => `${source.replace('curl', 'curl --silent --show-error')}; echo; echo " ${id}"`);
    const { stdout } = await run('sh', ['-c', script.join('\n')], { maxBuffer: 2 ** 24 });
    const results = [...stdout.matchAll(/(.*?)\n (\S+)\n/gs)].map(([, text, id]) => [id, succeeded(text!.trim())]);
    expect(results).toEqual(operations.map(({ operation }) => [operation.operationId, true]));
  });

  // One process for all samples of a language: what it is about is the samples, not the start of a process.
  it.each([
    ['TypeScript', 'ts', (source: string) => source.split('\n').slice(2).join('\n')],
    ['JavaScript', 'js', (source: string) => source.replace('await response.json()', 'await response.text()')],
  ])('in %s', async (_, lang, body) => {
    const program = samplesOf(lang).map(
      ({ id, source }) =>
        `await (async () => {\n${body(source)}\nconsole.log(JSON.stringify(['${id}', typeof result === 'string' ? result : 'data']));\n})();`,
    );
    const file = join(folder, `samples.${lang}`);
    const imports = lang === 'ts' ? samplesOf(lang)[0]!.source.split('\n', 1)[0]! : '';
    writeFileSync(file, [imports, ...program].join('\n'));
    const { stdout } = await run(process.execPath, [file]);
    const results = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as [string, string]);
    expect(results.map(([id, result]) => [id, result === 'data' || succeeded(result)])).toEqual(
      operations.map(({ operation }) => [operation.operationId, true]),
    );
  });

  it('in Python', async (context) => {
    requirePythonRequests(context);
    const program = samplesOf('python').map(({ id, source }) => `${source}\nprint("${id}", response.status_code < 300 and bool(result))`);
    const { stdout } = await run('python3', ['-c', program.join('\n')]);
    expect(stdout.trim().split('\n')).toEqual(operations.map(({ operation }) => `${operation.operationId} True`));
  });

  // Each is a process; the client's own tests run every command.
  if (process.env['LEADS_TEST_MORE'])
    it('on the command line', async () => {
      mkdirSync(join(folder, 'backups'));
      const lead = await fetch(`${mock.url}/api/v1/leads/${LEAD_ID}/export`, { headers: { authorization: 'Bearer sk-workspace_mock' } });
      writeFileSync(join(folder, 'leads.ndjson'), await lead.text());
      const tried = operations.flatMap(({ operation, samples }) => {
        const line = samples.find(({ label }) => label === 'CLI')?.source;
        return line ? [{ line, options: commandOf(operation.operationId)!.options ?? {} }] : [];
      });
      expect(tried.length).toBeGreaterThan(10);
      for (const { line, options } of tried) {
        await stateful.reset();
        // What is brought back was deleted before.
        if (line.startsWith('leads restore '))
          await fetch(`${stateful.url}/api/v1/leads/${LEAD_ID}?backup=true`, {
            method: 'DELETE',
            headers: { authorization: 'Bearer sk-workspace_mock' },
          });
        const env = {
          ...BARE_ENVIRONMENT,
          PATH: COMMANDS_OF_NPM + delimiter + BARE_ENVIRONMENT['PATH'],
          HOME: folder,
          LEADS_API_KEY: 'sk-workspace_mock',
          LEADS_BASE_URL: stateful.url,
        };
        // Nobody is there to be asked. It rejects where the command ends with anything but 0, or 8: a lead of an import is there already.
        await run('sh', ['-c', `${line}${'yes' in options ? ' --yes' : ''} < /dev/null || [ $? -eq 8 ]`], { cwd: folder, env });
      }
    });
});

it('the mock answers 503 twice when it is told so as the reference says', async () => {
  await run('sh', ['-c', MOCK_ANSWERS_503_TWICE.replace('curl', 'curl --silent --fail').replace('http://127.0.0.1:4010', stateful.url)]);
  const statuses = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    const headers = { authorization: 'Bearer sk-workspace_mock' };
    statuses.push((await fetch(`${stateful.url}/api/v1/leads/${LEAD_ID}`, { method: 'DELETE', headers })).status);
  }
  expect(statuses).toEqual([503, 503, 200]);
});
