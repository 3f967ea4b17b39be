import { type Kysely, sql } from 'kysely';

/** Makes the steps of a job cheaper: what they write is not compressed, and an entry of the audit log is put together from its parts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [UNCOMPRESSED, APPEND_AUDIT]) await sql.raw(statement).execute(db);
}

// Compressing took as long as all else that is done with these columns.
const UNCOMPRESSED = `
  alter table job_chunks alter column lead_ids set storage external, alter column versions set storage external,
    alter column outcomes set storage external`;

// Appends an entry for each lead (null: about none). The last thing that a transaction does, because it locks the end of its chain.
// What is hashed is the JSON array of its fields, put together from parts: json_build_array takes twice as long.
const APPEND_AUDIT = `
  create or replace function append_audit(
    p_workspace text, p_at timestamptz, p_action text, p_key text, p_job text,
    p_leads text[], p_requests text[], p_reasons text[], p_details jsonb[]
  ) returns void language plpgsql as $$
  declare
    own_chain constant smallint := pg_backend_pid() % 16;
    genesis constant bytea := decode(repeat('00', 32), 'hex');
    head constant text := left(json_build_array(p_workspace, own_chain)::text, -1) || ', ';
    event constant text := ', ' || btrim(json_build_array(iso_time(p_at), p_action, p_key)::text, '[]') || ', ';
    job constant text := ', ' || coalesce(to_json(p_job)::text, 'null') || ', ';
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
      select head || last_seq + position || event || coalesce(to_json(lead_id)::text, 'null') || ', ' || coalesce(to_json(request_id)::text, 'null')
        || job || coalesce(to_json(reason)::text, 'null') || ', ' || to_json(details::text)::text
      from unnest(p_leads, p_requests, p_reasons, p_details) with ordinality as entry (lead_id, request_id, reason, details, position)
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
  end $$`;
