import type { Generated, Insertable, Selectable } from 'kysely';

/** A moment, as the API writes it. */
type Timestamp = string;

/** The tables that are read and written with Kysely. Their definitions are the migrations. */
export interface Schema {
  workspaces: { id: string; name: string; created_at: Timestamp };
  api_keys: {
    workspace_id: string;
    id: string;
    name: string;
    hash: Buffer;
    hint: string;
    scopes: string[];
    created_at: Timestamp;
    expires_at: Timestamp | null;
    last_used_at: Timestamp | null;
    revoked_at: Timestamp | null;
  };
  /** How many requests of a key an instance counted in a second. */
  request_counts: { key_id: string; second: number; instance_id: string; count: number; counted_at: Generated<Timestamp> };
}

/** An API key as it is stored. */
export type ApiKeyRow = Selectable<Schema['api_keys']>;
/** An API key to be stored. */
export type NewApiKeyRow = Insertable<Schema['api_keys']>;
