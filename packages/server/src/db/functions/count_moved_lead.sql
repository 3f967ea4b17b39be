-- A lead with another status or source is counted there, and no longer where it was.
create or replace function count_moved_lead()
returns trigger
language plpgsql as $$
begin
  insert into lead_counts as counts (workspace_id, status, source, slot, count)
  select workspace_id, status, source, pg_backend_pid() % 16, change
  from (values
    (old.workspace_id, old.status, coalesce(old.source, ''), -1),
    (new.workspace_id, new.status, coalesce(new.source, ''), 1)
  ) as moved (workspace_id, status, source, change)
  order by 1, 2, 3
  on conflict (workspace_id, status, source, slot) do update set count = counts.count + excluded.count;
  return null;
end $$;

create or replace trigger count_moved after update on leads for each row
  when (old.status is distinct from new.status or old.source is distinct from new.source)
  execute function count_moved_lead();
