-- Brings in leads, each by its columns, with what hangs on it as in the contract's LeadRecord. Answers the ids of the leads that were
-- not there; one that was stays as it is. Of the campaigns those that exist.
create or replace function insert_records(p_workspace text, p_leads jsonb[], p_attached jsonb[])
returns table (lead_id text)
language plpgsql set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  inserted_ids text[];
begin
  with made as (
    insert into leads (:lead_columns, status_before_archive)
    select :lead_columns, status_before_archive
    from unnest(p_leads) as given (by_column)
    cross join lateral jsonb_to_record(by_column) as lead (:lead_column_types, status_before_archive text)
    where workspace_id = p_workspace
    order by id
    on conflict do nothing
    returning id
  )
  select array_agg(id) into inserted_ids from made;
  insert into activities (workspace_id, lead_id, id, type, text, metadata, occurred_at, created_at)
  select p_workspace, attached ->> 'leadId', activity ->> 'id', activity ->> 'type', activity ->> 'text', activity -> 'metadata',
    (activity ->> 'occurredAt')::timestamptz, (activity ->> 'createdAt')::timestamptz
  from unnest(p_attached) as given (attached)
  cross join lateral jsonb_array_elements(attached -> 'activities') as part (activity)
  where attached ->> 'leadId' = any(inserted_ids);
  -- The lock keeps a campaign from going between the look and the insert.
  perform 1 from campaigns where workspace_id = p_workspace and id in (
    select campaign ->> 'id' from unnest(p_attached) as given (attached)
    cross join lateral jsonb_array_elements(attached -> 'campaigns') as part (campaign)
  ) order by id for key share;
  insert into campaign_leads (workspace_id, campaign_id, lead_id, enrolled_at)
  select p_workspace, id, attached ->> 'leadId', (campaign ->> 'enrolledAt')::timestamptz
  from unnest(p_attached) as given (attached)
  cross join lateral jsonb_array_elements(attached -> 'campaigns') as part (campaign)
  join campaigns on workspace_id = p_workspace and id = campaign ->> 'id'
  where attached ->> 'leadId' = any(inserted_ids);
  return query select unnest(inserted_ids);
end $$;
