-- Which leads a job is for, to be shown beside it; null for the jobs that are there already.

alter table jobs add column filter jsonb;
