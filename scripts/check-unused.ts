/** `npm run check:unused`: knip, which is installed when it is first asked, finds files, exports and dependencies that nothing uses. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './packages/workspace.ts';
import { installTools } from './test/support/install-tools.ts';

const { installed, problem } = installTools('knip', { knip: '6.44.2' });
if (problem) process.exit(1);
const { status } = spawnSync(process.execPath, [join(installed('knip'), 'bin/knip.js'), '--no-progress'], { cwd: ROOT, stdio: 'inherit' });
process.exitCode = status ?? 1;
