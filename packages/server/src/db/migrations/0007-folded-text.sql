-- What is compared and searched has one encoding of accents, however it was sent.

update leads set name_lower = normalize(name_lower), email_lower = normalize(email_lower)
where name_lower is not normalized or email_lower is not normalized;
