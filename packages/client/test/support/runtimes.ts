import { join } from 'node:path';
import { installTools } from '../../../../scripts/test/support/install-tools.ts';

/** What the client has to run in, besides this Node: each as a package that brings its program for this machine. */
const PLATFORM = `${process.platform}-${process.arch}`;
const { installed, problem } = installTools('client-runtimes', {
  'node-20': `npm:node-${PLATFORM}@20.20.2`,
  'node-22': `npm:node-${PLATFORM}@22.23.3`,
  deno: `npm:@deno/${PLATFORM}${process.platform === 'linux' ? '-glibc' : ''}@2.9.6`,
  bun: `npm:@oven/bun-${PLATFORM}@1.4.5`,
});
const program = (name: string) => join(installed(name), name === 'deno' ? 'deno' : name === 'bun' ? 'bin/bun' : 'bin/node');

const ESM = 'as an ES module';
const REQUIRE = 'from CommonJS, with require';
const IMPORT = 'from CommonJS, with import()';

/** What runs a program, in which kinds of file, and whether it is missing here. */
export const RUNTIMES = [
  { name: 'Node 24', command: [process.execPath], kinds: [ESM, REQUIRE, IMPORT], missing: false },
  { name: 'Node 22', command: [program('node-22')], kinds: [ESM, REQUIRE, IMPORT], missing: problem !== undefined },
  { name: 'Node 20', command: [program('node-20')], kinds: [ESM, REQUIRE, IMPORT], missing: problem !== undefined },
  { name: 'Deno', command: [program('deno'), 'run', '--allow-net', '--allow-env'], kinds: [ESM], missing: problem !== undefined },
  { name: 'Bun', command: [program('bun'), 'run'], kinds: [ESM, REQUIRE], missing: problem !== undefined },
] as const satisfies { name: string; command: readonly [string, ...string[]]; kinds: readonly string[]; missing: boolean }[];
