-- Removes the persons from leads; the arguments and the answer as those of delete_leads.
create or replace function anonymize_leads(
  p_workspace text, p_ids text[], p_versions text[], p_atomic boolean, p_keep text[],
  p_at timestamptz, p_key text, p_request text, p_job text, p_reason jsonb
)
returns table (lead_id text, code text, version uuid, activities integer, backups integer)
language plpgsql :lookup_by_id as $$
#variable_conflict use_column
declare
  -- Where each lead is that could be locked, in the order of p_ids.
  places tid[];
  codes text[];
  versions uuid[];
  anonymized_ids text[];
  anonymized_places tid[];
  details jsonb[];
  reason text;
begin
  -- One that was deleted while this waits, and came back since, is not locked, and not done.
  places := lock_leads(p_workspace, p_ids);
  reason := redact_reason(p_workspace, p_ids, p_reason);
  select
    array_agg(case
      when leads.id is null then 'LEAD_NOT_FOUND'
      when p_versions[position] <> leads.version::text then 'PRECONDITION_FAILED'
    end order by position),
    array_agg(leads.version order by position)
  into codes, versions
  from unnest(p_ids) with ordinality as asked (id, position)
  left join leads on workspace_id = p_workspace and leads.ctid = places[position];

  if not p_atomic or array_remove(codes, null) = '{}' then
    select
      array_agg(id order by position),
      array_agg(jsonb_build_object(
        'activities', (select count(*) from activities where workspace_id = p_workspace and activities.lead_id = leads.id),
        'backups', (select count(*) from backups where workspace_id = p_workspace and backups.lead_id = leads.id)) order by position),
      array_agg(leads.ctid)
    into anonymized_ids, details, anonymized_places
    from unnest(codes, places) with ordinality as judged (code, place, position)
    join leads on workspace_id = p_workspace and leads.ctid = place
    where code is null;
  end if;
  if anonymized_ids is not null then
    update leads set :anonymized
    from few(anonymized_places) as chosen (place) where workspace_id = p_workspace and leads.ctid = place;
    update activities set text = '[anonymized]', metadata = '{}'
    from few(anonymized_ids) as chosen (chosen_id) where workspace_id = p_workspace and lead_id = chosen_id;
    delete from backups using few(anonymized_ids) as chosen (chosen_id) where workspace_id = p_workspace and lead_id = chosen_id;
    update idempotency_keys set answer = null
    from few(anonymized_ids) as chosen (chosen_id) where workspace_id = p_workspace and lead_id = chosen_id;
    :remember_scrubbing
    perform append_audit(p_workspace, p_at, 'lead.anonymized', p_key, p_request, p_job, reason, anonymized_ids, details);
  end if;
  return query
  select asked.id, asked.code, asked.version, (made.details -> 'activities')::integer, (made.details -> 'backups')::integer
  from unnest(p_ids, codes, versions) with ordinality as asked (id, code, version, position)
  left join unnest(anonymized_ids, details) as made (lead_id, details) on made.lead_id = asked.id
  order by position;
end $$;
