-- JSON Merge Patch (RFC 7396), in one pass over both objects: key by key would copy the whole for every key of the patch.
create or replace function jsonb_merge_patch(target jsonb, patch jsonb)
returns jsonb
language plpgsql immutable as $$
begin
  if jsonb_typeof(patch) <> 'object' then return patch; end if;
  if target is null or jsonb_typeof(target) <> 'object' then target := '{}'; end if;
  return coalesce((
    select jsonb_object_agg(key, value) from (
      select key, value from jsonb_each(target) where not patch ? key
      union all
      select key, jsonb_merge_patch(target -> key, value) from jsonb_each(patch) where value <> 'null'
    ) as merged
  ), '{}');
end $$;
