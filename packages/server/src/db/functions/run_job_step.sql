-- Does the next leads of a job, as many as one statement may do (p_bytes, see leads_within), and writes down what came of them, so that
-- no list of leads leaves the database. No row where none are left. The other arguments as those of bulk_action.
create or replace function run_job_step(
  p_workspace text, p_kind text, p_job text, p_bytes integer, p_force boolean, p_backup boolean, p_erase boolean, p_keep text[],
  p_metadata_max_bytes integer, p_at timestamptz, p_backups_expire_at timestamptz, p_key text, p_request text, p_reason text,
  p_redactable jsonb
)
returns table (succeeded integer, skipped integer, failed integer)
language plpgsql as $$
#variable_conflict use_column
declare
  chunk record;
  fitting integer;
  ids text[];
  versions text[];
  done jsonb;
begin
  select number, lead_ids, job_chunks.versions into chunk
  from job_chunks where workspace_id = p_workspace and job_id = p_job and outcomes is null order by number limit 1;
  if not found then return; end if;
  -- A step that the database loses in a crash is done again; the end of the job, which waits for the disk, makes all of them safe.
  perform set_config('synchronous_commit', 'off', true);
  fitting := cardinality(chunk.lead_ids);
  -- An archive leaves alone what hangs on a lead.
  if p_kind <> 'bulk_archive' then fitting := leads_within(p_workspace, chunk.lead_ids, p_bytes); end if;
  -- Not in the statements: Citus 13 cannot send a slice of an array in an update.
  ids := chunk.lead_ids[1:fitting];
  versions := chunk.versions[1:fitting];
  if fitting < cardinality(chunk.lead_ids) then
    insert into job_chunks (workspace_id, job_id, number, lead_ids, versions)
    values (p_workspace, p_job, chunk.number + fitting, chunk.lead_ids[fitting + 1:], chunk.versions[fitting + 1:]);
  end if;
  select
    jsonb_agg(outcome), count(*) filter (where code is null), count(*) filter (where code = 'LEAD_NOT_FOUND'),
    count(*) filter (where code <> 'LEAD_NOT_FOUND')
  into done, succeeded, skipped, failed
  from bulk_action(
    p_workspace => p_workspace, p_kind => p_kind, p_ids => ids, p_versions => versions,
    p_atomic => false, p_force => p_force, p_backup => p_backup, p_erase => p_erase, p_keep => p_keep,
    p_metadata_max_bytes => p_metadata_max_bytes, p_at => p_at, p_backups_expire_at => p_backups_expire_at, p_key => p_key,
    p_request => p_request, p_job => p_job, p_reason => p_reason, p_redactable => p_redactable
  );
  update job_chunks set outcomes = done, versions = '{}', lead_ids = ids
  where workspace_id = p_workspace and job_id = p_job and number = chunk.number;
  return next;
end $$;
