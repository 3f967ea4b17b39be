import { type Kysely, sql } from 'kysely';

/** The functions that delete, archive, anonymize and bring in leads, and one index for the search in name and e-mail address. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...SEARCH, ...FUNCTIONS, PLANS]) await sql.raw(statement).execute(db);
}

// Of one expression, so that a search reads the lists of its trigrams once; without the workspace, whose list is as long as
// all leads together. Where a workspace has few of them, the planner takes an index that begins with the workspace.
const SEARCH = [
  'drop index leads_by_text',
  `create index leads_by_text on leads using gin ((name_lower || chr(10) || email_lower) gin_trgm_ops)`,
  // As for the columns: the planner's statistics would keep samples of personal data that is deleted.
  'alter index leads_by_text alter column 1 set statistics 0',
];

const FUNCTIONS = [
  'drop function if exists active_campaigns(leads)',
  // As the API writes a moment.
  `create or replace function iso_time(moment timestamptz) returns text language sql stable as
    $$ select to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$`,
  // Appends an entry for each lead (null: about none). The last thing that a transaction does, because it locks the end of its chain.
  `create or replace function append_audit(
    p_workspace text, p_at timestamptz, p_action text, p_key text, p_job text,
    p_leads text[], p_requests text[], p_reasons text[], p_details jsonb[]
  ) returns void language plpgsql as $$
  declare
    own_chain constant smallint := pg_backend_pid() % 16;
    genesis constant bytea := decode(repeat('00', 32), 'hex');
    last_seq bigint;
    last_hash bytea;
    hashes bytea[];
    unfinished text;
  begin
    loop
      select seq, hash into last_seq, last_hash from audit_chains where workspace_id = p_workspace and chain = own_chain for update;
      exit when found;
      insert into audit_chains values (p_workspace, own_chain, 0, genesis) on conflict do nothing;
    end loop;
    hashes := array[last_hash];
    -- Only the last member of the array that is hashed depends on the entry before.
    for unfinished in
      select left(json_build_array(
        p_workspace, own_chain, last_seq + position, at, p_action, p_key, lead_id, request_id, p_job, reason, details::text)::text, -1)
      from unnest(p_leads, p_requests, p_reasons, p_details) with ordinality as entry (lead_id, request_id, reason, details, position)
      cross join (select iso_time(p_at) as at offset 0) as moment
      order by position
    loop
      last_hash := sha256(convert_to(unfinished || ', "' || encode(last_hash, 'hex') || '"]', 'UTF8'));
      hashes := hashes || last_hash;
    end loop;
    insert into audit_log
    select p_workspace, own_chain, last_seq + position, p_at, p_action, p_key, lead_id, request_id, p_job, reason, details,
      hashes[position], hashes[position + 1]
    from unnest(p_leads, p_requests, p_reasons, p_details) with ordinality as entry (lead_id, request_id, reason, details, position);
    update audit_chains set seq = last_seq + cardinality(p_leads), hash = last_hash where workspace_id = p_workspace and chain = own_chain;
  end $$`,
  // A lead with everything that hangs on it, as the contract's LeadRecord. In plpgsql, as all functions with queries in them:
  // PostgreSQL plans those of a function in SQL anew for each statement.
  `create or replace function lead_record(l leads) returns jsonb language plpgsql stable as $$
  begin
    return jsonb_build_object(
      'lead', jsonb_build_object(
        'id', l.id, 'name', l.name, 'email', l.email, 'phone', l.phone, 'source', l.source, 'status', l.status, 'metadata', l.metadata,
        'createdAt', iso_time(l.created_at), 'updatedAt', iso_time(l.updated_at), 'workspaceId', l.workspace_id),
      'statusBeforeArchive', l.status_before_archive,
      'activities', coalesce((
        select jsonb_agg(jsonb_build_object(
          'id', id, 'leadId', lead_id, 'type', type, 'text', text, 'metadata', metadata,
          'occurredAt', iso_time(occurred_at), 'createdAt', iso_time(created_at)) order by occurred_at, id)
        from activities where workspace_id = l.workspace_id and lead_id = l.id), '[]'),
      'campaigns', coalesce((
        select jsonb_agg(jsonb_build_object('id', campaign_id, 'enrolledAt', iso_time(enrolled_at)) order by campaign_id)
        from campaign_leads where workspace_id = l.workspace_id and lead_id = l.id), '[]'));
  end $$`,
  // What a deletion would take away, in one value: another one as soon as anything of it changes.
  `create or replace function deletion_state(l leads) returns bytea language plpgsql stable as $$
  begin
    return sha256(convert_to(jsonb_build_array(
      l.version,
      (select jsonb_agg(id order by id) from activities where workspace_id = l.workspace_id and lead_id = l.id),
      (select jsonb_agg(jsonb_build_array(id, status) order by id)
        from campaign_leads as enrolled join campaigns on campaigns.workspace_id = enrolled.workspace_id and id = campaign_id
        where enrolled.workspace_id = l.workspace_id and lead_id = l.id))::text, 'UTF8'));
  end $$`,
  // The active campaigns of each of these leads that is in one.
  `create or replace function active_campaigns(p_workspace text, p_ids text[]) returns table (lead_id text, active jsonb) language sql stable as $$
    select lead_id, jsonb_agg(jsonb_build_object('id', id, 'name', name) order by id)
    from campaign_leads as enrolled join campaigns on campaigns.workspace_id = enrolled.workspace_id and id = campaign_id
    where enrolled.workspace_id = p_workspace and lead_id = any(p_ids) and status = 'active'
    group by lead_id
  $$`,
  `create or replace function replace_parts(original text, parts text[]) returns text language plpgsql immutable as $$
  declare
    replaced text := original;
    part text;
  begin
    foreach part in array parts loop
      if strpos(lower(replaced), lower(part)) > 0 then
        -- ***= makes the rest of the pattern a plain text.
        replaced := regexp_replace(replaced, '***=' || part, '[redacted]', 'gi');
      end if;
    end loop;
    return replaced;
  end $$`,
  // Whether a text in lower case names the lead. A look that is cheap: replacing costs more than all the rest of a deletion.
  `create or replace function names_lead(lower_text text, l leads) returns boolean language sql immutable as $$
    select strpos(lower_text, lower(l.email)) > 0 or strpos(lower_text, lower(l.name)) > 0 or strpos(lower_text, lower(l.phone)) > 0
  $$`,
  // A text for the audit log, without the lead's name, e-mail address and phone number.
  `create or replace function redact(original text, l leads) returns text language sql immutable as $$
    select case when names_lead(lower(original), l) then replace_parts(original, array[l.email, l.name, l.phone]) else original end
  $$`,
  // How many bytes a JSON value has without white space.
  `create or replace function jsonb_size(value jsonb) returns bigint language sql immutable as $$
    select case jsonb_typeof(value)
      when 'object' then 1 + greatest(1, (select sum(octet_length(to_json(key)::text) + jsonb_size(item) + 2) from jsonb_each(value) as member (key, item)))
      when 'array' then 1 + greatest(1, (select sum(jsonb_size(item) + 1) from jsonb_array_elements(value) as element (item)))
      else octet_length(value::text)
    end
  $$`,
  // Makes a backup of each lead, with these ids.
  `create or replace function back_up_leads(p_workspace text, p_ids text[], p_backup_ids text[], p_at timestamptz, p_expires_at timestamptz)
  returns void language plpgsql as $$
  begin
    insert into backups
    select p_workspace, asked.backup_id, id, record, jsonb_array_length(record -> 'activities'), jsonb_array_length(record -> 'campaigns'), p_at, p_expires_at
    from unnest(p_ids, p_backup_ids) as asked (lead_id, backup_id)
    join leads on workspace_id = p_workspace and id = asked.lead_id
    cross join lateral (select lead_record(leads) as record offset 0) as made;
  end $$`,
  // Deletes leads and answers what came of each, in the order of p_ids: code is null where it is deleted. p_versions: null, or
  // null for a lead of any version. p_atomic: all or none.
  `create or replace function delete_leads(
    p_workspace text, p_ids text[], p_versions text[], p_state bytea, p_force boolean, p_backup boolean, p_erase boolean, p_atomic boolean,
    p_at timestamptz, p_backups_expire_at timestamptz, p_key text, p_request text, p_job text, p_reason text
  ) returns table (lead_id text, code text, backup_id text, version uuid, blockers jsonb) language plpgsql as $$
  #variable_conflict use_column
  declare
    said constant text := lower(concat_ws(' ', p_request, p_reason));
    alone constant jsonb := jsonb_build_object('activities', 0, 'campaigns', 0, 'backups', 0, 'force', false, 'erase', p_erase, 'backupId', null);
    codes text[];
    versions uuid[];
    blocking jsonb[];
    backup_ids text[];
    requests text[];
    reasons text[];
    details jsonb[];
    doomed text[];
    doomed_backup_ids text[];
  begin
    perform 1 from leads where workspace_id = p_workspace and id = any(p_ids) order by id for update;
    -- A statement after the lock, so that it sees what those did who held it before. Enrolling takes a lock on the lead, too.
    select array_agg(code), array_agg(version), array_agg(active), array_agg(backup_id), array_agg(request), array_agg(reason), array_agg(details)
    into codes, versions, blocking, backup_ids, requests, reasons, details
    from (
      select
        case
          when leads.id is null then 'LEAD_NOT_FOUND'
          when p_versions[position] <> leads.version::text then 'PRECONDITION_FAILED'
          -- Without the first condition every lead's state would be worked out, to be compared with nothing.
          when p_state is not null and p_state <> deletion_state(leads) then 'CONFIRMATION_STALE'
          when active is not null and not p_force then 'LEAD_IN_USE'
        end as code,
        leads.version, active, backup_id,
        case when named then redact(p_request, leads) else p_request end as request,
        case when named then redact(p_reason, leads) else p_reason end as reason,
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
      left join leads on workspace_id = p_workspace and leads.id = asked.id
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
        select names_lead(said, leads) as named, case when p_backup then 'backup_' || replace(gen_random_uuid()::text, '-', '') end as backup_id
        offset 0
      ) as look
      order by position
    ) as judged;

    if array_remove(codes, null) = '{}' then
      doomed := p_ids;
      doomed_backup_ids := backup_ids;
    elsif not p_atomic then
      select array_agg(id), array_agg(backup_id), array_agg(request), array_agg(reason), array_agg(details)
      into doomed, doomed_backup_ids, requests, reasons, details
      from (
        select * from unnest(p_ids, codes, backup_ids, requests, reasons, details)
          with ordinality as judged (id, code, backup_id, request, reason, details, position)
        where code is null order by position
      ) as passed;
    end if;
    if doomed is not null then
      if p_backup then perform back_up_leads(p_workspace, doomed, doomed_backup_ids, p_at, p_backups_expire_at); end if;
      delete from leads where workspace_id = p_workspace and id = any(doomed);
      if p_erase then delete from backups where workspace_id = p_workspace and lead_id = any(doomed); end if;
      update idempotency_keys set answer = null where workspace_id = p_workspace and lead_id = any(doomed);
      perform append_audit(p_workspace, p_at, 'lead.deleted', p_key, p_job, doomed, requests, reasons, details);
    end if;

    return query
    select id, code, case when code is null and doomed is not null then backup_id end, version, blockers
    from unnest(p_ids, codes, backup_ids, versions, blocking) with ordinality as judged (id, code, backup_id, version, blockers, position)
    order by position;
  end $$`,
  // Archives leads; the arguments and the answer as those of delete_leads. One that is archived already stays as it is.
  `create or replace function archive_leads(
    p_workspace text, p_ids text[], p_versions text[], p_atomic boolean, p_metadata_max_bytes integer,
    p_at timestamptz, p_key text, p_request text, p_job text, p_reason text
  ) returns table (lead_id text, code text, version uuid) language plpgsql as $$
  #variable_conflict use_column
  declare
    mark constant jsonb := jsonb_build_object('archived', true, 'archived_at', iso_time(p_at), 'archived_reason', p_reason);
    codes text[];
    chosen text[];
    requests text[];
  begin
    perform 1 from leads where workspace_id = p_workspace and id = any(p_ids) order by id for update;
    select array_agg(case
      when leads.id is null then 'LEAD_NOT_FOUND'
      when p_versions[position] <> leads.version::text then 'PRECONDITION_FAILED'
      when not archived and octet_length((metadata || mark)::text) > p_metadata_max_bytes
        and jsonb_size(metadata || mark) > p_metadata_max_bytes then 'VALIDATION_ERROR'
    end order by position) into codes
    from unnest(p_ids) with ordinality as asked (id, position) left join leads on workspace_id = p_workspace and leads.id = asked.id;

    if not p_atomic or array_remove(codes, null) = '{}' then
      select array_agg(id order by position), array_agg(redact(p_request, leads) order by position)
      into chosen, requests
      from unnest(p_ids, codes) with ordinality as judged (lead_id, code, position)
      join leads on workspace_id = p_workspace and id = judged.lead_id
      where code is null and not archived;
    end if;
    if chosen is not null then
      update leads set status = 'lost', metadata = metadata || mark, updated_at = greatest(updated_at, p_at)
      where workspace_id = p_workspace and id = any(chosen);
      -- The reason stands in the metadata, and must be gone with it.
      perform append_audit(p_workspace, p_at, 'lead.archived', p_key, p_job, chosen, requests,
        array_fill(null::text, array[cardinality(chosen)]), array_fill('{}'::jsonb, array[cardinality(chosen)]));
    end if;
    return query
    select asked.id, asked.code, leads.version
    from unnest(p_ids, codes) with ordinality as asked (id, code, position)
    left join leads on workspace_id = p_workspace and leads.id = asked.id
    order by position;
  end $$`,
  // Takes a lead out of the archive; null where it is done, or where the lead is not archived.
  `create or replace function unarchive_lead(p_workspace text, p_id text, p_version text, p_at timestamptz, p_key text, p_request text)
  returns text language plpgsql as $$
  declare
    found_lead leads;
  begin
    select * into found_lead from leads where workspace_id = p_workspace and id = p_id for update;
    if not found then return 'LEAD_NOT_FOUND'; end if;
    if p_version <> found_lead.version::text then return 'PRECONDITION_FAILED'; end if;
    if not found_lead.archived then return null; end if;
    update leads set
      status = case when status = 'lost' then coalesce(status_before_archive, status) else status end,
      metadata = metadata - array['archived', 'archived_at', 'archived_reason'],
      updated_at = greatest(updated_at, p_at)
    where workspace_id = p_workspace and id = p_id;
    perform append_audit(p_workspace, p_at, 'lead.unarchived', p_key, null,
      array[p_id], array[redact(p_request, found_lead)], array[null::text], array['{}'::jsonb]);
    return null;
  end $$`,
  // Removes the persons from leads; the arguments and the answer as those of delete_leads.
  `create or replace function anonymize_leads(
    p_workspace text, p_ids text[], p_versions text[], p_atomic boolean, p_keep text[],
    p_at timestamptz, p_key text, p_request text, p_job text, p_reason text
  ) returns table (lead_id text, code text, version uuid, activities bigint, backups bigint) language plpgsql as $$
  #variable_conflict use_column
  declare
    codes text[];
    versions uuid[];
    chosen text[];
    requests text[];
    reasons text[];
    details jsonb[];
  begin
    perform 1 from leads where workspace_id = p_workspace and id = any(p_ids) order by id for update;
    select
      array_agg(case
        when leads.id is null then 'LEAD_NOT_FOUND'
        when p_versions[position] <> leads.version::text then 'PRECONDITION_FAILED'
      end order by position),
      array_agg(leads.version order by position)
    into codes, versions
    from unnest(p_ids) with ordinality as asked (id, position) left join leads on workspace_id = p_workspace and leads.id = asked.id;

    if not p_atomic or array_remove(codes, null) = '{}' then
      select
        array_agg(id order by position),
        array_agg(redact(p_request, leads) order by position),
        array_agg(redact(p_reason, leads) order by position),
        array_agg(jsonb_build_object(
          'activities', (select count(*) from activities where workspace_id = p_workspace and activities.lead_id = leads.id),
          'backups', (select count(*) from backups where workspace_id = p_workspace and backups.lead_id = leads.id)) order by position)
      into chosen, requests, reasons, details
      from unnest(p_ids, codes) with ordinality as judged (lead_id, code, position)
      join leads on workspace_id = p_workspace and id = judged.lead_id
      where code is null;
    end if;
    if chosen is not null then
      update leads set
        name = 'Anonymized', name_lower = 'anonymized',
        email = id || '@anonymized.invalid', email_lower = lower(id || '@anonymized.invalid'),
        phone = null,
        -- That it is archived, and when, are no personal data; what else could stand under these names is.
        metadata = coalesce((
          select jsonb_object_agg(key, value) from jsonb_each(metadata)
          where key = any(p_keep) or (key = 'archived' and value = 'true')
            or (key = 'archived_at' and value #>> '{}' ~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z$')), '{}')
      where workspace_id = p_workspace and id = any(chosen);
      update activities set text = '[anonymized]', metadata = '{}' where workspace_id = p_workspace and lead_id = any(chosen);
      delete from backups where workspace_id = p_workspace and lead_id = any(chosen);
      update idempotency_keys set answer = null where workspace_id = p_workspace and lead_id = any(chosen);
      perform append_audit(p_workspace, p_at, 'lead.anonymized', p_key, p_job, chosen, requests, reasons, details);
    end if;
    return query
    select asked.id, asked.code, asked.version, (made.details -> 'activities')::bigint, (made.details -> 'backups')::bigint
    from unnest(p_ids, codes, versions) with ordinality as asked (id, code, version, position)
    left join unnest(chosen, details) as made (lead_id, details) on made.lead_id = asked.id
    order by position;
  end $$`,
  // Brings in records, each with its lower-case name and address; answers the ids of the leads that were not there.
  `create or replace function insert_records(p_workspace text, p_records jsonb[], p_names_lower text[], p_emails_lower text[])
  returns setof text language plpgsql as $$
  declare
    inserted text[];
  begin
    with made as (
      insert into leads (workspace_id, id, name, email, name_lower, email_lower, phone, source, status, metadata, created_at, updated_at, status_before_archive)
      select p_workspace, lead ->> 'id', lead ->> 'name', lead ->> 'email', name_lower, email_lower, lead ->> 'phone', lead ->> 'source', lead ->> 'status',
        lead -> 'metadata', (lead ->> 'createdAt')::timestamptz, (lead ->> 'updatedAt')::timestamptz, record ->> 'statusBeforeArchive'
      from unnest(p_records, p_names_lower, p_emails_lower) as given (record, name_lower, email_lower)
      cross join lateral (select record -> 'lead' as lead offset 0) as part
      order by lead ->> 'id'
      on conflict do nothing
      returning id
    )
    select array_agg(id) into inserted from made;
    insert into activities (workspace_id, lead_id, id, type, text, metadata, occurred_at, created_at)
    select p_workspace, record -> 'lead' ->> 'id', activity ->> 'id', activity ->> 'type', activity ->> 'text', activity -> 'metadata',
      (activity ->> 'occurredAt')::timestamptz, (activity ->> 'createdAt')::timestamptz
    from unnest(p_records) as given (record) cross join lateral jsonb_array_elements(record -> 'activities') as part (activity)
    where record -> 'lead' ->> 'id' = any(inserted);
    -- The lock keeps a campaign from going between the look and the insert.
    perform 1 from campaigns where workspace_id = p_workspace and id in (
      select campaign ->> 'id' from unnest(p_records) as given (record) cross join lateral jsonb_array_elements(record -> 'campaigns') as part (campaign)
    ) order by id for key share;
    insert into campaign_leads (workspace_id, campaign_id, lead_id, enrolled_at)
    select p_workspace, id, record -> 'lead' ->> 'id', (campaign ->> 'enrolledAt')::timestamptz
    from unnest(p_records) as given (record) cross join lateral jsonb_array_elements(record -> 'campaigns') as part (campaign)
    join campaigns on workspace_id = p_workspace and id = campaign ->> 'id'
    where record -> 'lead' ->> 'id' = any(inserted);
    return query select unnest(inserted);
  end $$`,
];

// A plan for one lead is as good as any, and planning anew, as PostgreSQL would for each array, takes three times as long as deleting.
const PLANS = `
  do $$ declare name text; begin
    foreach name in array array['delete_leads', 'archive_leads', 'unarchive_lead', 'anonymize_leads', 'insert_records'] loop
      execute format('alter function %I set plan_cache_mode = force_generic_plan', name);
    end loop;
  end $$`;
