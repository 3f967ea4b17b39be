-- Deletes leads and answers what came of each, in the order of p_ids: code is null where it is deleted. p_versions: null, or null
-- for a lead of any version. p_state: null, or the state of the one lead that was confirmed. p_atomic: all or none. p_erase: with
-- the backups, also those of a lead that is deleted already.
create or replace function delete_leads(
  p_workspace text, p_ids text[], p_versions text[], p_state bytea, p_force boolean, p_backup boolean, p_erase boolean, p_atomic boolean,
  p_at timestamptz, p_backups_expire_at timestamptz, p_key text, p_request text, p_job text, p_reason jsonb
)
returns table (lead_id text, code text, backup_id text, deleted_at timestamptz, version uuid, blockers jsonb)
language plpgsql :lookup_by_id as $$
#variable_conflict use_column
declare
  -- Where each lead is that could be locked, in the order of p_ids.
  places tid[];
  alone constant jsonb := jsonb_build_object(
    'activities', 0, 'campaigns', 0, 'backups', 0, 'force', false, 'erase', p_erase, 'backupId', null);
  codes text[];
  versions uuid[];
  blocking jsonb[];
  backup_ids text[];
  details jsonb[];
  reason text;
  deleted_ids text[];
  left_ids text[];
  left_details jsonb[];
  deleted_backup_ids text[];
  deleted_places tid[];
  moment timestamptz;
begin
  -- One that was deleted while this waits, and came back since, is not locked, and not done.
  places := lock_leads(p_workspace, p_ids);
  if p_erase then
    perform 1 from (
      select found.id from few(p_ids) as asked (id)
      join backups as found on workspace_id = p_workspace and lead_id = asked.id
      order by found.id
    ) as held
    cross join lateral (select from backups where workspace_id = p_workspace and backups.id = held.id for update) as locked;
  end if;
  reason := redact_reason(p_workspace, p_ids, p_reason);
  -- A statement after the lock, so that it sees what those did who held it before. Enrolling takes a lock on the lead, too.
  select array_agg(code), array_agg(version), array_agg(active), array_agg(backup_id), array_agg(details)
  into codes, versions, blocking, backup_ids, details
  from (
    select
      case
        when leads.id is null then case
          when p_erase and with_backups.count > 0 and p_versions[position] is null and p_state is null
            and not exists (select from leads as back where back.workspace_id = p_workspace and back.id = asked.id offset 0) then null
          else 'LEAD_NOT_FOUND'
        end
        when p_versions[position] <> leads.version::text then 'PRECONDITION_FAILED'
        -- Without the first condition every lead's state would be worked out, to be compared with nothing.
        when p_state is not null and p_state <> deletion_state(p_workspace, asked.id) then 'CONFIRMATION_STALE'
        when active is not null and not p_force then 'LEAD_IN_USE'
      end as code,
      leads.version, active, backup_id,
      -- Made anew only for a lead with something to tell of: it would be a tenth of all the work.
      case when with_activities.count + with_campaigns.count + with_backups.count = 0 and backup_id is null then alone
      else jsonb_build_object(
        'activities', with_activities.count,
        'campaigns', with_campaigns.count,
        'backups', with_backups.count,
        'force', active is not null,
        'erase', p_erase,
        'backupId', backup_id)
      end as details
    from unnest(p_ids) with ordinality as asked (id, position)
    left join leads on workspace_id = p_workspace and leads.ctid = places[position]
    cross join lateral (
      select jsonb_agg(jsonb_build_object('id', campaigns.id, 'name', campaigns.name) order by campaigns.id) as active
      from campaign_leads as enrolled
      join campaigns on campaigns.workspace_id = p_workspace and campaigns.id = campaign_id
      where enrolled.workspace_id = p_workspace and enrolled.lead_id = asked.id and status = 'active'
    ) as in_active
    cross join lateral (
      select count(*) from activities where workspace_id = p_workspace and activities.lead_id = asked.id
    ) as with_activities
    cross join lateral (
      select count(*) from campaign_leads where workspace_id = p_workspace and campaign_leads.lead_id = asked.id
    ) as with_campaigns
    cross join lateral (
      select count(*) from backups where p_erase and workspace_id = p_workspace and backups.lead_id = asked.id
    ) as with_backups
    cross join lateral (
      -- It names the position, or all leads would get one id.
      select case when p_backup and position > 0 then 'backup_' || replace(gen_random_uuid()::text, '-', '') end as backup_id offset 0
    ) as made
    order by position
  ) as judged;

  if p_erase and (array_remove(codes, null) = '{}' or not p_atomic) then
    select array_agg(id order by position), array_agg(jsonb_build_object('backups', details -> 'backups') order by position)
    into left_ids, left_details
    from unnest(p_ids, codes, details) with ordinality as judged (id, code, details, position)
    where code is null and places[position] is null;
  end if;
  if array_remove(codes, null) = '{}' and left_ids is null then
    deleted_ids := p_ids;
    deleted_backup_ids := backup_ids;
    deleted_places := places;
  elsif array_remove(codes, null) = '{}' or not p_atomic then
    select array_agg(id order by position), array_agg(backup_id order by position), array_agg(details order by position),
      array_agg(places[position])
    into deleted_ids, deleted_backup_ids, details, deleted_places
    from unnest(p_ids, codes, backup_ids, details) with ordinality as judged (id, code, backup_id, details, position)
    where code is null and places[position] is not null;
  end if;
  if left_ids is not null then
    delete from backups using few(left_ids) as gone (id) where workspace_id = p_workspace and lead_id = gone.id;
    insert into erased_leads select p_workspace, unnest(left_ids) on conflict do nothing;
    update idempotency_keys set answer = null from few(left_ids) as gone (id) where workspace_id = p_workspace and lead_id = gone.id;
    moment := append_audit(p_workspace, p_at, 'lead.erased', p_key, p_request, p_job, reason, left_ids, left_details);
  end if;
  if deleted_ids is not null then
    if p_backup then perform back_up_leads(p_workspace, deleted_ids, deleted_backup_ids, p_at, p_backups_expire_at); end if;
    delete from leads using few(deleted_places) as gone (place) where workspace_id = p_workspace and leads.ctid = gone.place;
    if p_erase then
      delete from backups using few(deleted_ids) as gone (id) where workspace_id = p_workspace and lead_id = gone.id;
      insert into erased_leads select p_workspace, unnest(deleted_ids) on conflict do nothing;
    end if;
    update idempotency_keys set answer = null from few(deleted_ids) as gone (id) where workspace_id = p_workspace and lead_id = gone.id;
    moment := append_audit(p_workspace, p_at, 'lead.deleted', p_key, p_request, p_job, reason, deleted_ids, details);
  end if;

  if p_erase and (deleted_ids is not null or left_ids is not null) then
    :remember_scrubbing
  end if;

  return query
  select id, code, case when code is null and id = any(deleted_ids) then backup_id end, moment, version, blockers
  from unnest(p_ids, codes, backup_ids, versions, blocking) with ordinality as judged (id, code, backup_id, version, blockers, position)
  order by position;
end $$;
