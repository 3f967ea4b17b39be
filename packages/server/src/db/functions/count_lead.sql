-- Counts one lead that came, went or moved: what the other triggers that count do for many at once. A distributed database has its
-- trigger instead of theirs (see db/distribute.ts), because there no trigger sees many at once.
create or replace function count_lead()
returns trigger
language plpgsql as $$
declare
  workspace constant text := coalesce(new.workspace_id, old.workspace_id);
  changed record;
begin
  for changed in
    select * from (values
      (old.status, coalesce(old.source, ''), old.created_at, -1),
      (new.status, coalesce(new.source, ''), new.created_at, 1)
    ) as counted (status, source, created_at, change)
    where status is not null
    order by status, source
  loop
    insert into lead_counts as counts (workspace_id, status, source, slot, count)
    values (workspace, changed.status, changed.source, pg_backend_pid() % 16, changed.change)
    on conflict (workspace_id, status, source, slot) do update set count = counts.count + excluded.count;
    continue when tg_op = 'UPDATE';
    insert into lead_counts_by_day as counts (workspace_id, day, slot, count)
    values (workspace, (changed.created_at at time zone 'UTC')::date, pg_backend_pid() % 16, changed.change)
    on conflict (workspace_id, day, slot) do update set count = counts.count + excluded.count;
  end loop;
  return null;
end $$;
