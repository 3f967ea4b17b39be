-- A lead with everything that hangs on it, as the contract's LeadRecord; null where there is none. In plpgsql, as all functions
-- with queries in them: PostgreSQL plans those of a function in SQL anew for each statement.
create or replace function lead_record(p_workspace text, p_id text)
returns jsonb
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  return (
    select jsonb_build_object(
      :lead_head,
      'activities', coalesce((
        select jsonb_agg(:activity_record order by occurred_at, id)
        from activities where workspace_id = p_workspace and lead_id = p_id), '[]'))
    from leads where leads.workspace_id = p_workspace and leads.id = p_id);
end $$;
