-- What lets workspaces take turns with their jobs, and says why a job was stopped.

alter table jobs add column stop_reason text collate "C";

-- When a step of a job of the workspace was last done: the one that waits longest is next.
create table job_turns (
  workspace_id text collate "C" primary key references workspaces (id),
  taken_at timestamptz not null
);

drop index jobs_to_do;
create index jobs_open on jobs (workspace_id, advanced_at) where finished_at is null;
