import { API_KEYS_MAX_ACTIVE, type contract, type Scope } from '@leads/contract';
import type { Deps } from '../deps.ts';
import type { Database } from '../db/database.ts';
import { cursorPage, decodeCursor, isTimePosition } from '../http/cursor.ts';
import { searchable } from '../http/ids.ts';
import type { Caller, Implementation, OperationHandler } from '../http/implement.ts';
import { createKey, findKey, KeyLimitError, KeyNotActiveError, listKeys, revokeKey, rotateKey } from './key-store.ts';

type ApiKeys = typeof contract.apiKeys;

/** The operations on API keys, implemented. */
export function apiKeys(deps: Deps): Implementation<ApiKeys> {
  return { create: createApiKey(deps), list: listApiKeys(), rotate: rotateApiKey(deps), revoke: revokeApiKey(deps) };
}

function createApiKey(deps: Deps): OperationHandler<ApiKeys['create']> {
  return async ({ body, caller, requestId, refuse, db }) => {
    const missing = missingScopes(caller, body.scopes);
    if (missing.length > 0) throw refuse('INSUFFICIENT_SCOPE', { requiredScopes: missing, grantedScopes: [...caller.scopes] });
    const expiresAt = body.expiresAt ? new Date(body.expiresAt).toISOString() : null;
    if (expiresAt && expiresAt <= deps.now().toISOString()) {
      throw refuse('VALIDATION_ERROR', { issues: [{ location: 'body.expiresAt', message: 'Must be in the future', code: 'too_small' }] });
    }
    try {
      const key = await createKey(
        { ...deps, db },
        { caller, requestId },
        { workspaceId: caller.workspaceId, name: body.name, scopes: body.scopes, expiresAt },
      );
      return { status: 201, body: { success: true, data: key } };
    } catch (error) {
      if (error instanceof KeyLimitError) throw refuse('API_KEY_LIMIT_REACHED', { limit: API_KEYS_MAX_ACTIVE });
      throw error;
    }
  };
}

function listApiKeys(): OperationHandler<ApiKeys['list']> {
  return async ({ query: { limit, cursor }, caller, db }) => {
    const [createdAt, id] = cursor === undefined ? [] : decodeCursor(cursor, isTimePosition);
    const keys = await listKeys({ db }, caller.workspaceId, {
      limit: limit + 1,
      ...(id !== undefined && { after: { createdAt: String(createdAt), id: String(id) } }),
    });
    const { items, pagination } = cursorPage(keys, limit, (key) => [key.createdAt, key.id]);
    return { status: 200, body: { success: true, data: { apiKeys: items, pagination } } };
  };
}

function rotateApiKey(deps: Deps): OperationHandler<ApiKeys['rotate']> {
  return async ({ params: { keyId }, body, caller, requestId, refuse, db }) => {
    const old = await existing(db, caller, keyId);
    if (!old) throw refuse('API_KEY_NOT_FOUND', apiKeyNotFound(keyId));
    // The answer holds the new secret: it must not give the caller more than it has.
    const missing = missingScopes(caller, old.scopes);
    if (missing.length > 0) throw refuse('INSUFFICIENT_SCOPE', { requiredScopes: missing, grantedScopes: [...caller.scopes] });
    try {
      const key = await rotateKey({ ...deps, db }, { caller, requestId }, keyId, body.overlapSeconds);
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
  return async ({ params: { keyId }, caller, requestId, refuse, db }) => {
    const revokedAt = (await existing(db, caller, keyId)) && (await revokeKey({ ...deps, db }, { caller, requestId }, keyId));
    if (!revokedAt) throw refuse('API_KEY_NOT_FOUND', apiKeyNotFound(keyId));
    deps.keys.clear();
    return {
      status: 200,
      body: { success: true, message: 'API key revoked successfully', data: { id: keyId, revokedAt } },
    };
  };
}

async function existing(db: Database, caller: Caller, keyId: string) {
  return findKey({ db }, caller.workspaceId, searchable(keyId));
}

function missingScopes(caller: Caller, scopes: readonly Scope[]): Scope[] {
  return scopes.filter((scope) => !caller.scopes.has(scope));
}

function apiKeyNotFound(keyId: string) {
  return { keyId, message: 'No API key found with this ID in your workspace' } as const;
}
