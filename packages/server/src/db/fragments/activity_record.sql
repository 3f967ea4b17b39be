-- An activity as it is in the record of its lead.
jsonb_build_object(
  'id', id, 'leadId', lead_id, 'type', type, 'text', text, 'metadata', metadata,
  'occurredAt', iso_time(occurred_at), 'createdAt', iso_time(created_at))
