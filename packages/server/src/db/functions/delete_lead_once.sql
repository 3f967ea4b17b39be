-- Deletes a lead under an idempotency key, and keeps the answer, which is made beforehand but for the id of the backup and the time.
create or replace function delete_lead_once(
  p_name text, p_key_hash bytea, p_kept_since timestamptz, p_request_hash bytea, p_answer text, p_backup_place text, p_time_place text,
  p_workspace text, p_id text, p_version text, p_state bytea, p_force boolean, p_backup boolean, p_erase boolean,
  p_at timestamptz, p_backups_expire_at timestamptz, p_key text, p_request text, p_reason jsonb
)
returns table (code text, backup_id text, deleted_at timestamptz, version uuid, blockers jsonb)
language plpgsql as $$
#variable_conflict use_column
begin
  perform claim_idempotency_key(p_name, p_workspace, p_key, p_key_hash, p_kept_since);
  select deleted.code, deleted.backup_id, deleted.deleted_at, deleted.version, deleted.blockers
  into code, backup_id, deleted_at, version, blockers
  from delete_leads(
    p_workspace => p_workspace, p_ids => array[p_id], p_versions => array[p_version], p_state => p_state, p_force => p_force,
    p_backup => p_backup, p_erase => p_erase, p_atomic => false, p_at => p_at, p_backups_expire_at => p_backups_expire_at,
    p_key => p_key, p_request => p_request, p_job => null, p_reason => p_reason
  ) as deleted;
  if code is null then
    insert into idempotency_keys (workspace_id, key_id, key_hash, request_hash, lead_id, answer, created_at, sealed)
    values (
      p_workspace, p_key, p_key_hash, p_request_hash, null,
      convert_to(replace(replace(p_answer, p_backup_place, coalesce(backup_id, '')), p_time_place, iso_time(deleted_at)), 'UTF8'), p_at, false
    )
    on conflict (workspace_id, key_id, key_hash) do update
    set request_hash = excluded.request_hash, lead_id = null, answer = excluded.answer, created_at = excluded.created_at, sealed = false;
  end if;
  return next;
end $$;
