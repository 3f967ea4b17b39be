-- How many bytes a JSON value has without white space.
create or replace function jsonb_size(value jsonb)
returns bigint
language sql immutable as $$
  select case jsonb_typeof(value)
    when 'object' then 1 + greatest(1, (
      select sum(octet_length(to_json(key)::text) + jsonb_size(item) + 2) from jsonb_each(value) as member (key, item)))
    when 'array' then 1 + greatest(1, (
      select sum(jsonb_size(item) + 1) from jsonb_array_elements(value) as element (item)))
    else octet_length(value::text)
  end
$$;
