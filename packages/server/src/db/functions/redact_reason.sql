-- A reason (see leads/reason.ts) for the audit log, without the personal data of any of these leads, however that is written there:
-- whole words only, and phone numbers with the code of their country or without. Of a lead that is deleted, what its backups hold.
create or replace function redact_reason(p_workspace text, p_ids text[], p_reason jsonb)
returns text
language plpgsql stable strict :lookup_by_id as $$
declare
  folded constant text := p_reason ->> 'folded';
  words constant text := p_reason ->> 'words';
  parts text[];
  part text;
  place integer;
  step integer;
  first_places integer[];
  lengths integer[];
begin
  -- Of many leads few stand in a reason: only these are looked at more closely.
  select array_agg(distinct named) into parts
  from (
    select unnest(:personal_texts) as personal
    from unnest(p_ids) as asked (asked_id)
    cross join lateral (select * from leads where workspace_id = p_workspace and id = asked_id offset 0) as leads
    union all
    select unnest(:backed_up_texts)
    from unnest(p_ids) as asked (asked_id)
    cross join lateral (select * from backups where workspace_id = p_workspace and lead_id = asked_id offset 0) as left_over
    where not exists (select from leads where leads.workspace_id = p_workspace and leads.id = asked_id offset 0)
  ) as given
  cross join lateral btrim(personal) as named
  where named <> '' and strpos(folded, named) > 0;
  foreach part in array coalesce(parts, '{}') loop
    place := 0;
    loop
      step := strpos(substr(folded, place + 1), part);
      exit when step = 0;
      place := place + step;
      continue when substr(words, place - 1, 2) = 'ww' or substr(words, place + length(part) - 1, 2) = 'ww';
      first_places := first_places || place;
      lengths := lengths || length(part);
    end loop;
  end loop;

  select first_places || array_agg(first), lengths || array_agg(length) into first_places, lengths
  from jsonb_to_recordset(p_reason -> 'numbers') as number (first integer, length integer, digits text)
  where exists (
    select from unnest(p_ids) as asked (asked_id)
    cross join lateral (select phone_digits from leads where workspace_id = p_workspace and id = asked_id offset 0) as phone
    cross join lateral (select ltrim(phone_digits, '0') as own, ltrim(digits, '0') as written) as national
    where (
      -- The code of a country has one to three digits.
      length(own) >= 7 and (strpos(written, right(own, greatest(7, length(own) - 3))) > 0
        or length(written) >= 7 and right(own, length(written)) = written)
      or length(own) between 5 and 6 and own = written));

  return (
    select string_agg(case when not hidden then piece when was_hidden then '' else '[redacted]' end, '' order by position)
    from (
      select position, piece, hidden, lag(hidden, 1, false) over (order by position) as was_hidden
      from jsonb_array_elements_text(p_reason -> 'pieces') with ordinality as cut (piece, position)
      cross join lateral (
        select exists (
          select from unnest(first_places, lengths) as found (first, length) where position >= first and position < first + length
        ) as hidden
      ) as judged
    ) as marked
  );
end $$;
