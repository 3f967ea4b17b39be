-- One index for the search in name and e-mail address, of one expression, so that a search reads the lists of its trigrams once;
-- without the workspace, whose list is as long as all leads together. Where a workspace has few of them, the planner takes an
-- index that begins with the workspace.

drop index leads_by_text;
create index leads_by_text on leads using gin ((name_lower || chr(10) || email_lower) gin_trgm_ops);
alter index leads_by_text alter column 1 set statistics 0;
