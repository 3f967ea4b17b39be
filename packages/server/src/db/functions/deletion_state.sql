-- What a deletion would take away, in one value: another one as soon as anything of it changes. Null where there is no lead.
create or replace function deletion_state(p_workspace text, p_id text)
returns bytea
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  return (
    select sha256(convert_to(jsonb_build_array(
      leads.version,
      (select jsonb_agg(id order by id) from activities where workspace_id = p_workspace and lead_id = p_id),
      (select jsonb_agg(jsonb_build_array(campaigns.id, status) order by campaigns.id)
        from campaign_leads as enrolled
        join campaigns on campaigns.workspace_id = p_workspace and campaigns.id = campaign_id
        where enrolled.workspace_id = p_workspace and lead_id = p_id))::text, 'UTF8'))
    from leads where leads.workspace_id = p_workspace and leads.id = p_id);
end $$;
