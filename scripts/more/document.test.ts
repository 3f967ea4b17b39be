import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ROOT } from '../packages/workspace.ts';
import { installTools } from '../test/support/install-tools.ts';

const SPECTRAL = '@stoplight/spectral-cli';
const { installed, problem } = installTools('spectral', { [SPECTRAL]: '6.16.3' });

it.skipIf(problem)('the document leaves Spectral nothing to say', async () => {
  const args = ['lint', 'docs/openapi.json', '--fail-severity', 'hint', '--format', 'json', '--quiet'];
  const { stdout } = await promisify(execFile)(process.execPath, [join(installed(SPECTRAL), 'dist/index.js'), ...args], { cwd: ROOT });
  expect(JSON.parse(stdout)).toEqual([]);
});
