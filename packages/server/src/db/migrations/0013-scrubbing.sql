-- Whether something was erased that the files of the embedded database still hold, and whether that is being cleaned away. A server
-- of PostgreSQL has the first row set with its first erasure, and nobody looks at it.

create table scrubbing (needed boolean not null, running boolean not null);
insert into scrubbing values (false, false);
