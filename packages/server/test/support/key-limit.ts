import { API_KEYS_MAX_ACTIVE } from '@leads/contract';
import { sql } from 'kysely';
import type { Caller } from './server.ts';

/** Gives the caller's workspace keys until `places` are left of those that it may have. */
export async function leaveKeyPlaces({ server, workspaceId }: Caller, places: number): Promise<void> {
  await sql`
    insert into api_keys (workspace_id, id, name, hash, hint, scopes, created_at)
    select ${workspaceId}, 'key_' || md5(${workspaceId} || n), 'Filler', sha256((${workspaceId} || n)::bytea), 'none', '{leads:read}', now()
    from generate_series(1, ${API_KEYS_MAX_ACTIVE - places}::integer - (
      select count(*)::integer from api_keys
      where workspace_id = ${workspaceId} and revoked_at is null and (expires_at is null or expires_at > ${server.now()})
    )) as n`.execute(server.db);
}
