-- At least as many bytes as the record of a lead has as text. Long texts are counted where they are, and not read.
create or replace function lead_record_bound(p_workspace text, p_id text)
returns bigint
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  return (
    select 300 + octet_length(jsonb_build_object(:lead_members)::text)
      + (select 200 * count(*) from campaign_leads where workspace_id = p_workspace and lead_id = p_id)
      + activities_bound(p_workspace, p_id)
    from leads where workspace_id = p_workspace and id = p_id);
end $$;
