-- As count_inserted_leads, the other way round.
create or replace function count_deleted_leads()
returns trigger
language plpgsql as $$
begin
  insert into lead_counts as counts (workspace_id, status, source, slot, count)
  select workspace_id, status, coalesce(source, ''), pg_backend_pid() % 16, -count(*)
  from changed group by 1, 2, 3 order by 1, 2, 3
  on conflict (workspace_id, status, source, slot) do update set count = counts.count + excluded.count;
  return null;
end $$;

create or replace trigger count_deleted after delete on leads
  referencing old table as changed
  for each statement execute function count_deleted_leads();
