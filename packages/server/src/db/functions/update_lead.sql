-- Changes a lead: the columns that p_changes names, and its metadata by a merge patch (null: none). Answers the lead; else code says why
-- nothing is changed, and erasure_id because of which erasure. p_version: null for any. p_names_person: whether the lead may come to
-- be somebody who was erased. p_metadata_max_bytes: how long the text of the merged metadata may be; null for any.
create or replace function update_lead(
  p_workspace text, p_id text, p_version text, p_changes jsonb, p_metadata jsonb, p_metadata_max_bytes integer, p_names_person boolean,
  p_at timestamptz
)
returns table (code text, erasure_id text, :lead_row_types)
language plpgsql set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  given record;
  found_version text;
begin
  select * into given from jsonb_to_record(p_changes) as lead (:lead_column_types);
  if p_names_person then erasure_id := suppressing_erasure(p_workspace, given.email_lower, given.phone_digits); end if;
  if erasure_id is null and p_metadata is null then
    -- An instance with a slow clock must not set the time back.
    update leads set updated_at = greatest(leads.updated_at, p_at), :lead_changes
    where workspace_id = p_workspace and id = p_id and (p_version is null or version::text = p_version)
    returning :lead_row into :lead_row;
  elsif erasure_id is null then
    with merged as (
      select workspace_id as merged_workspace_id, id as merged_id, jsonb_merge_patch(metadata, p_metadata) as new_metadata
      from leads where workspace_id = p_workspace and id = p_id for update
    )
    update leads set updated_at = greatest(leads.updated_at, p_at), :lead_changes, metadata = merged.new_metadata
    from merged
    where workspace_id = p_workspace and merged_workspace_id = workspace_id and id = p_id and merged_id = id
      and (p_version is null or version::text = p_version)
      and (p_metadata_max_bytes is null or octet_length(merged.new_metadata::text) <= p_metadata_max_bytes)
    returning :lead_row into :lead_row;
  end if;
  if id is null then
    select leads.version into found_version from leads where workspace_id = p_workspace and leads.id = p_id for update;
    code := case
      when found_version is null then 'LEAD_NOT_FOUND'
      when p_version <> found_version then 'PRECONDITION_FAILED'
      when erasure_id is not null then 'SUPPRESSED'
      else 'TOO_LARGE'
    end;
    version := found_version;
  end if;
  return next;
end $$;
