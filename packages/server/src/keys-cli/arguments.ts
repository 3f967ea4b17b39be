import { parseArgs } from 'node:util';
import { CreateApiKeySchema, ROTATION_OVERLAP_DEFAULT_SECONDS, ROTATION_OVERLAP_MAX_SECONDS, SCOPES, type Scope } from '@leads/contract';
import { DEFAULT_WORKSPACE, WORKSPACE_NAME_MAX_LENGTH } from '../workspaces/workspaces.ts';

/** The command line is wrong; the message says how and what would be right. */
export class UsageError extends Error {}

/** What `leads-keys` is asked to do. */
export type KeysCommand = { readonly json: boolean; readonly workspace: string } & (
  | { readonly action: 'create'; readonly name: string; readonly scopes: readonly Scope[]; readonly expiresAt: string | null }
  | { readonly action: 'list' }
  | { readonly action: 'rotate'; readonly keyId: string; readonly overlapSeconds: number }
  | { readonly action: 'revoke'; readonly keyId: string }
  | { readonly action: 'help' }
);

/** How the command is used. */
export const USAGE = `Manages the API keys of a workspace, also while the server is running.

  npx leads-keys create [--name NAME] [--scopes LIST] [--expires WHEN]
  npx leads-keys list
  npx leads-keys rotate KEY_ID [--overlap DURATION]
  npx leads-keys revoke KEY_ID

  --workspace NAME     the workspace; create makes it if there is none (default: ${DEFAULT_WORKSPACE})
  --scopes LIST        comma list of ${Object.keys(SCOPES).join(', ')}
                       (default: all but keys:manage and leads:force)
  --expires WHEN       a day (9999-12-31, in UTC), a moment (9999-12-31T00:00:00Z) or a duration (90d);
                       never when left out
  --overlap DURATION   how long the old key works on: 0s, 30m, 12h, 7d (default: 24h, at most 30d)
  --json               print JSON

Of a new key, standard output has the key alone: KEY=$(npx leads-keys create)

It uses the database of the server's settings: DATABASE_URL, else LEADS_DATA_DIR.`;

const DEFAULT_SCOPES = (Object.keys(SCOPES) as Scope[]).filter((scope) => scope !== 'keys:manage' && scope !== 'leads:force');
const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** Reads the command line. @throws {UsageError} */
export function readArguments(args: readonly string[], now: Date): KeysCommand {
  const { values, positionals } = parse(args);
  const [action, keyId, ...more] = positionals;
  const common = { json: values.json, workspace: workspaceName(values.workspace) };
  if (values.help || action === undefined) return { ...common, action: 'help' };
  if (more.length > 0) throw new UsageError(`Unexpected: ${more.join(' ')}`);
  switch (action) {
    case 'create':
      if (keyId !== undefined) throw new UsageError(`Unexpected: ${keyId}. Name the key with --name.`);
      return {
        ...common,
        action,
        name: values.name,
        scopes: values.scopes === undefined ? DEFAULT_SCOPES : scopes(values.scopes),
        expiresAt: values.expires === undefined ? null : moment(values.expires, now),
      };
    case 'list':
      return { ...common, action };
    case 'rotate':
    case 'revoke': {
      if (keyId === undefined) throw new UsageError(`${action} needs the id of a key: npx leads-keys ${action} key_…`);
      if (action === 'revoke') return { ...common, action, keyId };
      const overlapSeconds = values.overlap === undefined ? ROTATION_OVERLAP_DEFAULT_SECONDS : duration('--overlap', values.overlap);
      if (overlapSeconds > ROTATION_OVERLAP_MAX_SECONDS) throw new UsageError('--overlap must be at most 30d');
      return { ...common, action, keyId, overlapSeconds };
    }
    default:
      throw new UsageError(`Unknown command: ${action}. There are create, list, rotate and revoke.`);
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        workspace: { type: 'string', default: DEFAULT_WORKSPACE },
        name: { type: 'string', default: 'Command line' },
        scopes: { type: 'string' },
        expires: { type: 'string' },
        overlap: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function workspaceName(name: string): string {
  if (name.trim() === '' || name.length > WORKSPACE_NAME_MAX_LENGTH)
    throw new UsageError(`--workspace must have 1 to ${WORKSPACE_NAME_MAX_LENGTH} characters`);
  return name;
}

function scopes(list: string): Scope[] {
  const named = [
    ...new Set(
      list
        .split(',')
        .map((scope) => scope.trim())
        .filter(Boolean),
    ),
  ];
  const unknown = named.filter((scope) => !(scope in SCOPES));
  if (unknown.length > 0 || named.length === 0) {
    throw new UsageError(
      `--scopes must be a comma list of ${Object.keys(SCOPES).join(', ')}${unknown.length > 0 ? `; unknown: ${unknown.join(', ')}` : ''}`,
    );
  }
  return named as Scope[];
}

function moment(text: string, now: Date): string {
  const time = /^\d+[smhd]$/.test(text) ? now.getTime() + duration('--expires', text) * 1000 : momentIn(text);
  if (time <= now.getTime()) throw new UsageError('--expires must be in the future');
  return new Date(time).toISOString();
}

/** By the rule of the contract, and a day is its beginning in UTC: `Date.parse` knows a 30th of February, and guesses a zone. */
function momentIn(text: string): number {
  const moment = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  const { success } = CreateApiKeySchema.shape.expiresAt.safeParse(moment);
  if (success) return Date.parse(moment);
  throw new UsageError(
    '--expires must be a day (9999-12-31), a moment with its zone (9999-12-31T00:00:00Z) or a duration (90d), and there must be such a day',
  );
}

function duration(option: string, text: string): number {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount === undefined) throw new UsageError(`${option} must be a duration such as 30m, 12h or 7d`);
  return Number(amount) * SECONDS[unit as keyof typeof SECONDS];
}
