// Generated from the contract by `npm run generate`; do not edit.
import type { OperationId } from './api.generated.ts';

/** What the path of every operation begins with. */
export const API_PATH = '/api/v1';

/** What every API key begins with. */
export const API_KEY_PREFIX = 'sk-workspace_';

/** How many items a page holds when `limit` is left out. */
export const PAGE_LIMIT_DEFAULT = 20;

/** How many items a page holds at most. */
export const PAGE_LIMIT_MAX = 100;

/** How many outcomes of a job a page holds at most. */
export const OUTCOMES_LIMIT_MAX = 1000;

/** Up to where the `total` of a list is exact that has to be counted. */
export const TOTAL_COUNT_MAX = 5000;

/** How many ids one request can name. */
export const IDS_MAX = 1000;

/** How many lines one import can have. */
export const IMPORT_MAX_LINES = 10000;

/** How many bytes one import can have. */
export const IMPORT_MAX_BYTES = 16777216;

/** How long the token of a preview or a plan is valid, in seconds. */
export const TOKEN_LIFETIME_SECONDS = 600;

/** The columns of a CSV of leads. */
export const LEAD_CSV_COLUMNS = ['id', 'name', 'email', 'phone', 'source', 'status', 'metadata', 'createdAt', 'updatedAt'] as const;

