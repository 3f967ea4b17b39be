-- What an anonymization keeps of the metadata: the keys that are named, and that the lead is archived, and when, which are no
-- personal data; what else could stand under these names is.
create or replace function kept_metadata(metadata jsonb, keep text[])
returns jsonb
language sql immutable as $$
  select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(metadata)
  where key = any(keep)
    or (key = 'archived' and value = 'true')
    or (key = 'archived_at' and value #>> '{}' ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$')
$$;
