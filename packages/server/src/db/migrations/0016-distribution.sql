-- No table changes. Functions that a distributed database can run: none in SQL with a query in it, and what created, changed or did in
-- a job's step as one long statement is a function now.

select;
