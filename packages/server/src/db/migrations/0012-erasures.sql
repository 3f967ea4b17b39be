-- What is left of a person is found, and kept from coming back, by an HMAC of e-mail address and phone number: no table holds
-- either of somebody who was erased. The key is kept as the two blocks that HMAC-SHA-256 makes of it.

do $$
declare
  key constant bytea := sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'));
  inner_block bytea := decode(repeat('36', 64), 'hex');
  outer_block bytea := decode(repeat('5c', 64), 'hex');
begin
  for i in 0..31 loop
    inner_block := set_byte(inner_block, i, get_byte(inner_block, i) # get_byte(key, i));
    outer_block := set_byte(outer_block, i, get_byte(outer_block, i) # get_byte(key, i));
  end loop;
  insert into secrets values ('person_hash_inner', inner_block), ('person_hash_outer', outer_block);
end $$;
alter table backups add column email_hash bytea, add column phone_hash bytea;
update backups set email_hash = hash_of.email, phone_hash = hash_of.phone
from backups as backup
cross join (select value from secrets where name = 'person_hash_inner') as inner_key
cross join (select value from secrets where name = 'person_hash_outer') as outer_key
cross join lateral (select
  ' email ' || lower(normalize(backup.content #>> '{lead,email}')) as email,
  ' phone ' || regexp_replace(regexp_replace(
    replace(normalize(backup.content #>> '{lead,phone}', nfkc), '(0)', ''), '[^0-9]', '', 'g'), '^00', '') as phone
) as folded
cross join lateral (select
  sha256(outer_key.value || sha256(inner_key.value || convert_to(backup.workspace_id || folded.email, 'UTF8'))) as email,
  case when length(folded.phone) >= length(' phone 12345')
    then sha256(outer_key.value || sha256(inner_key.value || convert_to(backup.workspace_id || folded.phone, 'UTF8'))) end as phone
) as hash_of
where backups.workspace_id = backup.workspace_id and backups.id = backup.id;
create index backups_by_email on backups (workspace_id, email_hash);
create index backups_by_phone on backups (workspace_id, phone_hash) where phone_hash is not null;
create table erasures (
  workspace_id text collate "C" not null references workspaces (id),
  id text collate "C" not null,
  at timestamptz(3) not null,
  key_id text collate "C" not null,
  request_id text collate "C" not null,
  removed jsonb not null,
  lifted_at timestamptz(3),
  primary key (workspace_id, id)
);
create table suppressions (
  workspace_id text collate "C" not null,
  hash bytea not null,
  erasure_id text collate "C" not null,
  primary key (workspace_id, hash, erasure_id)
);
create index suppressions_by_erasure on suppressions (workspace_id, erasure_id);
