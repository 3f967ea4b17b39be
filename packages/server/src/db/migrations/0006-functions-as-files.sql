-- Functions and triggers are files of their own from here on: those that earlier versions made go, with their triggers.

drop function if exists active_campaigns(text, text[]);
drop function if exists anonymize_leads;
drop function if exists append_audit;
drop function if exists archive_leads;
drop function if exists back_up_leads;
drop function if exists before_lead_changes cascade;
drop function if exists claim_idempotency_key;
drop function if exists count_deleted_leads cascade;
drop function if exists count_inserted_leads cascade;
drop function if exists count_leads_by_day cascade;
drop function if exists count_moved_lead cascade;
drop function if exists delete_lead_once;
drop function if exists delete_leads;
drop function if exists deletion_state;
drop function if exists insert_records;
drop function if exists iso_time;
drop function if exists jsonb_merge_patch;
drop function if exists jsonb_size;
drop function if exists lead_record;
drop function if exists names_lead;
drop function if exists redact;
drop function if exists refuse_audit_change cascade;
drop function if exists replace_parts;
drop function if exists unarchive_lead;
