-- Adds a lead, given by its columns, and answers its version; or else the erasure because of which nobody with its e-mail address or
-- phone number may come in.
create or replace function create_lead(p_workspace text, p_lead jsonb)
returns table (erasure_id text, version uuid)
language plpgsql as $$
#variable_conflict use_column
declare
  given record;
begin
  select * into given from jsonb_to_record(p_lead) as lead (:lead_column_types);
  erasure_id := suppressing_erasure(p_workspace, given.email_lower, given.phone_digits);
  if erasure_id is null then
    insert into leads (:lead_columns) values (:lead_values) returning leads.version into version;
  end if;
  return next;
end $$;
