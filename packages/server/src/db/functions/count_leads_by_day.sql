-- How many leads were created on each day.
create or replace function count_leads_by_day()
returns trigger
language plpgsql as $$
begin
  insert into lead_counts_by_day as counts (workspace_id, day, slot, count)
  select workspace_id, (created_at at time zone 'UTC')::date, pg_backend_pid() % 16,
    case tg_op when 'INSERT' then count(*) else -count(*) end
  from changed group by 1, 2 order by 1, 2
  on conflict (workspace_id, day, slot) do update set count = counts.count + excluded.count;
  return null;
end $$;

create or replace trigger count_inserted_by_day after insert on leads
  referencing new table as changed
  for each statement execute function count_leads_by_day();

create or replace trigger count_deleted_by_day after delete on leads
  referencing old table as changed
  for each statement execute function count_leads_by_day();
