import { API_KEYS_MAX_ACTIVE, type contract, type Scope } from '@leads/contract';
import type { Deps } from '../app.ts';
import { decodeCursor, encodeCursor, isMoment, isText } from '../http/cursor.ts';
import type { Caller, Implementation, OperationHandler } from '../http/implement.ts';
import { createKey, findKey, KeyLimitError, KeyNotActiveError, listKeys, revokeKey, rotateKey } from './key-store.ts';

type ApiKeys = typeof contract.apiKeys;

/** The operations on API keys, implemented. */
export function apiKeys(deps: Deps): Implementation<ApiKeys> {
  return { create: createApiKey(deps), list: listApiKeys(deps), rotate: rotateApiKey(deps), revoke: revokeApiKey(deps) };
}

function createApiKey(deps: Deps): OperationHandler<ApiKeys['create']> {
  return async ({ body, caller, refuse }) => {
    const missing = missingScopes(caller, body.scopes);
    if (missing.length > 0) throw refuse('INSUFFICIENT_SCOPE', { requiredScopes: missing, grantedScopes: [...caller.scopes] });
    const expiresAt = body.expiresAt ? new Date(body.expiresAt) : null;
    if (expiresAt && expiresAt <= deps.now()) {
      throw refuse('VALIDATION_ERROR', { issues: [{ location: 'body.expiresAt', message: 'Must be in the future', code: 'too_small' }] });
    }
    try {
      const key = await createKey(deps, { workspaceId: caller.workspaceId, name: body.name, scopes: body.scopes, expiresAt });
      return { status: 201, body: { success: true, data: key } };
    } catch (error) {
      if (error instanceof KeyLimitError) throw refuse('API_KEY_LIMIT_REACHED', { limit: API_KEYS_MAX_ACTIVE });
      throw error;
    }
  };
}

function listApiKeys(deps: Deps): OperationHandler<ApiKeys['list']> {
  return async ({ query: { limit, cursor }, caller }) => {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, isPosition);
    const keys = await listKeys(deps, caller.workspaceId, {
      limit: limit + 1,
      ...(after && { after: { createdAt: new Date(after.createdAt), id: after.id } }),
    });
    const page = keys.slice(0, limit);
    const last = page.at(-1);
    const hasNext = keys.length > limit;
    const nextCursor = hasNext && last ? encodeCursor({ createdAt: last.createdAt, id: last.id } satisfies Position) : null;
    return { status: 200, body: { success: true, data: { apiKeys: page, pagination: { limit, hasNext, nextCursor } } } };
  };
}

function rotateApiKey(deps: Deps): OperationHandler<ApiKeys['rotate']> {
  return async ({ params: { keyId }, body, caller, refuse }) => {
    const old = await existing(deps, caller, keyId);
    if (!old) throw refuse('API_KEY_NOT_FOUND', apiKeyNotFound(keyId));
    // The answer holds the new secret: it must not give the caller more than it has.
    const missing = missingScopes(caller, old.scopes);
    if (missing.length > 0) throw refuse('INSUFFICIENT_SCOPE', { requiredScopes: missing, grantedScopes: [...caller.scopes] });
    try {
      const key = await rotateKey(deps, caller.workspaceId, keyId, body.overlapSeconds);
      if (!key) throw refuse('API_KEY_NOT_FOUND', apiKeyNotFound(keyId));
      deps.keys.clear();
      return { status: 201, body: { success: true, data: key } };
    } catch (error) {
      if (error instanceof KeyNotActiveError) throw refuse('API_KEY_NOT_ACTIVE', { keyId });
      if (error instanceof KeyLimitError) throw refuse('API_KEY_LIMIT_REACHED', { limit: API_KEYS_MAX_ACTIVE });
      throw error;
    }
  };
}

function revokeApiKey(deps: Deps): OperationHandler<ApiKeys['revoke']> {
  return async ({ params: { keyId }, caller, refuse }) => {
    const revokedAt = (await existing(deps, caller, keyId)) && (await revokeKey(deps, caller.workspaceId, keyId));
    if (!revokedAt) throw refuse('API_KEY_NOT_FOUND', apiKeyNotFound(keyId));
    deps.keys.clear();
    return {
      status: 200,
      body: { success: true, message: 'API key revoked successfully', data: { id: keyId, revokedAt: revokedAt.toISOString() } },
    };
  };
}

interface Position {
  readonly createdAt: string;
  readonly id: string;
}

function isPosition(value: unknown): value is Position {
  const { createdAt, id } = (value ?? {}) as Partial<Position>;
  return isMoment(createdAt) && isText(id);
}

async function existing(deps: Deps, caller: Caller, keyId: string) {
  return keyId.includes('\0') ? undefined : findKey(deps, caller.workspaceId, keyId);
}

function missingScopes(caller: Caller, scopes: readonly Scope[]): Scope[] {
  return scopes.filter((scope) => !caller.scopes.has(scope));
}

function apiKeyNotFound(keyId: string) {
  return { keyId, message: 'No API key found with this ID in your workspace' } as const;
}
