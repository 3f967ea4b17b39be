/** Since which version there is what the reference describes. */
import { ERRORS, OPERATIONS } from '@leads/contract';
import commandLine from '../docs/commands.json' with { type: 'json' };
import { describeControl } from '../packages/mock/src/control.ts';
import { describeSettings } from '../packages/server/src/config.ts';

/** Where the release step keeps it; before the first release there is none. */
export const SINCE = 'docs/released/since.json';

/** What has a version, by kind and name. */
export type Since = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Everything that the reference describes now, by kind. */
export function described() {
  return {
    operations: OPERATIONS.map(({ id }): string => id),
    errors: Object.keys(ERRORS),
    commands: commandLine.commands.map(({ name }) => name),
    settings: Object.keys(describeSettings()),
    mockRoutes: describeControl().routes.map(({ method, path }) => `${method} ${path}`),
  } as const satisfies Record<string, readonly string[]>;
}

/** As it is with the release of a version: what is there keeps its own, what is new has this one, what is gone has none. */
export function sinceAt(version: string, names: Readonly<Record<string, readonly string[]>>, before: Since): Since {
  return Object.fromEntries(
    Object.entries(names).map(([kind, all]) => [kind, Object.fromEntries(all.map((name) => [name, before[kind]?.[name] ?? version]))]),
  );
}
