-- The backups of a person, who is named as for leads_of_person; each looked up along its own index, too.
create or replace function backups_of_person(p_workspace text, p_lead text, p_email text, p_phone text)
returns table (id text, lead_id text)
language plpgsql stable rows 1 :lookup_by_id as $$
#variable_conflict use_column
begin
  return query
  select id, lead_id from backups where workspace_id = p_workspace and lead_id = p_lead
  union select id, lead_id from backups where workspace_id = p_workspace and email_hash = person_hash(p_workspace, 'email', p_email)
  union select id, lead_id from backups where workspace_id = p_workspace and phone_hash = person_hash(p_workspace, 'phone', p_phone);
end $$;
