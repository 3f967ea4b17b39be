-- What is compared has one space for a run of white space and one form of the small sigma; a phone number is compared by its digits.

alter table leads add column phone_digits text collate "C";
alter table leads alter column phone_digits set statistics 0;
update leads set
  name_lower = translate(regexp_replace(name_lower,
    '[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+', ' ', 'g'), 'ς', 'σ'),
  phone_digits = nullif(regexp_replace(regexp_replace(replace(normalize(phone, nfkc), '(0)', ''), '[^0-9]', '', 'g'), '^00', ''), '')
where phone is not null or name_lower like '%ς%'
  or name_lower ~ '  |[\u0009-\u000d\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]';
create index leads_by_phone on leads (workspace_id, phone_digits) where phone_digits is not null;
