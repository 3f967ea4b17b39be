-- Workspaces, API keys, leads with their counts, and the requests counted for the rate limit.
-- `name_lower`, `email_lower` and `status` compare by code point ("C"): the same order on every database, and an index serves
-- it. A lead's row is never wider than its metadata, so that one page of a list is read from few pages of the heap.

create extension if not exists pg_trgm;
create extension if not exists btree_gin;
create table workspaces (
  id text primary key,
  name text not null unique,
  created_at timestamptz(3) not null
);
create table api_keys (
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
);
create unique index api_keys_by_id on api_keys (id);
create index api_keys_by_age on api_keys (workspace_id, created_at, id);
create table leads (
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
);
create index leads_by_creation on leads (workspace_id, created_at, id);
create index leads_by_change on leads (workspace_id, updated_at, id);
create index leads_by_name on leads (workspace_id, name_lower, id);
create index leads_by_email on leads (workspace_id, email_lower, id);
create index leads_by_status on leads (workspace_id, status, created_at, id);
create index leads_by_source on leads (workspace_id, source, created_at, id);
create index leads_by_text on leads using gin (workspace_id, name_lower gin_trgm_ops, email_lower gin_trgm_ops);
-- The planner chooses between the search index and the sorted one by how common the text is; a larger sample tells it better.
alter table leads alter column name_lower set statistics 1000, alter column email_lower set statistics 1000;
-- By slots, so that concurrent writers do not wait for each other's row; the sum over the slots is the count.
create table lead_counts (
  workspace_id text collate "C" not null,
  status text collate "C" not null,
  source text collate "C" not null,
  slot smallint not null,
  count bigint not null,
  primary key (workspace_id, status, source, slot)
) with (fillfactor = 50);
create table request_counts (
  key_id text not null,
  second bigint not null,
  instance_id text not null,
  count integer not null,
  counted_at timestamptz not null default now(),
  primary key (key_id, second, instance_id)
);
create index request_counts_by_time on request_counts (counted_at);
