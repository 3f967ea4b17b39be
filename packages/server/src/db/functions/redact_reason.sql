-- A reason for the audit log, without the personal data of any of these leads.
create or replace function redact_reason(p_workspace text, p_ids text[], p_reason text)
returns text
language plpgsql stable strict as $$
declare
  redacted text := p_reason;
  personal text[];
begin
  for personal in select :personal_texts from leads where workspace_id = p_workspace and id = any(p_ids) order by id loop
    redacted := redact(redacted, personal);
  end loop;
  return redacted;
end $$;
