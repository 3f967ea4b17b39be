-- What there is of a person, who is named by the id of a lead, a folded e-mail address or the digits of a phone number: living leads,
-- deleted leads of which backups are left, and backups of living leads that had the address or number when they were made.
-- Counts are by kind; `fingerprint` is another one as soon as one of these leads or backups is, and `subject` where another person
-- is meant. Of more than p_max_leads only the number is told.
create or replace function person_traces(p_workspace text, p_lead text, p_email text, p_phone text, p_max_leads integer)
returns table (
  living_ids text[], left_ids text[], stray_backup_ids text[], leads integer, blocked integer, subject bytea,
  fingerprint bytea, removed jsonb
)
language plpgsql stable :lookup_by_id as $$
#variable_conflict use_column
declare
  found_ids text[];
  all_ids text[];
  backup_ids text[];
begin
  select coalesce(array_agg(id order by id), '{}') into living_ids
  from leads_of_person(p_workspace, p_lead, p_email, p_phone) as person (id);
  with found as (
    select id, lead_id, (select true from leads where workspace_id = p_workspace and leads.id = lead_id) is not null as is_living
    from backups_of_person(p_workspace, p_lead, p_email, p_phone)
  )
  select
    coalesce(array_agg(distinct lead_id) filter (where not is_living), '{}'),
    coalesce(array_agg(id order by id) filter (where is_living and lead_id <> all(living_ids)), '{}'),
    coalesce(array_agg(distinct lead_id), '{}')
  into left_ids, stray_backup_ids, found_ids
  from found;
  all_ids := living_ids || left_ids;
  leads := (select count(*) from (select unnest(living_ids) union select unnest(found_ids)) as named);
  subject := person_hash(p_workspace, 'subject', jsonb_build_array(p_lead, p_email, p_phone)::text);
  if leads > p_max_leads then
    return next;
    return;
  end if;
  blocked := (select count(*) from active_campaigns(p_workspace, living_ids));
  select array_agg(id order by id) into backup_ids
  from (
    select id from few(all_ids) as named (named_id) join backups on workspace_id = p_workspace and lead_id = named_id
    union select unnest(stray_backup_ids)
  ) as found;
  fingerprint := sha256(convert_to(jsonb_build_array(
    (select jsonb_agg(jsonb_build_array(
      living_id, (select version from leads where workspace_id = p_workspace and id = living_id)) order by living_id)
      from unnest(living_ids) as living_id),
    backup_ids
  )::text, 'UTF8'));
  removed := jsonb_build_object(
    'leads', cardinality(living_ids),
    'activities', (select count(*) from few(living_ids) as living (id)
      join activities on workspace_id = p_workspace and lead_id = living.id),
    'campaigns', (select count(*) from few(living_ids) as living (id)
      join campaign_leads on workspace_id = p_workspace and lead_id = living.id),
    'backups', coalesce(cardinality(backup_ids), 0),
    'storedAnswers', (select count(*) from few(all_ids) as named (id)
      join idempotency_keys on workspace_id = p_workspace and lead_id = named.id and answer is not null),
    'jobOutcomes', (select count(*) from job_chunks cross join lateral jsonb_array_elements(outcomes) as outcome
      where workspace_id = p_workspace and lead_ids && all_ids and outcome ->> 'leadId' = any(all_ids)));
  return next;
end $$;
