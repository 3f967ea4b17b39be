-- Deletes leads and answers what came of each, in the order of p_ids: code is null where it is deleted. p_versions: null, or null
-- for a lead of any version. p_state: null, or the state of the one lead that was confirmed. p_atomic: all or none. p_erase: with
-- the backups, also those of a lead that is deleted already.
create or replace function delete_leads(
  p_workspace text, p_ids text[], p_versions text[], p_state bytea, p_force boolean, p_backup boolean, p_erase boolean, p_atomic boolean,
  p_at timestamptz, p_backups_expire_at timestamptz, p_key text, p_request text, p_job text, p_reason jsonb
)
returns table (lead_id text, code text, backup_id text, deleted_at timestamptz, version uuid, blockers jsonb)
language plpgsql set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  locked_ids text[];
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
  moment timestamptz;
begin
  -- One that was deleted while this waits, and came back since, is not locked, and not done.
  select array_agg(id) into locked_ids
  from (select id from leads where workspace_id = p_workspace and id = any(p_ids) order by id for update) as locked;
  if p_erase then
    perform 1 from backups where workspace_id = p_workspace and lead_id = any(p_ids) order by id for update;
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
            and not exists (select from leads as back where back.workspace_id = p_workspace and back.id = asked.id) then null
          else 'LEAD_NOT_FOUND'
        end
        when p_versions[position] <> leads.version::text then 'PRECONDITION_FAILED'
        -- Without the first condition every lead's state would be worked out, to be compared with nothing.
        when p_state is not null and p_state <> deletion_state(p_workspace, leads.id) then 'CONFIRMATION_STALE'
        when active is not null and not p_force then 'LEAD_IN_USE'
      end as code,
      leads.version, active, backup_id,
      -- Made anew only for a lead with something to tell of: it would be a tenth of all the work.
      case when coalesce(with_activities.count, with_campaigns.count, with_backups.count) is null and backup_id is null then alone
      else jsonb_build_object(
        'activities', coalesce(with_activities.count, 0),
        'campaigns', coalesce(with_campaigns.count, 0),
        'backups', coalesce(with_backups.count, 0),
        'force', active is not null,
        'erase', p_erase,
        'backupId', backup_id)
      end as details
    from unnest(p_ids) with ordinality as asked (id, position)
    left join leads on workspace_id = p_workspace and leads.id = asked.id and leads.id = any(locked_ids)
    left join active_campaigns(p_workspace, p_ids) as enrolled on enrolled.lead_id = asked.id
    left join (
      select lead_id, count(*) from activities where workspace_id = p_workspace and lead_id = any(p_ids) group by lead_id
    ) as with_activities on with_activities.lead_id = asked.id
    left join (
      select lead_id, count(*) from campaign_leads where workspace_id = p_workspace and lead_id = any(p_ids) group by lead_id
    ) as with_campaigns on with_campaigns.lead_id = asked.id
    left join (
      select lead_id, count(*) from backups where p_erase and workspace_id = p_workspace and lead_id = any(p_ids) group by lead_id
    ) as with_backups on with_backups.lead_id = asked.id
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
    where code is null and id <> all(coalesce(locked_ids, '{}'));
  end if;
  if array_remove(codes, null) = '{}' and left_ids is null then
    deleted_ids := p_ids;
    deleted_backup_ids := backup_ids;
  elsif array_remove(codes, null) = '{}' or not p_atomic then
    select array_agg(id order by position), array_agg(backup_id order by position), array_agg(details order by position)
    into deleted_ids, deleted_backup_ids, details
    from unnest(p_ids, codes, backup_ids, details) with ordinality as judged (id, code, backup_id, details, position)
    where code is null and id = any(locked_ids);
  end if;
  if left_ids is not null then
    delete from backups where workspace_id = p_workspace and lead_id = any(left_ids);
    insert into erased_leads select p_workspace, unnest(left_ids) on conflict do nothing;
    update idempotency_keys set answer = null where workspace_id = p_workspace and lead_id = any(left_ids);
    moment := append_audit(p_workspace, p_at, 'lead.erased', p_key, p_request, p_job, reason, left_ids, left_details);
  end if;
  if deleted_ids is not null then
    if p_backup then perform back_up_leads(p_workspace, deleted_ids, deleted_backup_ids, p_at, p_backups_expire_at); end if;
    delete from leads where workspace_id = p_workspace and id = any(deleted_ids);
    if p_erase then
      delete from backups where workspace_id = p_workspace and lead_id = any(deleted_ids);
      insert into erased_leads select p_workspace, unnest(deleted_ids) on conflict do nothing;
    end if;
    update idempotency_keys set answer = null where workspace_id = p_workspace and lead_id = any(deleted_ids);
    moment := append_audit(p_workspace, p_at, 'lead.deleted', p_key, p_request, p_job, reason, deleted_ids, details);
  end if;

  if p_erase and (deleted_ids is not null or left_ids is not null) then
    update scrubbing set needed = true where not needed;
  end if;

  return query
  select id, code, case when code is null and id = any(deleted_ids) then backup_id end, moment, version, blockers
  from unnest(p_ids, codes, backup_ids, versions, blocking) with ordinality as judged (id, code, backup_id, version, blockers, position)
  order by position;
end $$;
