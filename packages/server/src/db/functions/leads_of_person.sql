-- The ids of the leads of a person, who is named by the id of a lead, a folded e-mail address or the digits of a phone number. Each is
-- looked up along its own index: for one `or` of the three all leads of the workspace would be read.
create or replace function leads_of_person(p_workspace text, p_lead text, p_email text, p_phone text)
returns setof text
language plpgsql stable rows 1 :lookup_by_id as $$
begin
  return query
  select id from leads where workspace_id = p_workspace and id = p_lead
  union select id from leads where workspace_id = p_workspace and email_lower = p_email
  union select id from leads where workspace_id = p_workspace and phone_digits = p_phone;
end $$;
