-- The elements of an array, of which the planner is to think that there are few: with one row it begins there, and goes on by an index,
-- where it would else begin with all rows of the workspace. Not in SQL, or it would see through it.
create or replace function few(p_elements anyarray)
returns setof anyelement
language plpgsql immutable rows 1 as $$
begin
  return query select unnest(p_elements);
end $$;