/** What its caller can write into a query or a body. */
export interface Input {
  /** `moment`: a time with its zone; `day`: a day in UTC. */
  readonly type: 'text' | 'number' | 'boolean' | 'moment' | 'day' | 'list' | 'object';
  readonly required?: true;
  /** Whether null clears it. */
  readonly nullable?: true;
  /** The values that it can have, where they are named. */
  readonly values?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Fields by name. */
export type Inputs = Readonly<Record<string, Input>>;

/** What a list and an export of leads can be narrowed by. */
export const LEAD_FILTERS = {
  status: { type: 'text', values: ['new', 'contacted', 'qualified', 'converted', 'lost', 'follow_up'] },
  source: { type: 'text' },
  search: { type: 'text' },
  email: { type: 'text' },
  createdAfter: { type: 'moment' },
  createdBefore: { type: 'moment' },
  archived: { type: 'boolean' },
} as const satisfies Inputs;

/** What a bulk operation can be narrowed by. */
export const BULK_FILTERS = {
  status: { type: 'text', values: ['new', 'contacted', 'qualified', 'converted', 'lost', 'follow_up'] },
  source: { type: 'text' },
  archived: { type: 'boolean' },
  createdBefore: { type: 'moment' },
  updatedBefore: { type: 'moment' },
} as const satisfies Inputs;

/** Of every operation what its query or its body can hold. */
export const INPUTS = {
  'leads.create': {
    name: { required: true, type: 'text' },
    email: { required: true, type: 'text' },
    phone: { type: 'text', nullable: true },
    source: { type: 'text', nullable: true },
    status: { type: 'text', values: ['new', 'contacted', 'qualified', 'converted', 'lost', 'follow_up'] },
    metadata: { type: 'object' },
  },
  'leads.list': {
    page: { type: 'number', minimum: 1, maximum: 10000 },
    limit: { type: 'number', minimum: 1, maximum: 100 },
    status: { type: 'text', values: ['new', 'contacted', 'qualified', 'converted', 'lost', 'follow_up'] },
    source: { type: 'text' },
    search: { type: 'text' },
    email: { type: 'text' },
    createdAfter: { type: 'moment' },
    createdBefore: { type: 'moment' },
    archived: { type: 'boolean' },
    sortBy: { type: 'text', values: ['createdAt', 'updatedAt', 'name', 'email', 'status'] },
    sortOrder: { type: 'text', values: ['asc', 'desc'] },
    cursor: { type: 'text' },
  },
  'leads.stats': {
    from: { type: 'day' },
    to: { type: 'day' },
  },
  'leads.export': {
    format: { type: 'text', values: ['ndjson', 'csv'] },
    delimiter: { type: 'text', values: ['comma', 'semicolon', 'tab'] },
    bom: { type: 'boolean' },
    formulaGuard: { type: 'boolean' },
    status: { type: 'text', values: ['new', 'contacted', 'qualified', 'converted', 'lost', 'follow_up'] },
    source: { type: 'text' },
    search: { type: 'text' },
    email: { type: 'text' },
    createdAfter: { type: 'moment' },
    createdBefore: { type: 'moment' },
    archived: { type: 'boolean' },
  },
  'leads.exportOne': {},
  'leads.import': {
    dryRun: { type: 'boolean' },
    allowDuplicateEmail: { type: 'boolean' },
    columns: { type: 'text' },
    formulaGuard: { type: 'boolean' },
  },
  'leads.bulkDelete': {
    ids: { type: 'list' },
    atomic: { type: 'boolean' },
    filter: { type: 'object' },
    dryRun: { type: 'boolean' },
    planToken: { type: 'text' },
    force: { type: 'boolean' },
    backup: { type: 'boolean' },
    erase: { type: 'boolean' },
    reason: { type: 'text' },
  },
  'leads.bulkArchive': {
    ids: { type: 'list' },
    atomic: { type: 'boolean' },
    filter: { type: 'object' },
    dryRun: { type: 'boolean' },
    planToken: { type: 'text' },
    reason: { type: 'text' },
  },
  'leads.bulkAnonymize': {
    ids: { type: 'list' },
    atomic: { type: 'boolean' },
    filter: { type: 'object' },
    dryRun: { type: 'boolean' },
    planToken: { type: 'text' },
    keepMetadata: { type: 'list' },
    reason: { type: 'text' },
  },
  'leads.get': {},
  'leads.update': {
    name: { type: 'text' },
    email: { type: 'text' },
    phone: { type: 'text', nullable: true },
    source: { type: 'text', nullable: true },
    status: { type: 'text', values: ['new', 'contacted', 'qualified', 'converted', 'lost', 'follow_up'] },
    metadata: { type: 'object' },
  },
  'leads.delete': {
    force: { type: 'boolean' },
    backup: { type: 'boolean' },
    erase: { type: 'boolean' },
    reason: { type: 'text' },
  },
  'leads.deletionPreview': {},
  'leads.archive': {
    reason: { type: 'text' },
  },
  'leads.unarchive': {},
  'leads.anonymize': {
    keepMetadata: { type: 'list' },
    reason: { type: 'text' },
  },
  'activities.create': {
    type: { required: true, type: 'text', values: ['note', 'call', 'email', 'chat', 'meeting'] },
    text: { required: true, type: 'text' },
    occurredAt: { type: 'moment' },
    metadata: { type: 'object' },
  },
  'activities.list': {
    limit: { type: 'number', minimum: 1, maximum: 100 },
    cursor: { type: 'text' },
  },
  'activities.get': {},
  'activities.delete': {},
  'campaigns.create': {
    name: { required: true, type: 'text' },
    status: { type: 'text', values: ['draft', 'active', 'paused', 'completed'] },
  },
  'campaigns.list': {
    status: { type: 'text', values: ['draft', 'active', 'paused', 'completed'] },
    leadId: { type: 'text' },
    limit: { type: 'number', minimum: 1, maximum: 100 },
    cursor: { type: 'text' },
  },
  'campaigns.get': {},
  'campaigns.update': {
    name: { type: 'text' },
    status: { type: 'text', values: ['draft', 'active', 'paused', 'completed'] },
  },
  'campaigns.delete': {},
  'campaigns.listLeads': {
    limit: { type: 'number', minimum: 1, maximum: 100 },
    cursor: { type: 'text' },
  },
  'campaigns.enroll': {
    leadIds: { required: true, type: 'list' },
  },
  'campaigns.remove': {
    leadIds: { required: true, type: 'list' },
  },
  'campaigns.enrollLead': {},
  'campaigns.removeLead': {},
  'backups.create': {},
  'backups.list': {
    leadId: { type: 'text' },
    limit: { type: 'number', minimum: 1, maximum: 100 },
    cursor: { type: 'text' },
  },
  'backups.get': {},
  'backups.restore': {
    allowDuplicateEmail: { type: 'boolean' },
  },
  'backups.bulkRestore': {
    allowDuplicateEmail: { type: 'boolean' },
    backupIds: { required: true, type: 'list' },
  },
  'backups.delete': {},
  'jobs.list': {
    limit: { type: 'number', minimum: 1, maximum: 100 },
    cursor: { type: 'text' },
  },
  'jobs.get': {},
  'jobs.listOutcomes': {
    outcome: { type: 'text', values: ['deleted', 'archived', 'anonymized', 'skipped', 'failed'] },
    limit: { type: 'number', minimum: 1, maximum: 1000 },
    cursor: { type: 'text' },
  },
  'jobs.cancel': {},
  'deletions.get': {},
  'erasures.create': {
    leadId: { type: 'text' },
    email: { type: 'text' },
    phone: { type: 'text' },
    dryRun: { type: 'boolean' },
    planToken: { type: 'text' },
    force: { type: 'boolean' },
  },
  'erasures.get': {},
  'erasures.liftSuppression': {},
  'auditLog.list': {
    action: { type: 'text', values: ['lead.deleted', 'lead.archived', 'lead.unarchived', 'lead.anonymized', 'lead.erased', 'leads.exported', 'leads.imported', 'activity.deleted', 'campaign.deleted', 'campaign.leads_removed', 'backup.created', 'backup.restored', 'backup.deleted', 'erasure.created', 'erasure.suppression_lifted', 'job.created', 'job.cancelled', 'job.stopped', 'api_key.created', 'api_key.rotated', 'api_key.revoked'] },
    leadId: { type: 'text' },
    keyId: { type: 'text' },
    from: { type: 'moment' },
    to: { type: 'moment' },
    limit: { type: 'number', minimum: 1, maximum: 100 },
    cursor: { type: 'text' },
  },
  'apiKeys.create': {
    name: { required: true, type: 'text' },
    scopes: { required: true, type: 'list', values: ['leads:read', 'leads:write', 'leads:delete', 'leads:force', 'audit:read', 'keys:manage'] },
    expiresAt: { type: 'moment', nullable: true },
  },
  'apiKeys.list': {
    limit: { type: 'number', minimum: 1, maximum: 100 },
    cursor: { type: 'text' },
  },
  'apiKeys.rotate': {
    overlapSeconds: { type: 'number', minimum: 0, maximum: 2592000 },
  },
  'apiKeys.revoke': {},
} as const satisfies Record<OperationId, Inputs>;

/** The names of the fields of everything that is answered. */
export const FIELDS = {
  Activity: ['id', 'leadId', 'type', 'text', 'metadata', 'occurredAt', 'createdAt'],
  ApiKey: ['id', 'name', 'hint', 'scopes', 'createdAt', 'expiresAt', 'lastUsedAt', 'revokedAt', 'workspaceId'],
  ApiKeyWithSecret: ['id', 'name', 'hint', 'scopes', 'createdAt', 'expiresAt', 'lastUsedAt', 'revokedAt', 'workspaceId', 'key'],
  AttachedCounts: ['activities', 'campaigns'],
  AuditEntry: ['id', 'at', 'action', 'keyId', 'leadId', 'requestId', 'jobId', 'reason', 'details', 'previousHash', 'hash'],
  Backup: ['id', 'leadId', 'attached', 'createdAt', 'expiresAt'],
  BlockingCampaign: ['id', 'name'],
  BulkOutcome: ['leadId', 'outcome', 'code', 'backupId'],
  BulkOutcomes: ['dryRun', 'succeeded', 'skipped', 'failed', 'outcomes'],
  BulkPlan: ['dryRun', 'count', 'archived', 'workspaceTotal', 'newestCreatedAt', 'sample', 'blocked', 'blockers', 'planToken', 'planExpiresAt'],
  Campaign: ['id', 'name', 'status', 'createdAt', 'updatedAt', 'workspaceId'],
  CursorPagination: ['limit', 'hasNext', 'nextCursor'],
  DeletionReceipt: ['leadId', 'deletedAt', 'keyId', 'requestId', 'jobId', 'reason', 'force', 'erase', 'removed', 'backupId', 'restoredAt', 'erasedAt', 'auditEntryId', 'auditHash'],
  Enrollment: ['campaignId', 'leadId', 'enrolledAt'],
  Erasure: ['id', 'erasedAt', 'keyId', 'requestId', 'removed', 'suppressionLiftedAt', 'outside'],
  ErasureDone: ['dryRun', 'erasure'],
  ErasurePlan: ['dryRun', 'found', 'blocked', 'planToken', 'planExpiresAt'],
  ImportOutcome: ['line', 'leadId', 'outcome', 'code', 'existingLeadId', 'erasureId', 'issues', 'missingCampaigns'],
  Job: ['id', 'kind', 'status', 'stopReason', 'filter', 'total', 'done', 'succeeded', 'skipped', 'failed', 'keyId', 'createdAt', 'startedAt', 'finishedAt'],
  Lead: ['id', 'name', 'email', 'phone', 'source', 'status', 'metadata', 'createdAt', 'updatedAt', 'workspaceId'],
  LeadRecord: ['lead', 'statusBeforeArchive', 'activities', 'campaigns'],
  Pagination: ['page', 'limit', 'total', 'totalPages', 'hasNext', 'hasPrev', 'nextCursor'],
  PersonCounts: ['leads', 'activities', 'campaigns', 'backups', 'storedAnswers', 'jobOutcomes'],
  RestoreOutcome: ['backupId', 'leadId', 'outcome', 'code', 'existingLeadId', 'erasureId', 'missingCampaigns'],
  ValidationIssue: ['location', 'message', 'code'],
} as const satisfies Record<string, readonly string[]>;
