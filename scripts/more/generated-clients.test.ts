import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { useCaller, useServer } from './support/server.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CLIENTS = `${ROOT}examples/generated-clients/`;
const run = promisify(execFile);

beforeAll(() =>
  run('npm', ['run', '--silent', 'generate', '--workspace', '@leads/example-generated-clients'], { cwd: ROOT }).then(() => {}),
);

it('clients that others generate from the document compile', async () => {
  const { stdout } = await run(`${ROOT}node_modules/.bin/tsc`, ['--noEmit', '-p', CLIENTS]).catch((error: { stdout: string }) => error);
  expect(stdout).toBe('');
});

onEachDatabase('a client that others generate from the document', (database) => {
  const server = useServer(database);
  const acme = useCaller(server);

  it.each(['openapi-fetch', 'oazapfts'])('creates, finds and deletes a lead: %s', async (name) => {
    const { stdout } = await run(process.execPath, [`${CLIENTS}src/${name}.ts`, server.url, acme.key]);
    expect(JSON.parse(stdout)).toEqual([1, 200, 'LEAD_NOT_FOUND']);
  });
});
