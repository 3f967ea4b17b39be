import { SCOPES, type Scope } from '@leads/contract';
import { sql } from 'kysely';
import { type Database, run } from '../db/database.ts';
import { insertKey, type KeyStoreDeps, type NewKey } from '../api-keys/key-store.ts';

/** The workspace that an empty database begins with. */
export const DEFAULT_WORKSPACE = 'default';
/** The longest name of a workspace, in characters. */
export const WORKSPACE_NAME_MAX_LENGTH = 100;

/** The id of the workspace of this name; it is created if there is none. */
export async function ensureWorkspace({ db, now, newId }: KeyStoreDeps, name: string): Promise<string> {
  await db
    .insertInto('workspaces')
    .values({ id: newId('ws'), name, created_at: now().toISOString() })
    .onConflict((oc) => oc.column('name').doNothing())
    .execute();
  const { id } = await db.selectFrom('workspaces').select('id').where('name', '=', name).executeTakeFirstOrThrow();
  return id;
}

/** Keeps two transactions from both taking the last place of those that a workspace has of something. */
export async function lockWorkspace(db: Database, id: string): Promise<void> {
  await run(db, 'select id from workspaces where id = $1 for no key update', [id]);
}

/** The id of the workspace of this name; undefined where there is none. */
export async function findWorkspace({ db }: Pick<KeyStoreDeps, 'db'>, name: string): Promise<string | undefined> {
  return (await db.selectFrom('workspaces').select('id').where('name', '=', name).executeTakeFirst())?.id;
}

/**
 * In an empty database, creates the workspace `default` and a key with every scope, and returns the key: `secret`, or a
 * random one. Of several instances that start at once, one creates them. Undefined in any other database.
 */
export async function bootstrap(deps: KeyStoreDeps, secret: string | undefined): Promise<NewKey | undefined> {
  return deps.db.transaction().execute(async (transaction) => {
    await sql`lock table workspaces in exclusive mode`.execute(transaction);
    if (await transaction.selectFrom('workspaces').select('id').limit(1).executeTakeFirst()) return undefined;
    const within = { ...deps, db: transaction };
    return insertFirstKey(within, await ensureWorkspace(within, DEFAULT_WORKSPACE), secret);
  });
}

/** Makes a workspace with a name of its own, and returns a key to it with every scope. */
export async function createWorkspace(deps: KeyStoreDeps): Promise<string> {
  const { key } = await insertFirstKey(deps, await ensureWorkspace(deps, deps.newId('ws')));
  return key;
}

async function insertFirstKey(deps: KeyStoreDeps, workspaceId: string, secret?: string): Promise<NewKey> {
  const scopes = Object.keys(SCOPES) as Scope[];
  return insertKey(deps, { workspaceId, name: 'First key', scopes, expiresAt: null, ...(secret && { secret }) });
}
