-- At least as many bytes as the activities of a lead have as JSON.
create or replace function activities_bound(p_workspace text, p_lead_id text)
returns bigint
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  return (
    select coalesce(sum(:activity_bound), 0)
    from activities where workspace_id = p_workspace and lead_id = p_lead_id);
end $$;
