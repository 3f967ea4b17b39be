import { API_KEYS_MAX_ACTIVE, type ApiKey } from '@leads/contract';
import {
  createKey,
  KeyLimitError,
  KeyNotActiveError,
  type KeyStoreDeps,
  listKeys,
  type NewKey,
  revokeKey,
  rotateKey,
} from '../api-keys/key-store.ts';
import { type Actor, SYSTEM_KEY_ID } from '../audit/append-audit.ts';
import { ensureWorkspace, findWorkspace } from '../workspaces/workspaces.ts';
import { type KeysCommand, USAGE, UsageError } from './arguments.ts';

const LIST_PAGE = 100;

/** What is printed: for programs, and beside it for people. */
export interface Printed {
  readonly stdout: string;
  readonly stderr?: string;
}

/** Does what the command says and returns what to print: of a new key, stdout has the key alone. @throws {UsageError} where it cannot be done as asked. */
export async function runKeysCommand(deps: KeyStoreDeps, command: KeysCommand): Promise<Printed> {
  try {
    switch (command.action) {
      case 'help':
        return { stdout: USAGE };
      case 'create': {
        const workspaceId = await ensureWorkspace(deps, command.workspace);
        return printNewKey(command, await createKey(deps, system(workspaceId), { ...command, workspaceId }));
      }
      case 'list': {
        const keys = await allKeys(deps, await existingWorkspace(deps, command.workspace));
        return { stdout: command.json ? JSON.stringify(keys, null, 2) : table(keys, deps.now()) };
      }
      case 'rotate': {
        const workspaceId = await existingWorkspace(deps, command.workspace);
        const key = await rotateKey(deps, system(workspaceId), command.keyId, command.overlapSeconds);
        if (!key) throw unknownKey(command.keyId, command.workspace);
        return printNewKey(command, key);
      }
      case 'revoke': {
        const workspaceId = await existingWorkspace(deps, command.workspace);
        const revokedAt = await revokeKey(deps, system(workspaceId), command.keyId);
        if (!revokedAt) throw unknownKey(command.keyId, command.workspace);
        const stdout = command.json
          ? JSON.stringify({ id: command.keyId, revokedAt })
          : `Revoked ${command.keyId}. A running server refuses it within 5 seconds.`;
        return { stdout };
      }
    }
  } catch (error) {
    if (error instanceof KeyLimitError)
      throw new UsageError(`The workspace has ${API_KEYS_MAX_ACTIVE} active keys already. Revoke one first.`);
    if (error instanceof KeyNotActiveError) throw new UsageError('That key is expired or revoked. Create a new one instead.');
    throw error;
  }
}

function system(workspaceId: string): Actor {
  return { caller: { workspaceId, keyId: SYSTEM_KEY_ID }, requestId: null };
}

async function existingWorkspace(deps: KeyStoreDeps, name: string): Promise<string> {
  const id = await findWorkspace(deps, name);
  if (id === undefined)
    throw new UsageError(`There is no workspace "${name}". Make it with: npx leads-keys create --workspace ${JSON.stringify(name)}`);
  return id;
}

function unknownKey(keyId: string, workspace: string): UsageError {
  return new UsageError(
    `There is no key ${keyId} in the workspace "${workspace}". See: npx leads-keys list --workspace ${JSON.stringify(workspace)}`,
  );
}

async function allKeys(deps: KeyStoreDeps, workspaceId: string): Promise<ApiKey[]> {
  const keys: ApiKey[] = [];
  for (;;) {
    const last = keys.at(-1);
    const page = await listKeys(deps, workspaceId, {
      limit: LIST_PAGE,
      ...(last && { after: last }),
    });
    keys.push(...page);
    if (page.length < LIST_PAGE) return keys;
  }
}

function printNewKey({ json, workspace }: KeysCommand, key: NewKey): Printed {
  if (json) return { stdout: JSON.stringify(key, null, 2) };
  const end = key.expiresAt ? `, until ${key.expiresAt}` : '';
  return {
    stdout: key.key,
    stderr: `Shown this once. ${key.id} in the workspace "${workspace}", for ${key.scopes.join(', ')}${end}.`,
  };
}

function table(keys: readonly ApiKey[], now: Date): string {
  const rows = keys.map((key) => [key.id, key.name, `…${key.hint}`, state(key, now), key.lastUsedAt ?? 'never used', key.scopes.join(' ')]);
  const lines = [['ID', 'NAME', 'KEY', 'STATE', 'LAST USED', 'SCOPES'], ...rows];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function state({ revokedAt, expiresAt }: ApiKey, now: Date): string {
  if (revokedAt) return `revoked ${revokedAt}`;
  if (!expiresAt) return 'active';
  return new Date(expiresAt) <= now ? `expired ${expiresAt}` : `until ${expiresAt}`;
}
