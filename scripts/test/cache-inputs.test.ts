import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A task as turbo plans it. */
interface Task {
  readonly taskId: string;
  readonly directory: string;
  readonly command: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly dependencies: readonly string[];
}

const { tasks } = JSON.parse(
  execFileSync(join(ROOT, 'node_modules/.bin/turbo'), ['run', 'test', 'types', '--dry=json'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 2 ** 26,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
  }),
) as { tasks: Task[] };
const committed = new Set(
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n'),
);

/** What decides whether a task comes from the cache, by paths from the root. */
function inputsOf(task: Task): string[] {
  const own = Object.keys(task.inputs).map((path) => relative(ROOT, join(ROOT, task.directory, path)));
  return [...own, ...task.dependencies.flatMap((id) => inputsOf(tasks.find(({ taskId }) => taskId === id)!))];
}

/** What a file imports, or names by its path from itself; not what it writes into another one as a sample. */
function namedIn(file: string): string[] {
  if (!/\.[cm]?[jt]sx?$/.test(file)) return [];
  const text = readFileSync(join(ROOT, file), 'utf8');
  const names = [...text.matchAll(/(?:^(?:import|export|}).*\bfrom |^import |\bimport\(|new URL\()['`]((?:\.|@leads\/)[^'`$]+)/gm)].map(
    ([, name]) => name!,
  );
  return names.map((name) => (name.startsWith('.') ? relative(ROOT, join(ROOT, dirname(file), name)) : entryOf(name)));
}

function entryOf(name: string): string {
  const [, scope, ...rest] = name.split('/');
  const directory = `packages/${scope}`;
  if (!existsSync(join(ROOT, directory, 'package.json'))) return '';
  const { exports } = JSON.parse(readFileSync(join(ROOT, directory, 'package.json'), 'utf8')) as { exports: Record<string, string> };
  return join(directory, String(exports[['.', ...rest].join('/')]));
}

/** The file, or all in the folder but for what only `npm run test:more` runs; nothing of what is not committed, and not all of the repository, which stands for a folder to be in. */
function filesOf(path: string): string[] {
  if (committed.has(path)) return [path];
  const folder = path.replace(/\/?$/, '/');
  return path === '' ? [] : [...committed].filter((file) => file.startsWith(folder) && !file.includes('/more/'));
}

const runs = tasks.filter(({ taskId, command }) => /#(?:test|types)$/.test(taskId) && command !== '<NONEXISTENT>');

it('knows the tests and the types of each package', () => {
  expect(runs.map(({ taskId }) => taskId)).toEqual(expect.arrayContaining(['@leads/server#test', '//#types']));
});

it.each(runs.map((task) => [task.taskId, task] as const))('%s is run again after a change of any file that it reaches', (_, task) => {
  const inputs = new Set(inputsOf(task));
  const reached = new Set(Object.keys(task.inputs).map((path) => relative(ROOT, join(ROOT, task.directory, path))));
  // A set grows while it is walked.
  for (const file of reached) for (const named of namedIn(file).flatMap(filesOf)) reached.add(named);
  // Turbo counts these for every task.
  for (const everywhere of ['vitest.config.ts', 'tsconfig.base.json']) reached.delete(everywhere);
  // Types are those of code.
  const matters = (file: string) => task.taskId.endsWith('#test') || /\.[cm]?[jt]sx?$/.test(file);
  expect([...reached].filter((file) => matters(file) && !inputs.has(file))).toEqual([]);
});
