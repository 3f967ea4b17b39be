-- The record of a lead as text, in pieces of little more than p_bytes: one after the other they are a line of an export, and no
-- one of them grows with the lead. None where there is no lead.
create or replace function lead_record_pieces(p_workspace text, p_id text, p_bytes integer)
returns table (piece text)
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
  record constant jsonb := lead_record(p_workspace, p_id);
begin
  if record is null then return; end if;
  return query select left((record - 'activities')::text, -1) || ', "activities": [';
  return query
    select case min(position) when 1 then '' else ', ' end || string_agg(activity, ', ' order by position)
    from (
      select position, activity, sum(octet_length(activity)) over (order by position) / p_bytes as number
      from (
        select position, value::text as activity
        from jsonb_array_elements(record -> 'activities') with ordinality as element (value, position)
      ) as texts
    ) as numbered
    group by number order by number;
  return query select ']}';
end $$;
