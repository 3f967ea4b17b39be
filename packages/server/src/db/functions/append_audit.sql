-- Appends an entry for each lead (null: about none), with one of p_details each, and answers their time: later than whatever was
-- done with these leads before, so that the order of a lead's entries is that of the commits, however the clocks of the servers
-- differ. The last thing that a transaction does, because it locks the end of its chain. What is hashed is the JSON array of the entry's fields, put together from parts: json_build_array takes twice as long.
create or replace function append_audit(
  p_workspace text, p_at timestamptz, p_action text, p_key text, p_request text, p_job text, p_reason text,
  p_leads text[], p_details jsonb[]
)
returns timestamptz
language plpgsql as $$
declare
  own_chain smallint := pg_backend_pid() % 16;
  genesis constant bytea := decode(repeat('00', 32), 'hex');
  head text;
  -- Lead by lead: for all of them at once, the plan could be to walk through all entries.
  -- An entry outside of its chain is somebody else's, and its time says nothing.
  moment constant timestamptz := greatest(p_at, (
    select max(latest.at) + interval '1 millisecond'
    from unnest(p_leads) as about (lead)
    cross join lateral (
      select at from audit_log
      where workspace_id = p_workspace and lead_id = about.lead and exists (
        select from audit_chains as own
        where own.workspace_id = p_workspace and own.chain = audit_log.chain and audit_log.seq between 1 and own.seq)
      order by at desc limit 1
    ) as latest));
  event constant text := ', ' || btrim(json_build_array(iso_time(moment), p_action, p_key)::text, '[]') || ', ';
  origin constant text := ', ' || btrim(json_build_array(p_request, p_job, p_reason)::text, '[]') || ', ';
  last_seq bigint;
  last_hash bytea;
  hashes bytea[];
  unfinished text;
begin
  loop
    select seq, hash into last_seq, last_hash
    from audit_chains where workspace_id = p_workspace and chain = own_chain for update;
    if not found then
      insert into audit_chains values (p_workspace, own_chain, 0, genesis) on conflict do nothing;
      continue;
    end if;
    -- Not with exists, for which the plan could be to read the whole log until something is found, and there is nothing.
    exit when (select min(seq) from audit_log where workspace_id = p_workspace and chain = own_chain and seq > last_seq) is null;
    -- Somebody else wrote behind the end of this chain. It stays as it is, for the verification to find, and another one goes on.
    own_chain := own_chain + 16;
  end loop;
  head := left(json_build_array(p_workspace, own_chain)::text, -1) || ', ';
  hashes := array[last_hash];
  -- Only the last member of the array that is hashed depends on the entry before.
  for unfinished in
    select head || last_seq + position || event || coalesce(to_json(lead_id)::text, 'null') || origin || to_json(details::text)::text
    from unnest(p_leads, p_details) with ordinality as entry (lead_id, details, position)
    order by position
  loop
    last_hash := sha256(convert_to(unfinished || ', "' || encode(last_hash, 'hex') || '"]', 'UTF8'));
    hashes := hashes || last_hash;
  end loop;
  insert into audit_log (
    workspace_id, chain, seq, at, action, key_id, lead_id, request_id, job_id, reason, details, previous_hash, hash
  )
  select p_workspace, own_chain, last_seq + position, moment, p_action, p_key, lead_id, p_request, p_job, p_reason, details,
    hashes[position], hashes[position + 1]
  from unnest(p_leads, p_details) with ordinality as entry (lead_id, details, position);
  update audit_chains set seq = last_seq + cardinality(p_leads), hash = last_hash
  where workspace_id = p_workspace and chain = own_chain;
  return moment;
end $$;
