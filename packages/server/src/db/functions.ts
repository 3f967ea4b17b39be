import { sqlFunction } from './sql-function.ts';

/** Who changes leads, when, and why. */
const ACT = { at: 'timestamp with time zone', key: 'text', request: 'text', job: 'text', reason: 'text' } as const;

/** The same, with a reason that personal data is taken out of: see `redactable`. */
const REDACTED_ACT = { ...ACT, reason: 'jsonb' } as const;

/** Which leads: `versions` null, or null for a lead of any version. `atomic`: all or none. */
const CHOICE = { workspace: 'text', ids: 'text[]', versions: 'text[]', atomic: 'boolean' } as const;

/** How leads are deleted. */
const DELETION = {
  force: 'boolean',
  backup: 'boolean',
  erase: 'boolean',
  backups_expire_at: 'timestamp with time zone',
} as const;

/** What came of a lead: `code` is null where it was done. */
const OUTCOME = { lead_id: 'text', code: 'text', version: 'uuid' } as const;

export const deleteLeads = sqlFunction(
  'delete_leads',
  { ...CHOICE, state: 'bytea', ...DELETION, ...REDACTED_ACT },
  { ...OUTCOME, backup_id: 'text', deleted_at: 'timestamp with time zone', blockers: 'jsonb' },
);

export const createLead = sqlFunction('create_lead', { workspace: 'text', lead: 'jsonb' }, { erasure_id: 'text', version: 'uuid' });

/** How a bulk operation does what it does; the reason twice, because that of an archive stays with its leads as it is. */
const BULK = {
  workspace: 'text',
  kind: 'text',
  ...DELETION,
  keep: 'text[]',
  metadata_max_bytes: 'integer',
  ...ACT,
  redactable: 'jsonb',
} as const;

export const bulkAction = sqlFunction(
  'bulk_action',
  { ...BULK, ids: 'text[]', versions: 'text[]', atomic: 'boolean' },
  { code: 'text', outcome: 'jsonb' },
);

export const runJobStep = sqlFunction(
  'run_job_step',
  { ...BULK, bytes: 'integer' },
  { succeeded: 'integer', skipped: 'integer', failed: 'integer' },
);

export const archiveLeads = sqlFunction('archive_leads', { ...CHOICE, metadata_max_bytes: 'integer', ...ACT }, OUTCOME);

export const anonymizeLeads = sqlFunction(
  'anonymize_leads',
  { ...CHOICE, keep: 'text[]', ...REDACTED_ACT },
  { ...OUTCOME, activities: 'integer', backups: 'integer' },
);

export const unarchiveLead = sqlFunction(
  'unarchive_lead',
  { workspace: 'text', id: 'text', version: 'text', at: 'timestamp with time zone', key: 'text', request: 'text' },
  { unarchive_lead: 'text' },
);

const CLAIM = { name: 'text', workspace: 'text', key: 'text', key_hash: 'bytea', kept_since: 'timestamp with time zone' } as const;

export const claimIdempotencyKey = sqlFunction('claim_idempotency_key', CLAIM, { claim_idempotency_key: 'void' });

export const deleteLeadOnce = sqlFunction(
  'delete_lead_once',
  {
    ...CLAIM,
    request_hash: 'bytea',
    answer: 'text',
    backup_place: 'text',
    time_place: 'text',
    id: 'text',
    version: 'text',
    state: 'bytea',
    ...DELETION,
    at: 'timestamp with time zone',
    request: 'text',
    reason: 'jsonb',
  },
  { code: 'text', version: 'uuid', backup_id: 'text', deleted_at: 'timestamp with time zone', blockers: 'jsonb' },
);

export const insertRecords = sqlFunction(
  'insert_records',
  { workspace: 'text', leads: 'jsonb[]', attached: 'jsonb[]', duplicate_emails: 'boolean' },
  { lead_id: 'text', code: 'text', existing_lead_id: 'text', erasure_id: 'text' },
);

const PERSON = { workspace: 'text', lead: 'text', email: 'text', phone: 'text', max_leads: 'integer' } as const;

export const suppressingErasure = sqlFunction(
  'suppressing_erasure',
  { workspace: 'text', email: 'text', phone: 'text' },
  { suppressing_erasure: 'text' },
);

export const personTraces = sqlFunction('person_traces', PERSON, {
  living_ids: 'text[]',
  left_ids: 'text[]',
  stray_backup_ids: 'text[]',
  leads: 'integer',
  blocked: 'integer',
  subject: 'bytea',
  fingerprint: 'bytea',
  removed: 'jsonb',
});

export const erasePerson = sqlFunction(
  'erase_person',
  {
    ...PERSON,
    subject: 'bytea',
    fingerprint: 'bytea',
    force: 'boolean',
    erasure: 'text',
    at: 'timestamp with time zone',
    key: 'text',
    request: 'text',
  },
  { code: 'text', leads: 'integer', blocked_id: 'text', blockers: 'jsonb' },
);

export const backUpLeads = sqlFunction(
  'back_up_leads',
  { workspace: 'text', ids: 'text[]', backup_ids: 'text[]', at: 'timestamp with time zone', expires_at: 'timestamp with time zone' },
  { back_up_leads: 'void' },
);

export const readBackups = sqlFunction(
  'read_backups',
  { workspace: 'text', ids: 'text[]', bytes: 'integer' },
  { id: 'text', content: 'text' },
);

export const leadsWithin = sqlFunction('leads_within', { workspace: 'text', ids: 'text[]', bytes: 'integer' }, { leads_within: 'integer' });

const LEAD = { workspace: 'text', id: 'text' } as const;

export const leadRecord = sqlFunction('lead_record', LEAD, { lead_record: 'jsonb' });

export const leadRecordBound = sqlFunction('lead_record_bound', LEAD, { lead_record_bound: 'bigint' });

export const leadRecordPieces = sqlFunction('lead_record_pieces', { ...LEAD, bytes: 'integer' }, { piece: 'text' });

export const activitiesBound = sqlFunction('activities_bound', { workspace: 'text', lead_id: 'text' }, { activities_bound: 'bigint' });

export const activitiesSize = sqlFunction('activities_size', { workspace: 'text', lead_id: 'text' }, { activities_size: 'bigint' });

export const redactReason = sqlFunction('redact_reason', { workspace: 'text', ids: 'text[]', reason: 'jsonb' }, { redact_reason: 'text' });

export const appendAudit = sqlFunction(
  'append_audit',
  { workspace: 'text', ...ACT, action: 'text', leads: 'text[]', details: 'jsonb[]' },
  { append_audit: 'timestamp with time zone' },
);
