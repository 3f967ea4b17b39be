-- The look first: on a distributed database a change of what every machine has would wait for all of them.
if exists (select from scrubbing where not needed) then update scrubbing set needed = true; end if;
