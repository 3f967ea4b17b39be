-- Archives leads; the arguments and the answer as those of delete_leads. One that is archived already stays as it is.
create or replace function archive_leads(
  p_workspace text, p_ids text[], p_versions text[], p_atomic boolean, p_metadata_max_bytes integer,
  p_at timestamptz, p_key text, p_request text, p_job text, p_reason text
)
returns table (lead_id text, code text, version uuid)
language plpgsql :lookup_by_id as $$
#variable_conflict use_column
declare
  -- Where each lead is that could be locked, in the order of p_ids.
  places tid[];
  mark constant jsonb := jsonb_build_object('archived', true, 'archived_at', iso_time(p_at), 'archived_reason', p_reason);
  codes text[];
  archived_ids text[];
  archived_places tid[];
begin
  -- One that was deleted while this waits, and came back since, is not locked, and not done.
  places := lock_leads(p_workspace, p_ids);
  select array_agg(case
    when leads.id is null then 'LEAD_NOT_FOUND'
    when p_versions[position] <> leads.version::text then 'PRECONDITION_FAILED'
    when not archived and octet_length((metadata || mark)::text) > p_metadata_max_bytes
      and jsonb_size(metadata || mark) > p_metadata_max_bytes then 'VALIDATION_ERROR'
  end order by position) into codes
  from unnest(p_ids) with ordinality as asked (id, position)
  left join leads on workspace_id = p_workspace and leads.ctid = places[position];

  if not p_atomic or array_remove(codes, null) = '{}' then
    select array_agg(id order by position), array_agg(leads.ctid) into archived_ids, archived_places
    from unnest(codes, places) with ordinality as judged (code, place, position)
    join leads on workspace_id = p_workspace and leads.ctid = place
    where code is null and not archived;
  end if;
  if archived_ids is not null then
    update leads set status = 'lost', metadata = metadata || mark, updated_at = greatest(updated_at, p_at)
    from few(archived_places) as chosen (place) where workspace_id = p_workspace and leads.ctid = place;
    -- The reason stands in the metadata, and must be gone with it.
    perform append_audit(p_workspace, p_at, 'lead.archived', p_key, p_request, p_job, null,
      archived_ids, array_fill('{}'::jsonb, array[cardinality(archived_ids)]));
  end if;
  return query
  select asked.id, asked.code, leads.version
  from unnest(p_ids, codes) with ordinality as asked (id, code, position)
  left join leads on workspace_id = p_workspace and leads.id = asked.id
  order by position;
end $$;
