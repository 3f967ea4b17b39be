import type { ColumnType, Generated, Insertable, JSONColumnType, Selectable } from 'kysely';

type Timestamp = ColumnType<Date, Date | string, Date | string>;

/** The tables as the queries see them. Their definitions are the migrations. */
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
  leads: {
    workspace_id: string;
    id: string;
    name: string;
    email: string;
    /** `name` and `email` in lower case, made by the server so that every database sorts and searches alike. */
    name_lower: string;
    email_lower: string;
    phone: string | null;
    source: string | null;
    status: string;
    metadata: JSONColumnType<Record<string, unknown>>;
    created_at: Timestamp;
    updated_at: Timestamp;
    /** Another one after every change. */
    version: Generated<string>;
  };
  /** How many leads a workspace has by status and source ('' for none); the sum over the slots is the count. */
  lead_counts: { workspace_id: string; status: string; source: string; slot: number; count: string };
  /** How many requests of a key an instance counted in a second. */
  request_counts: { key_id: string; second: number; instance_id: string; count: number; counted_at: Generated<Date> };
}

/** An API key as it is stored. */
export type ApiKeyRow = Selectable<Schema['api_keys']>;
/** An API key to be stored. */
export type NewApiKeyRow = Insertable<Schema['api_keys']>;
