-- Erases all that person_traces finds, where that is what was planned, and keeps the person from coming back. code is null where
-- it is done, PLAN_TOKEN_INVALID where another person was planned; `leads` is how many leads there are; `blocked_id` and `blockers` tell which lead is in which active campaigns.
create or replace function erase_person(
  p_workspace text, p_lead text, p_email text, p_phone text, p_max_leads integer, p_subject bytea, p_fingerprint bytea, p_force boolean, p_erasure text,
  p_at timestamptz, p_key text, p_request text
)
returns table (code text, leads integer, blocked_id text, blockers jsonb)
language plpgsql :lookup_by_id as $$
#variable_conflict use_column
declare
  traces record;
  ids text[];
  hashes bytea[];
begin
  -- Whoever brings a person in holds it, too.
  perform pg_advisory_xact_lock(hashtextextended('erasures of ' || p_workspace, 0));
  -- A deletion that makes a backup holds the lead: its backup is there once this is locked.
  perform lock_leads(p_workspace, array(select leads_of_person(p_workspace, p_lead, p_email, p_phone)));
  select * into traces from person_traces(p_workspace, p_lead, p_email, p_phone, p_max_leads);
  leads := traces.leads;
  if traces.fingerprint is distinct from p_fingerprint or traces.subject <> p_subject then
    code := case when traces.subject <> p_subject then 'PLAN_TOKEN_INVALID' else 'PLAN_DRIFTED' end;
    return next;
    return;
  end if;
  ids := traces.living_ids || traces.left_ids;
  select array_agg(distinct hash) into hashes from (
    select person_hash(p_workspace, 'email', p_email) as hash
    union select person_hash(p_workspace, 'phone', p_phone)
    union select person_hash(p_workspace, 'email', (select email_lower from leads where workspace_id = p_workspace and id = named_id))
      from unnest(ids) as named_id
    union select email_hash from few(ids) as named (named_id) join backups on workspace_id = p_workspace and lead_id = named_id
  ) as known where hash is not null;

  select deleted.code, deleted.lead_id, deleted.blockers into code, blocked_id, blockers
  from delete_leads(
    p_workspace => p_workspace, p_ids => ids, p_versions => null, p_state => null, p_force => p_force, p_backup => false,
    p_erase => true, p_atomic => true, p_at => p_at, p_backups_expire_at => p_at, p_key => p_key, p_request => p_request,
    p_job => null, p_reason => null
  ) as deleted where deleted.code is not null limit 1;
  if code is null then
    delete from backups using few(traces.stray_backup_ids) as stray (stray_id) where workspace_id = p_workspace and id = stray_id;
    update job_chunks set
      lead_ids = array(select case when id = any(ids) then 'erased' else id end from unnest(lead_ids) with ordinality as lead (id, n) order by n),
      outcomes = (
        select jsonb_agg(case when outcome ->> 'leadId' = any(ids)
          then outcome - 'backupId' || jsonb_build_object('leadId', 'erased') else outcome end order by n)
        from jsonb_array_elements(outcomes) with ordinality as part (outcome, n))
    where workspace_id = p_workspace and outcomes is not null and lead_ids && ids;
    insert into erasures (workspace_id, id, at, key_id, request_id, removed)
    values (p_workspace, p_erasure, p_at, p_key, p_request, traces.removed);
    insert into suppressions select p_workspace, unnest(hashes), p_erasure;
    -- delete_leads says so only of what it deleted itself.
    :remember_scrubbing
    perform append_audit(p_workspace, p_at, 'erasure.created', p_key, p_request, null, null,
      array[null::text], array[traces.removed || jsonb_build_object('erasureId', p_erasure)]);
  end if;
  return next;
end $$;
