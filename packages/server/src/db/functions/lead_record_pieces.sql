-- The record of a lead as text, in pieces of little more than p_bytes: one after the other they are a line of an export, and no
-- one of them grows with the lead. None where there is no lead. It reads one activity at a time: all of them together may be many
-- MiB, of which the embedded database would never give back the memory, and their texts would be sorted on the disk.
create or replace function lead_record_pieces(p_workspace text, p_id text, p_bytes integer)
returns table (piece text)
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  head constant jsonb := (
    select jsonb_build_object(:lead_head) from leads where leads.workspace_id = p_workspace and leads.id = p_id);
  separator text := '';
  activity_id text;
begin
  if head is null then return; end if;
  piece := left(head::text, -1) || ', "activities": [';
  foreach activity_id in array array(
    select id from activities where workspace_id = p_workspace and lead_id = p_id order by occurred_at, id
  ) loop
    piece := piece || separator || (
      select (:activity_record)::text
      from activities where workspace_id = p_workspace and lead_id = p_id and id = activity_id);
    separator := ', ';
    if octet_length(piece) >= p_bytes then
      return next;
      piece := '';
    end if;
  end loop;
  piece := piece || ']}';
  return next;
end $$;
