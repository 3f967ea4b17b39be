-- What came of a lead to which a bulk operation could not be done.
jsonb_build_object(
  'leadId', done.lead_id, 'outcome', case when done.code = 'LEAD_NOT_FOUND' then 'skipped' else 'failed' end, 'code', done.code)
