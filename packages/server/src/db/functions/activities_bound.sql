-- At least as many bytes as the activities of a lead have as JSON: a character may become six, as \u0001.
create or replace function activities_bound(p_workspace text, p_lead_id text)
returns bigint
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  return (
    select coalesce(sum(400 + 6 * octet_length(text) + octet_length(metadata::text)), 0)
    from activities where workspace_id = p_workspace and lead_id = p_lead_id);
end $$;
