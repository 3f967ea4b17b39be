import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { IMPLEMENTED_OPERATIONS } from '@leads/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type LeadsServer } from '../../packages/server/src/create-server.ts';
import { ROOT } from '../packages/workspace.ts';

const PROJECT = join(ROOT, 'examples/generated-clients');
const run = promisify(execFile);
const npm = (...args: string[]) => run('npm', args, { cwd: PROJECT });

describe('clients that others generate from the document', () => {
  let server: LeadsServer;
  beforeAll(async () => {
    await npm('install', '--no-audit', '--no-fund', '--prefer-offline');
    await npm('run', '--silent', 'generate');
    server = await createServer();
  });
  afterAll(() => server?.stop());

  it('compile', async () => {
    const { stdout } = await run('tsc', ['--noEmit', '-p', PROJECT]).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  });

  it('have each operation once: oazapfts', () => {
    const client = readFileSync(join(PROJECT, 'generated/oazapfts.ts'), 'utf8');
    const names = [...client.matchAll(/^export function (\w+)/gm)].map(([, name]) => name!);
    expect(names.toSorted()).toEqual(
      IMPLEMENTED_OPERATIONS.map(({ id }) => id.replace(/\.(.)/, (_, first: string) => first.toUpperCase())).toSorted(),
    );
  });

  it.each(['openapi-fetch', 'oazapfts'])('create, find and delete a lead: %s', async (name) => {
    const { stdout } = await run(process.execPath, [join(PROJECT, `src/${name}.ts`), server.url, server.apiKey]);
    expect(JSON.parse(stdout)).toEqual([1, 200, 'LEAD_NOT_FOUND']);
  });
});
