-- In a database that is new the planner knows nothing, and takes any index of leads that begins with the workspace to be as good as
-- the key. Of several that seem equal it takes the one that was made last, and such a plan is kept until autovacuum comes by,
-- however many leads there are by then. So the key is made last, where that costs nothing; with statistics there is no such doubt.

do $$
begin
  if exists (select from leads) then return; end if;
  alter table activities drop constraint activities_workspace_id_lead_id_fkey;
  alter table campaign_leads drop constraint campaign_leads_workspace_id_lead_id_fkey;
  alter table leads drop constraint leads_pkey;
  alter table leads add primary key (workspace_id, id);
  alter table activities add foreign key (workspace_id, lead_id) references leads on delete cascade;
  alter table campaign_leads add foreign key (workspace_id, lead_id) references leads on delete cascade;
end $$;
