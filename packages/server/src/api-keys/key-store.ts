import { API_KEYS_MAX_ACTIVE, type ApiKey, type AuditAction, type Scope } from '@leads/contract';
import { type Expression, type SqlBool, sql } from 'kysely';
import { type Actor, appendAudit } from '../audit/append-audit.ts';
import { hashApiKey, hintOf, newApiKey } from '../auth/api-key.ts';
import type { Database } from '../db/database.ts';
import type { ApiKeyRow, NewApiKeyRow } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import type { NewId } from '../ids.ts';

/** What managing keys needs: the same for the API and for the command line. */
export interface KeyStoreDeps {
  readonly db: Database;
  readonly now: () => Date;
  readonly newId: NewId;
}

/** A key with its secret, which is kept nowhere. */
export type NewKey = ApiKey & { key: string };

/** What a new key is made of. */
export interface NewKeyFields {
  readonly workspaceId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** As the API writes it. */
  readonly expiresAt: string | null;
  /** Sets the key; a random one is made without it. */
  readonly secret?: string;
}

/** The workspace has `API_KEYS_MAX_ACTIVE` active keys already. */
export class KeyLimitError extends Error {}
/** The key is expired or revoked. */
export class KeyNotActiveError extends Error {}

/** Creates a key. @throws {KeyLimitError} */
export async function createKey(deps: KeyStoreDeps, actor: Actor, fields: NewKeyFields): Promise<NewKey> {
  return inTransaction(deps.db, async (transaction) => {
    const key = await insertKey({ ...deps, db: transaction }, fields);
    await audit({ ...deps, db: transaction }, actor, 'api_key.created', key.id);
    return key;
  });
}

/** The keys of a workspace, newest first; after the key that `after` names. */
export async function listKeys(
  { db }: Pick<KeyStoreDeps, 'db'>,
  workspaceId: string,
  page: { limit: number; after?: Pick<ApiKey, 'createdAt' | 'id'> },
): Promise<ApiKey[]> {
  let query = db.selectFrom('api_keys').select(COLUMNS).where('workspace_id', '=', workspaceId);
  if (page.after) {
    const { createdAt, id } = page.after;
    query = query.where((eb) => sql`(${eb.ref('created_at')}, ${eb.ref('id')}) < (${createdAt}, ${id})` as unknown as Expression<SqlBool>);
  }
  const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(page.limit).execute();
  return rows.map(toApiKey);
}

/** A key of a workspace; undefined where there is none. */
export async function findKey({ db }: Pick<KeyStoreDeps, 'db'>, workspaceId: string, id: string): Promise<ApiKey | undefined> {
  const row = await keyById(db, workspaceId, id).executeTakeFirst();
  return row && toApiKey(row);
}

/**
 * Makes a key with the name, scopes and expiry of another, which ends after `overlapSeconds` if it does not end before.
 * Undefined where there is no such key. @throws {KeyNotActiveError} @throws {KeyLimitError}
 */
export async function rotateKey(deps: KeyStoreDeps, actor: Actor, id: string, overlapSeconds: number): Promise<NewKey | undefined> {
  const { workspaceId } = actor.caller;
  return inTransaction(deps.db, async (transaction) => {
    const old = await keyById(transaction, workspaceId, id).forUpdate().executeTakeFirst();
    if (!old) return undefined;
    const now = deps.now();
    if (old.revoked_at || (old.expires_at && old.expires_at <= now.toISOString())) throw new KeyNotActiveError();
    const end = new Date(now.getTime() + overlapSeconds * 1000).toISOString();
    const expiresAt = old.expires_at && old.expires_at < end ? old.expires_at : end;
    await transaction
      .updateTable('api_keys')
      .set({ expires_at: expiresAt })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .execute();
    const within = { ...deps, db: transaction };
    const key = await insertKey(within, { workspaceId, name: old.name, scopes: old.scopes as Scope[], expiresAt: old.expires_at });
    await audit(within, actor, 'api_key.rotated', id, key.id);
    return key;
  });
}

/** Ends a key; one that is revoked already keeps its time. Undefined where there is no such key. */
export async function revokeKey(deps: KeyStoreDeps, actor: Actor, id: string): Promise<string | undefined> {
  return inTransaction(deps.db, async (transaction) => {
    const old = await keyById(transaction, actor.caller.workspaceId, id).forUpdate().executeTakeFirst();
    if (!old || old.revoked_at) return old?.revoked_at ?? undefined;
    const revokedAt = deps.now().toISOString();
    await transaction
      .updateTable('api_keys')
      .set({ revoked_at: revokedAt })
      .where('workspace_id', '=', actor.caller.workspaceId)
      .where('id', '=', id)
      .execute();
    await audit({ ...deps, db: transaction }, actor, 'api_key.revoked', id);
    return revokedAt;
  });
}

async function audit({ db, now }: KeyStoreDeps, actor: Actor, action: AuditAction, apiKeyId: string, newApiKeyId?: string): Promise<void> {
  await appendAudit(db, now(), actor, { action, details: { apiKeyId, ...(newApiKeyId && { newApiKeyId }) } });
}

const COLUMNS = ['workspace_id', 'id', 'name', 'hint', 'scopes', 'created_at', 'expires_at', 'last_used_at', 'revoked_at'] as const;

function keyById(db: Database, workspaceId: string, id: string) {
  return db.selectFrom('api_keys').select(COLUMNS).where('workspace_id', '=', workspaceId).where('id', '=', id);
}

/** The same as `createKey`, on the transaction that `db` already is. */
export async function insertKey(
  { db, now, newId }: KeyStoreDeps,
  { workspaceId, name, scopes, expiresAt, secret = newApiKey() }: NewKeyFields,
): Promise<NewKey> {
  const createdAt = now().toISOString();
  // The lock on the workspace keeps two callers from both taking the last place.
  await db.selectFrom('workspaces').select('id').where('id', '=', workspaceId).forUpdate().execute();
  const { active } = await db
    .selectFrom('api_keys')
    .select((eb) => eb.fn.countAll<string>().as('active'))
    .where('workspace_id', '=', workspaceId)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', createdAt)]))
    .executeTakeFirstOrThrow();
  if (Number(active) >= API_KEYS_MAX_ACTIVE) throw new KeyLimitError();
  const row: NewApiKeyRow & ApiKeyRow = {
    workspace_id: workspaceId,
    id: newId('key'),
    name,
    hash: Buffer.from(hashApiKey(secret), 'hex'),
    hint: hintOf(secret),
    scopes: [...scopes],
    created_at: createdAt,
    expires_at: expiresAt,
    last_used_at: null,
    revoked_at: null,
  };
  await db.insertInto('api_keys').values(row).execute();
  return { ...toApiKey(row), key: secret };
}

function toApiKey(row: Omit<ApiKeyRow, 'hash'>): ApiKey {
  return {
    id: row.id,
    name: row.name,
    hint: row.hint,
    scopes: row.scopes as Scope[],
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
    workspaceId: row.workspace_id,
  };
}
