-- A slot per connection, so that concurrent writers do not wait for each other's row; in the order of the key, so that
-- two that do share a slot cannot wait for each other in a circle.
create or replace function count_inserted_leads()
returns trigger
language plpgsql as $$
begin
  insert into lead_counts as counts (workspace_id, status, source, slot, count)
  select workspace_id, status, coalesce(source, ''), pg_backend_pid() % 16, count(*)
  from changed group by 1, 2, 3 order by 1, 2, 3
  on conflict (workspace_id, status, source, slot) do update set count = counts.count + excluded.count;
  return null;
end $$;

create or replace trigger count_inserted after insert on leads
  referencing new table as changed
  for each statement execute function count_inserted_leads();
