-- Makes a backup of each lead, with these ids.
create or replace function back_up_leads(
  p_workspace text, p_ids text[], p_backup_ids text[], p_at timestamptz, p_expires_at timestamptz
)
returns void
language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  insert into backups (workspace_id, id, lead_id, content, activities, campaigns, created_at, expires_at, email_hash, phone_hash)
  select p_workspace, asked.backup_id, leads.id, record, jsonb_array_length(record -> 'activities'),
    jsonb_array_length(record -> 'campaigns'), p_at, p_expires_at,
    person_hash(p_workspace, 'email', email_lower), person_hash(p_workspace, 'phone', phone_digits)
  from unnest(p_ids, p_backup_ids) as asked (lead_id, backup_id)
  join leads on workspace_id = p_workspace and id = asked.lead_id
  cross join lateral (select lead_record(p_workspace, leads.id) as record offset 0) as made;
end $$;
