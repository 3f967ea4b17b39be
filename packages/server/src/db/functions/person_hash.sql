-- The HMAC-SHA-256 of a folded e-mail address or the digits of a phone number in a workspace; null for too few digits.
create or replace function person_hash(p_workspace text, p_kind text, p_value text)
returns bytea
language plpgsql stable strict as $$
begin
  if p_kind = 'phone' and length(p_value) < 5 then return null; end if;
  return sha256((select value from secrets where name = 'person_hash_outer') || sha256(
    (select value from secrets where name = 'person_hash_inner') || convert_to(p_workspace || ' ' || p_kind || ' ' || p_value, 'UTF8')));
end $$;
