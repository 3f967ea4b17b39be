-- Makes a backup of each lead, with these ids.
create or replace function back_up_leads(
  p_workspace text, p_ids text[], p_backup_ids text[], p_at timestamptz, p_expires_at timestamptz
)
returns void
language plpgsql :lookup_by_id as $$
begin
  insert into backups (workspace_id, id, lead_id, content, activities, campaigns, created_at, expires_at, email_hash, phone_hash)
  select p_workspace, asked.backup_id, asked.lead_id, record, jsonb_array_length(record -> 'activities'),
    jsonb_array_length(record -> 'campaigns'), p_at, p_expires_at,
    person_hash(p_workspace, 'email', email_lower), person_hash(p_workspace, 'phone', phone_digits)
  from unnest(p_ids, p_backup_ids) as asked (lead_id, backup_id)
  cross join lateral (
    select email_lower, phone_digits, lead_record(p_workspace, asked.lead_id) as record
    from leads where workspace_id = p_workspace and leads.id = asked.lead_id offset 0
  ) as made;
end $$;
