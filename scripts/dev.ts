/**
 * Development: the server, the mock and the reference site, each started again when what it is made of is saved. A contract
 * is checked first, and then generates the document and the client's routes; while it is wrong, everything goes on by the former one.
 */
import { fileURLToPath } from 'node:url';
import { takeContract } from './dev/take-contract.ts';
import { Program } from './dev/program.ts';
import { watchSources } from './dev/watch-sources.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const CONTRACT = 'packages/contract/src';
const SERVER = 'packages/server/src';
const MOCK = 'packages/mock/src';

/** What has not changed need not be compiled again: a restart takes a quarter less time. */
const env = { ...process.env, NODE_COMPILE_CACHE: `${root}node_modules/.cache/compiled`, ASTRO_TELEMETRY_DISABLED: '1' };

const programs = [
  new Program({ name: 'server', folder: root, sources: [CONTRACT, SERVER], args: [`${SERVER}/main.ts`], env }),
  new Program({ name: 'mock', folder: root, sources: [CONTRACT, SERVER, MOCK], args: [`${MOCK}/cli.ts`], env }),
  new Program({
    name: 'reference site',
    folder: `${root}docs/site`,
    sources: [CONTRACT],
    args: [`${root}node_modules/.bin/astro`, 'dev', '--host', '127.0.0.1'],
    env,
  }),
];
/** What was saved and is not in use yet. */
let saved = new Set<string>();
let busy = Promise.resolve();

const watcher = watchSources(root, [CONTRACT, SERVER, MOCK], (paths) => {
  busy = busy.then(() => use(paths));
});
busy = use([CONTRACT]);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void watcher.close();
    for (const program of programs) void program.stop(signal);
  });
}

/** Starts again what is made of these files, once the contract is right. */
async function use(paths: readonly string[]): Promise<void> {
  saved = new Set([...saved, ...paths]);
  const isIn = (folder: string) => [...saved].some((path) => path.startsWith(folder));
  if (isIn(CONTRACT) && !(await takeContract(root))) return;
  const affected = programs.filter(({ sources }) => sources.some(isIn));
  saved.clear();
  await Promise.all(affected.map((program) => program.restart()));
}
