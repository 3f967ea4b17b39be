-- How many bytes the activities of a lead have as JSON.
create or replace function activities_size(p_workspace text, p_lead_id text)
returns bigint
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  return octet_length((lead_record(p_workspace, p_lead_id) -> 'activities')::text);
end $$;
