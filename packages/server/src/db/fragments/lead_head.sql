-- The record of a lead without its activities, as arguments of jsonb_build_object.
'lead', jsonb_build_object(:lead_members),
'statusBeforeArchive', leads.status_before_archive,
'campaigns', coalesce((
  select jsonb_agg(jsonb_build_object('id', campaign_id, 'enrolledAt', iso_time(enrolled_at)) order by campaign_id)
  from campaign_leads where workspace_id = p_workspace and lead_id = p_id), '[]')
