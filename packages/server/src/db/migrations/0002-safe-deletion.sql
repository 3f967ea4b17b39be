-- What hangs on a lead, and what makes its deletion safe: versions, backups, stored answers, the audit log, jobs.
-- The version is a random value and not a number, so that a restored lead never has one that was seen before.

alter table leads
  add column version uuid not null default gen_random_uuid(),
  add column status_before_archive text collate "C",
  add column archived boolean not null generated always as (coalesce(metadata -> 'archived' = 'true', false)) stored;
create index leads_by_archived on leads (workspace_id, archived, created_at, id);
create table lead_counts_by_day (
  workspace_id text collate "C" not null,
  day date not null,
  slot smallint not null,
  count bigint not null,
  primary key (workspace_id, day, slot)
) with (fillfactor = 50);
create table activities (
  workspace_id text collate "C" not null,
  lead_id text collate "C" not null,
  id text collate "C" not null,
  type text collate "C" not null,
  text text not null,
  metadata jsonb not null,
  occurred_at timestamptz(3) not null,
  created_at timestamptz(3) not null,
  primary key (workspace_id, lead_id, id),
  foreign key (workspace_id, lead_id) references leads on delete cascade
);
create index activities_by_time on activities (workspace_id, lead_id, occurred_at, id);
create table campaigns (
  workspace_id text collate "C" not null references workspaces (id),
  id text collate "C" not null,
  name text not null,
  status text collate "C" not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  primary key (workspace_id, id)
);
create index campaigns_by_creation on campaigns (workspace_id, created_at, id);
create table campaign_leads (
  workspace_id text collate "C" not null,
  campaign_id text collate "C" not null,
  lead_id text collate "C" not null,
  enrolled_at timestamptz(3) not null,
  primary key (workspace_id, campaign_id, lead_id),
  foreign key (workspace_id, campaign_id) references campaigns on delete cascade,
  foreign key (workspace_id, lead_id) references leads on delete cascade
);
create index campaign_leads_by_lead on campaign_leads (workspace_id, lead_id);
create table backups (
  workspace_id text collate "C" not null references workspaces (id),
  id text collate "C" not null,
  lead_id text collate "C" not null,
  content jsonb not null,
  activities integer not null,
  campaigns integer not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  primary key (workspace_id, id)
);
create index backups_by_creation on backups (workspace_id, created_at, id);
create index backups_by_lead on backups (workspace_id, lead_id, created_at, id);
create index backups_by_expiry on backups (expires_at);
-- The answer is encrypted with a key that only the caller has; null once it is erased together with its lead.
create table idempotency_keys (
  workspace_id text collate "C" not null,
  key_id text collate "C" not null,
  key_hash bytea not null,
  request_hash bytea not null,
  lead_id text collate "C",
  answer bytea,
  created_at timestamptz(3) not null,
  primary key (workspace_id, key_id, key_hash)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
create index idempotency_keys_by_lead on idempotency_keys (workspace_id, lead_id) where lead_id is not null;
-- What signs the tokens: the same for every server on this database.
create table secrets (name text primary key, value bytea not null);
insert into secrets values ('tokens', sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));
-- The planner's statistics would keep samples of personal data that is deleted.
alter table leads alter column name set statistics 0, alter column name_lower set statistics 0, alter column email set statistics 0,
  alter column email_lower set statistics 0, alter column phone set statistics 0, alter column metadata set statistics 0;
alter table activities alter column text set statistics 0, alter column metadata set statistics 0;
alter table backups alter column content set statistics 0;
-- Several chains in a workspace, so that concurrent writers do not wait for each other's last entry.
create table audit_chains (
  workspace_id text collate "C" not null references workspaces (id),
  chain smallint not null,
  seq bigint not null,
  hash bytea not null,
  primary key (workspace_id, chain)
) with (fillfactor = 50);
create table audit_log (
  workspace_id text collate "C" not null,
  chain smallint not null,
  seq bigint not null,
  at timestamptz(3) not null,
  action text collate "C" not null,
  key_id text collate "C" not null,
  lead_id text collate "C",
  request_id text collate "C",
  job_id text collate "C",
  reason text,
  details jsonb not null,
  previous_hash bytea not null,
  hash bytea not null,
  primary key (workspace_id, chain, seq)
);
create index audit_log_by_time on audit_log (workspace_id, at, chain, seq);
create index audit_log_by_lead on audit_log (workspace_id, lead_id, at, chain, seq) where lead_id is not null;
create table jobs (
  workspace_id text collate "C" not null references workspaces (id),
  id text collate "C" not null,
  kind text collate "C" not null,
  options jsonb not null,
  status text collate "C" not null,
  total integer not null,
  succeeded integer not null default 0,
  skipped integer not null default 0,
  failed integer not null default 0,
  attempts integer not null default 0,
  key_id text collate "C" not null,
  request_id text collate "C" not null,
  created_at timestamptz(3) not null,
  started_at timestamptz(3),
  finished_at timestamptz(3),
  advanced_at timestamptz not null,
  primary key (workspace_id, id)
);
create index jobs_by_creation on jobs (workspace_id, created_at, id);
create index jobs_to_do on jobs (advanced_at) where finished_at is null;
create index jobs_by_end on jobs (finished_at) where finished_at is not null;
-- Some hundred leads a row, as the dry run showed them; their outcomes are written in the transaction that makes them.
create table job_chunks (
  workspace_id text collate "C" not null,
  job_id text collate "C" not null,
  number integer not null,
  lead_ids text[] not null,
  versions text[] not null,
  outcomes jsonb,
  primary key (workspace_id, job_id, number),
  foreign key (workspace_id, job_id) references jobs on delete cascade
);
