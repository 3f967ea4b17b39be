-- The active campaigns of each of these leads that is in one.
create or replace function active_campaigns(p_workspace text, p_ids text[])
returns table (lead_id text, active jsonb)
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  return query
  select lead_id, jsonb_agg(jsonb_build_object('id', id, 'name', name) order by id)
  from campaign_leads as enrolled
  join campaigns on campaigns.workspace_id = p_workspace and id = campaign_id
  where enrolled.workspace_id = p_workspace and lead_id = any(p_ids) and status = 'active'
  group by lead_id;
end $$;
