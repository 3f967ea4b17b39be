-- A search reads the lists of its own workspace only. They are of an expression that no other statement has, so that none but a
-- search takes this index for the leads of a workspace. What was written last waits in a list that each search reads through: it is
-- kept short (kB). The former index goes last, so that searches have it until then.

create index leads_by_workspace_and_text on leads using gin ((workspace_id || ''), (name_lower || chr(10) || email_lower) gin_trgm_ops)
  with (gin_pending_list_limit = 256);
alter index leads_by_workspace_and_text alter column 1 set statistics 0, alter column 2 set statistics 0;
drop index leads_by_text;
alter index leads_by_workspace_and_text rename to leads_by_text;
