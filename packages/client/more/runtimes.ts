import { join } from 'node:path';
import { installTools } from '../../../scripts/test/support/install-tools.ts';

const ESM = 'as an ES module';
const REQUIRE = 'from CommonJS, with require';
const IMPORT = 'from CommonJS, with import()';

interface Runtime {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** The kinds of file that it runs. */
  readonly kinds: readonly (typeof ESM | typeof REQUIRE | typeof IMPORT)[];
  readonly missing: boolean;
}

// Besides this Node each is a package that brings its program for this machine.
const PLATFORM = `${process.platform}-${process.arch}`;
const { installed, problem } = installTools('client-runtimes', {
  'node-20': `npm:node-${PLATFORM}@20.20.2`,
  'node-22': `npm:node-${PLATFORM}@22.23.3`,
  deno: `npm:@deno/${PLATFORM}${process.platform === 'linux' ? '-glibc' : ''}@2.9.6`,
  bun: `npm:@oven/bun-${PLATFORM}@1.4.5`,
});
const missing = problem !== undefined;

/** What the client has to run in. */
export const RUNTIMES: readonly Runtime[] = [
  { name: 'Node 24', command: [process.execPath], kinds: [ESM, REQUIRE, IMPORT], missing: false },
  { name: 'Node 22', command: [join(installed('node-22'), 'bin/node')], kinds: [ESM, REQUIRE, IMPORT], missing },
  { name: 'Node 20', command: [join(installed('node-20'), 'bin/node')], kinds: [ESM, REQUIRE, IMPORT], missing },
  { name: 'Deno', command: [join(installed('deno'), 'deno'), 'run', '--allow-net', '--allow-env'], kinds: [ESM], missing },
  { name: 'Bun', command: [join(installed('bun'), 'bin/bun'), 'run'], kinds: [ESM, REQUIRE], missing },
];
