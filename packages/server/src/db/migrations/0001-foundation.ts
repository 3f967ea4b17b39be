import { type Kysely, sql } from 'kysely';

/** Workspaces, API keys, leads with their counts, and the requests counted for the rate limit. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

// `name_lower`, `email_lower` and `status` compare by code point ("C"): the same order on every database, and an index
// serves it. A lead's row is never wider than its metadata, so that one page of a list is read from few pages of the heap.
const STATEMENTS = [
  'create extension if not exists pg_trgm',
  'create extension if not exists btree_gin',
  `create table workspaces (
    id text primary key,
    name text not null unique,
    created_at timestamptz(3) not null
  )`,
  `create table api_keys (
    workspace_id text not null references workspaces (id),
    id text not null,
    name text not null,
    hash bytea not null unique,
    hint text not null,
    scopes text[] not null,
    created_at timestamptz(3) not null,
    expires_at timestamptz(3),
    last_used_at timestamptz(3),
    revoked_at timestamptz(3),
    primary key (workspace_id, id)
  )`,
  'create unique index api_keys_by_id on api_keys (id)',
  'create index api_keys_by_age on api_keys (workspace_id, created_at, id)',
  `create table leads (
    workspace_id text collate "C" not null references workspaces (id),
    id text collate "C" not null,
    name text not null,
    email text not null,
    name_lower text collate "C" not null,
    email_lower text collate "C" not null,
    phone text,
    source text collate "C",
    status text collate "C" not null,
    metadata jsonb not null,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    primary key (workspace_id, id)
  )`,
  'create index leads_by_creation on leads (workspace_id, created_at, id)',
  'create index leads_by_change on leads (workspace_id, updated_at, id)',
  'create index leads_by_name on leads (workspace_id, name_lower, id)',
  'create index leads_by_email on leads (workspace_id, email_lower, id)',
  'create index leads_by_status on leads (workspace_id, status, created_at, id)',
  'create index leads_by_source on leads (workspace_id, source, created_at, id)',
  'create index leads_by_text on leads using gin (workspace_id, name_lower gin_trgm_ops, email_lower gin_trgm_ops)',
  // The planner chooses between the search index and the sorted one by how common the text is; a larger sample tells it better.
  'alter table leads alter column name_lower set statistics 1000, alter column email_lower set statistics 1000',
  `create table lead_counts (
    workspace_id text collate "C" not null,
    status text collate "C" not null,
    source text collate "C" not null,
    slot smallint not null,
    count bigint not null,
    primary key (workspace_id, status, source, slot)
  ) with (fillfactor = 50)`,
  // A slot per connection, so that concurrent writers do not wait for each other's row; in the order of the key, so that
  // two that do share a slot cannot wait for each other in a circle.
  `create function count_inserted_leads() returns trigger language plpgsql as $$
  begin
    insert into lead_counts as counts (workspace_id, status, source, slot, count)
    select workspace_id, status, coalesce(source, ''), pg_backend_pid() % 16, count(*)
    from changed group by 1, 2, 3 order by 1, 2, 3
    on conflict (workspace_id, status, source, slot) do update set count = counts.count + excluded.count;
    return null;
  end $$`,
  `create function count_deleted_leads() returns trigger language plpgsql as $$
  begin
    insert into lead_counts as counts (workspace_id, status, source, slot, count)
    select workspace_id, status, coalesce(source, ''), pg_backend_pid() % 16, -count(*)
    from changed group by 1, 2, 3 order by 1, 2, 3
    on conflict (workspace_id, status, source, slot) do update set count = counts.count + excluded.count;
    return null;
  end $$`,
  `create function count_moved_lead() returns trigger language plpgsql as $$
  begin
    insert into lead_counts as counts (workspace_id, status, source, slot, count)
    select workspace_id, status, source, pg_backend_pid() % 16, change
    from (values
      (old.workspace_id, old.status, coalesce(old.source, ''), -1),
      (new.workspace_id, new.status, coalesce(new.source, ''), 1)
    ) as moved (workspace_id, status, source, change)
    order by 1, 2, 3
    on conflict (workspace_id, status, source, slot) do update set count = counts.count + excluded.count;
    return null;
  end $$`,
  `create trigger count_inserted after insert on leads referencing new table as changed
    for each statement execute function count_inserted_leads()`,
  `create trigger count_deleted after delete on leads referencing old table as changed
    for each statement execute function count_deleted_leads()`,
  `create trigger count_moved after update on leads for each row
    when (old.status is distinct from new.status or old.source is distinct from new.source)
    execute function count_moved_lead()`,
  // JSON Merge Patch (RFC 7396), in one pass over both objects: key by key would copy the whole for every key of the patch.
  `create function jsonb_merge_patch(target jsonb, patch jsonb) returns jsonb language plpgsql immutable as $$
  begin
    if jsonb_typeof(patch) <> 'object' then return patch; end if;
    if target is null or jsonb_typeof(target) <> 'object' then target := '{}'; end if;
    return coalesce((
      select jsonb_object_agg(key, value) from (
        select key, value from jsonb_each(target) where not patch ? key
        union all
        select key, jsonb_merge_patch(target -> key, value) from jsonb_each(patch) where value <> 'null'
      ) as merged
    ), '{}');
  end $$`,
  `create table request_counts (
    key_id text not null,
    second bigint not null,
    instance_id text not null,
    count integer not null,
    counted_at timestamptz not null default now(),
    primary key (key_id, second, instance_id)
  )`,
  'create index request_counts_by_time on request_counts (counted_at)',
];
