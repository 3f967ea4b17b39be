-- Takes a lead out of the archive; null where it is done, or where the lead is not archived. p_version: null for any.
create or replace function unarchive_lead(
  p_workspace text, p_id text, p_version text, p_at timestamptz, p_key text, p_request text
)
returns text
language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  found_version text;
  is_archived boolean;
begin
  select version, archived into found_version, is_archived
  from leads where workspace_id = p_workspace and id = p_id for update;
  if not found then return 'LEAD_NOT_FOUND'; end if;
  if p_version <> found_version then return 'PRECONDITION_FAILED'; end if;
  if not is_archived then return null; end if;
  update leads set
    status = case when status = 'lost' then coalesce(status_before_archive, status) else status end,
    metadata = metadata - array['archived', 'archived_at', 'archived_reason'],
    updated_at = greatest(updated_at, p_at)
  where workspace_id = p_workspace and id = p_id;
  perform append_audit(p_workspace, p_at, 'lead.unarchived', p_key, p_request, null, null, array[p_id], array['{}'::jsonb]);
  return null;
end $$;
