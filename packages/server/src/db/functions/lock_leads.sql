-- Locks leads, in the order of their ids, and answers where each is, in the order of p_ids: null where there is none, or none any more.
create or replace function lock_leads(p_workspace text, p_ids text[])
returns tid[]
language plpgsql :lookup_by_id as $$
begin
  return (
    select array_agg(place order by position)
    from (select id, position from unnest(p_ids) with ordinality as given (id, position) order by id) as asked
    left join lateral (
      select ctid as place from leads where workspace_id = p_workspace and leads.id = asked.id for update
    ) as locked on true);
end $$;
