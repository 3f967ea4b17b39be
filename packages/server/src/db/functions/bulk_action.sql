-- Does to leads what a bulk operation of this kind does, and answers what came of each, as the contract's BulkOutcome, in the order of
-- p_ids; code is null where it is done. p_versions: null, or null for a lead of any version. p_atomic: all or none.
create or replace function bulk_action(
  p_workspace text, p_kind text, p_ids text[], p_versions text[], p_atomic boolean, p_force boolean, p_backup boolean, p_erase boolean,
  p_keep text[], p_metadata_max_bytes integer, p_at timestamptz, p_backups_expire_at timestamptz, p_key text, p_request text, p_job text,
  p_reason text, p_redactable jsonb
)
returns table (code text, outcome jsonb)
language plpgsql as $$
#variable_conflict use_column
begin
  if p_kind = 'bulk_delete' then
    return query
    select done.code, case
      when done.code is not null then :refused_outcome
      when done.backup_id is not null then jsonb_build_object('leadId', done.lead_id, 'outcome', 'deleted', 'backupId', done.backup_id)
      else jsonb_build_object('leadId', done.lead_id, 'outcome', 'deleted')
    end
    from delete_leads(
      p_workspace => p_workspace, p_ids => p_ids, p_versions => p_versions, p_state => null, p_force => p_force, p_backup => p_backup,
      p_erase => p_erase, p_atomic => p_atomic, p_at => p_at, p_backups_expire_at => p_backups_expire_at, p_key => p_key,
      p_request => p_request, p_job => p_job, p_reason => p_redactable
    ) as done;
  elsif p_kind = 'bulk_archive' then
    return query
    select done.code, case
      when done.code is not null then :refused_outcome
      else jsonb_build_object('leadId', done.lead_id, 'outcome', 'archived')
    end
    from archive_leads(
      p_workspace => p_workspace, p_ids => p_ids, p_versions => p_versions, p_atomic => p_atomic,
      p_metadata_max_bytes => p_metadata_max_bytes, p_at => p_at, p_key => p_key, p_request => p_request, p_job => p_job,
      p_reason => p_reason
    ) as done;
  else
    return query
    select done.code, case
      when done.code is not null then :refused_outcome
      else jsonb_build_object('leadId', done.lead_id, 'outcome', 'anonymized')
    end
    from anonymize_leads(
      p_workspace => p_workspace, p_ids => p_ids, p_versions => p_versions, p_atomic => p_atomic, p_keep => p_keep, p_at => p_at,
      p_key => p_key, p_request => p_request, p_job => p_job, p_reason => p_redactable
    ) as done;
  end if;
end $$;
