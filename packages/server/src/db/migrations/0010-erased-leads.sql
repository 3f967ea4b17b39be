-- The ids of leads that were erased, which are never given again; nothing of the persons. One that was given again already keeps it.

create table erased_leads (
  workspace_id text collate "C" not null,
  lead_id text collate "C" not null,
  primary key (workspace_id, lead_id)
);
insert into erased_leads
select distinct workspace_id, lead_id from audit_log
where action = 'lead.deleted' and lead_id is not null and details -> 'erase' = 'true'
  and not exists (select from leads where leads.workspace_id = audit_log.workspace_id and leads.id = audit_log.lead_id);
