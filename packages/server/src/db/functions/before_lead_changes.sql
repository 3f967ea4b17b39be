-- A trigger, so that no way of changing a lead can forget its version, and an archive by update means the same as any other.
create or replace function before_lead_changes()
returns trigger
language plpgsql as $$
declare
  archives constant boolean := coalesce(new.metadata -> 'archived' = 'true', false);
begin
  new.version := gen_random_uuid();
  if archives <> old.archived then
    new.status_before_archive := case when archives then old.status end;
  end if;
  return new;
end $$;

create or replace trigger before_change before update on leads
  for each row execute function before_lead_changes();
