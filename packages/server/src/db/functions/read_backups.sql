-- The contents of backups, as text and in the order of their ids here, until p_bytes of them are together: one after the other,
-- because how large one is shows only when it is read.
create or replace function read_backups(p_workspace text, p_ids text[], p_bytes integer)
returns table (id text, content text)
language plpgsql stable :lookup_by_id as $$
#variable_conflict use_column
declare
  bytes bigint := 0;
begin
  foreach id in array p_ids loop
    content := (select content::text from backups where workspace_id = p_workspace and backups.id = read_backups.id);
    return next;
    bytes := bytes + octet_length(content);
    exit when bytes >= p_bytes;
  end loop;
end $$;
