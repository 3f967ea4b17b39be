-- Compressing took as long as all else that is done with these columns.

alter table job_chunks alter column lead_ids set storage external, alter column versions set storage external,
  alter column outcomes set storage external;
