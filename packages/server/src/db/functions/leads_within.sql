-- How many of the first of these leads have together no more than p_bytes hanging on them, written as JSON, but at least one: a
-- statement that works on more could outlive its time. Those behind are hardly looked at.
create or replace function leads_within(p_workspace text, p_ids text[], p_bytes integer)
returns integer
language plpgsql stable :lookup_by_id as $$
declare
  leads integer := 0;
  total bigint := 0;
  bytes bigint;
begin
  -- Not by activities_bound: a call of it for each lead would take longer than all of this.
  for bytes in
    select (select sum(:activity_bound) from activities where workspace_id = p_workspace and lead_id = asked.id)
    from unnest(p_ids) with ordinality as asked (id, position) order by position
  loop
    total := total + coalesce(bytes, 0);
    exit when leads > 0 and total > p_bytes;
    leads := leads + 1;
  end loop;
  return leads;
end $$;
