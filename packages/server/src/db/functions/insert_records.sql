-- Brings in leads, each by its columns, with what hangs on it as in the contract's LeadRecord, and answers what came of each: code is
-- null where it was brought in. Of the campaigns those that exist. p_duplicate_emails: whether a lead may come whose e-mail address
-- another one has; those of one transaction may have it in common, as they have where they come from.
create or replace function insert_records(p_workspace text, p_leads jsonb[], p_attached jsonb[], p_duplicate_emails boolean)
returns table (lead_id text, code text, existing_lead_id text, erasure_id text)
language plpgsql set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  ids text[];
  codes text[];
  others text[];
  erasures text[];
  inserted_ids text[];
  erased_ids text[];
begin
  -- While there are few leads one index is as good as another, and a plan that takes the wrong one would be kept until the
  -- statistics are made anew, however many come in meanwhile.
  if (select reltuples < 10000 from pg_class where oid = 'leads'::regclass) then discard plans; end if;
  select
    array_agg(by_column ->> 'id' order by position),
    array_agg(case
      when exists (select from leads where workspace_id = p_workspace and id = by_column ->> 'id') then 'LEAD_EXISTS'
      when exists (select from erased_leads where workspace_id = p_workspace and lead_id = by_column ->> 'id') then 'LEAD_ERASED'
      when erasure is not null then 'SUPPRESSED'
      when other.id is not null then 'EMAIL_EXISTS'
    end order by position),
    array_agg(other.id order by position),
    array_agg(erasure order by position)
  into ids, codes, others, erasures
  from unnest(p_leads) with ordinality as given (by_column, position)
  cross join lateral (
    select suppressing_erasure(p_workspace, by_column ->> 'email_lower', by_column ->> 'phone_digits') as erasure offset 0
  ) as suppressed
  -- Lead by lead, and in no order: an order by id could be had by walking through all leads of the workspace.
  left join lateral (
    select id from leads
    where not p_duplicate_emails and workspace_id = p_workspace and email_lower = by_column ->> 'email_lower'
      and leads.xmin <> pg_current_xact_id()::xid
    limit 1
  ) as other on true;

  with made as (
    insert into leads (:lead_columns, status_before_archive)
    select :lead_columns, status_before_archive
    from unnest(p_leads, codes) as given (by_column, code)
    cross join lateral jsonb_to_record(by_column) as lead (:lead_column_types, status_before_archive text)
    where workspace_id = p_workspace and code is null
    order by id
    on conflict do nothing
    returning id
  )
  select array_agg(id) into inserted_ids from made;
  -- A statement of its own, because the insert waits for whoever erases one of them at this moment.
  select array_agg(lead_id) into erased_ids from erased_leads where workspace_id = p_workspace and lead_id = any(inserted_ids);
  if erased_ids is not null then delete from leads where workspace_id = p_workspace and id = any(erased_ids); end if;
  insert into activities (workspace_id, lead_id, id, type, text, metadata, occurred_at, created_at)
  select p_workspace, attached ->> 'leadId', activity ->> 'id', activity ->> 'type', activity ->> 'text', activity -> 'metadata',
    (activity ->> 'occurredAt')::timestamptz, (activity ->> 'createdAt')::timestamptz
  from unnest(p_attached) as given (attached)
  cross join lateral jsonb_array_elements(attached -> 'activities') as part (activity)
  where attached ->> 'leadId' = any(inserted_ids) and attached ->> 'leadId' <> all(coalesce(erased_ids, '{}'));
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
  where attached ->> 'leadId' = any(inserted_ids) and attached ->> 'leadId' <> all(coalesce(erased_ids, '{}'));
  return query
  select id,
    case
      when code is not null then code
      when id = any(erased_ids) then 'LEAD_ERASED'
      when id = any(inserted_ids) then null
      else 'LEAD_EXISTS'
    end,
    case when code = 'EMAIL_EXISTS' then other end,
    case when code = 'SUPPRESSED' then erasure end
  from unnest(ids, codes, others, erasures) as judged (id, code, other, erasure);
end $$;
