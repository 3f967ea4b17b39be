-- The record of a lead as text, in pieces of little more than p_bytes: one after the other they are a line of an export, and no
-- one of them grows with the lead. None where there is no lead. A loop, because a query would sort the texts, on the disk.
create or replace function lead_record_pieces(p_workspace text, p_id text, p_bytes integer)
returns table (piece text)
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
  record constant jsonb := lead_record(p_workspace, p_id);
  separator text := '';
  activity text;
begin
  if record is null then return; end if;
  piece := left((record - 'activities')::text, -1) || ', "activities": [';
  for activity in select value::text from jsonb_array_elements(record -> 'activities') loop
    piece := piece || separator || activity;
    separator := ', ';
    if octet_length(piece) >= p_bytes then
      return next;
      piece := '';
    end if;
  end loop;
  piece := piece || ']}';
  return next;
end $$;
