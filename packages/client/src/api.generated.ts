// Generated from the contract by `npm run generate`; do not edit.
import type { ApiPromise, CallOptions, ConfirmedWriteOptions, GuardedWriteOptions, PagePromise, WriteOptions } from './types.ts';

/** Of every operation its method, its path, and what it takes: the media type of a body, a query, the query of a list that is answered in pages, or null. */
export const ROUTES = {
  'leads.create': ['POST', '/api/v1/leads', 'application/json'],
  'leads.list': ['GET', '/api/v1/leads', 'pages'],
  'leads.stats': ['GET', '/api/v1/leads/stats', 'query'],
  'leads.export': ['GET', '/api/v1/leads/export', 'query'],
  'leads.exportOne': ['GET', '/api/v1/leads/:leadId/export', null],
  'leads.import': ['POST', '/api/v1/leads/import', 'application/x-ndjson'],
  'leads.bulkDelete': ['POST', '/api/v1/leads/bulk-delete', 'application/json'],
  'leads.bulkArchive': ['POST', '/api/v1/leads/bulk-archive', 'application/json'],
  'leads.bulkAnonymize': ['POST', '/api/v1/leads/bulk-anonymize', 'application/json'],
  'leads.get': ['GET', '/api/v1/leads/:leadId', null],
  'leads.update': ['PUT', '/api/v1/leads/:leadId', 'application/json'],
  'leads.delete': ['DELETE', '/api/v1/leads/:leadId', 'query'],
  'leads.deletionPreview': ['GET', '/api/v1/leads/:leadId/deletion-preview', null],
  'leads.archive': ['POST', '/api/v1/leads/:leadId/archive', 'application/json'],
  'leads.unarchive': ['POST', '/api/v1/leads/:leadId/unarchive', null],
  'leads.anonymize': ['POST', '/api/v1/leads/:leadId/anonymize', 'application/json'],
  'activities.create': ['POST', '/api/v1/leads/:leadId/activities', 'application/json'],
  'activities.list': ['GET', '/api/v1/leads/:leadId/activities', 'pages'],
  'activities.get': ['GET', '/api/v1/leads/:leadId/activities/:activityId', null],
  'activities.delete': ['DELETE', '/api/v1/leads/:leadId/activities/:activityId', null],
  'campaigns.create': ['POST', '/api/v1/campaigns', 'application/json'],
  'campaigns.list': ['GET', '/api/v1/campaigns', 'pages'],
  'campaigns.get': ['GET', '/api/v1/campaigns/:campaignId', null],
  'campaigns.update': ['PUT', '/api/v1/campaigns/:campaignId', 'application/json'],
  'campaigns.delete': ['DELETE', '/api/v1/campaigns/:campaignId', null],
  'campaigns.listLeads': ['GET', '/api/v1/campaigns/:campaignId/leads', 'pages'],
  'campaigns.enroll': ['POST', '/api/v1/campaigns/:campaignId/leads', 'application/json'],
  'campaigns.remove': ['POST', '/api/v1/campaigns/:campaignId/leads/remove', 'application/json'],
  'campaigns.enrollLead': ['PUT', '/api/v1/campaigns/:campaignId/leads/:leadId', null],
  'campaigns.removeLead': ['DELETE', '/api/v1/campaigns/:campaignId/leads/:leadId', null],
  'backups.create': ['POST', '/api/v1/leads/:leadId/backups', null],
  'backups.list': ['GET', '/api/v1/backups', 'pages'],
  'backups.get': ['GET', '/api/v1/backups/:backupId', null],
  'backups.restore': ['POST', '/api/v1/backups/:backupId/restore', 'query'],
  'backups.bulkRestore': ['POST', '/api/v1/backups/restore', 'application/json'],
  'backups.delete': ['DELETE', '/api/v1/backups/:backupId', null],
  'jobs.list': ['GET', '/api/v1/jobs', 'pages'],
  'jobs.get': ['GET', '/api/v1/jobs/:jobId', null],
  'jobs.listOutcomes': ['GET', '/api/v1/jobs/:jobId/outcomes', 'pages'],
  'jobs.cancel': ['POST', '/api/v1/jobs/:jobId/cancel', null],
  'deletions.get': ['GET', '/api/v1/deletions/:leadId', null],
  'erasures.create': ['POST', '/api/v1/erasures', 'application/json'],
  'erasures.get': ['GET', '/api/v1/erasures/:erasureId', null],
  'erasures.liftSuppression': ['DELETE', '/api/v1/erasures/:erasureId/suppression', null],
  'auditLog.list': ['GET', '/api/v1/audit-log', 'pages'],
  'apiKeys.create': ['POST', '/api/v1/api-keys', 'application/json'],
  'apiKeys.list': ['GET', '/api/v1/api-keys', 'pages'],
  'apiKeys.rotate': ['POST', '/api/v1/api-keys/:keyId/rotate', 'application/json'],
  'apiKeys.revoke': ['DELETE', '/api/v1/api-keys/:keyId', null],
} as const satisfies Readonly<Record<string, readonly [method: string, path: string, input: string | null]>>;

/** The id of an operation, such as `leads.delete`. */
export type OperationId = keyof typeof ROUTES;

/** The names of the fields that hold personal data: the contract marks them. */
export const PERSONAL_FIELDS: readonly string[] = ['email', 'metadata', 'name', 'phone', 'search', 'text'];

/** Something that happened with a lead. */
export interface Activity {
  /**
   * The unique identifier of the activity. It never changes and is never given to another.
   * At most 64 characters.
   */
  id: string;
  /**
   * The unique identifier of the lead. It never changes and is never given to another.
   * At most 64 characters.
   */
  leadId: string;
  type: ActivityType;
  /**
   * What was said or done.
   * At most 5000 characters.
   */
  text: string;
  metadata: ActivityMetadata;
  /** When it happened. ISO 8601, UTC, milliseconds. */
  occurredAt: string;
  /** When it was written down. ISO 8601, UTC, milliseconds. */
  createdAt: string;
}

/** Any JSON object: at most 4 KiB as JSON with numbers written out, objects and arrays nested at most 8 deep. It may hold personal data, and is treated as such. */
export type ActivityMetadata = Record<string, unknown>;

/** What kind of contact it was. */
export type ActivityType = 'note' | 'call' | 'email' | 'chat' | 'meeting';

/** What stays of the metadata, and why the rest goes. `{}` when left out. */
export interface AnonymizeLeadRequest {
  /**
   * The metadata keys that stay. Name only keys without personal data.
   * At most 100 items.
   */
  keepMetadata?: string[] | undefined;
  /**
   * Why, for the audit log. Not for personal data: the name, e-mail address and phone number of the lead are replaced by `[redacted]` wherever they stand in it, in any case, spacing or notation.
   * At most 500 characters.
   */
  reason?: string | undefined;
}

/** An API key, without its secret. */
export interface ApiKey {
  /**
   * The unique identifier of the API key. It never changes and is never given to another.
   * At most 64 characters.
   */
  id: string;
  /**
   * What the key is for.
   * At most 100 characters.
   */
  name: string;
  /**
   * The last four characters of the key, to tell it from others.
   * At most 4 characters.
   */
  hint: string;
  /**
   * What the key may do.
   * At most 6 items.
   */
  scopes: Scope[];
  /** When the key was created. ISO 8601, UTC, milliseconds. */
  createdAt: string;
  /** When the key stops working; null: never. ISO 8601, UTC, milliseconds. */
  expiresAt: string | null;
  /** When the key was last used, to within a minute; null: never. ISO 8601, UTC, milliseconds. */
  lastUsedAt: string | null;
  /** When the key was revoked; null: it is not. ISO 8601, UTC, milliseconds. */
  revokedAt: string | null;
  /**
   * The workspace that the resource belongs to: the one that the API key selects.
   * At most 64 characters.
   */
  workspaceId: string;
}

/** A new API key, with its secret. */
export interface ApiKeyWithSecret {
  /**
   * The unique identifier of the API key. It never changes and is never given to another.
   * At most 64 characters.
   */
  id: string;
  /**
   * What the key is for.
   * At most 100 characters.
   */
  name: string;
  /**
   * The last four characters of the key, to tell it from others.
   * At most 4 characters.
   */
  hint: string;
  /**
   * What the key may do.
   * At most 6 items.
   */
  scopes: Scope[];
  /** When the key was created. ISO 8601, UTC, milliseconds. */
  createdAt: string;
  /** When the key stops working; null: never. ISO 8601, UTC, milliseconds. */
  expiresAt: string | null;
  /** When the key was last used, to within a minute; null: never. ISO 8601, UTC, milliseconds. */
  lastUsedAt: string | null;
  /** When the key was revoked; null: it is not. ISO 8601, UTC, milliseconds. */
  revokedAt: string | null;
  /**
   * The workspace that the resource belongs to: the one that the API key selects.
   * At most 64 characters.
   */
  workspaceId: string;
  /** The key itself. Shown this once; only a hash of it is kept. */
  key: string;
}

/** Why the lead is archived. `{}` when left out. */
export interface ArchiveLeadRequest {
  /**
   * Why, as `metadata.archived_reason`; null there when left out.
   * At most 500 characters.
   */
  reason?: string | undefined;
}

/** How much hangs on a lead, by kind. */
export interface AttachedCounts {
  /** How many activities it has. */
  activities: number;
  /** How many campaigns it is in. */
  campaigns: number;
}

/** What was done. */
export type AuditAction = 'lead.deleted' | 'lead.archived' | 'lead.unarchived' | 'lead.anonymized' | 'lead.erased' | 'leads.exported' | 'leads.imported' | 'activity.deleted' | 'campaign.deleted' | 'campaign.leads_removed' | 'backup.created' | 'backup.restored' | 'backup.deleted' | 'erasure.created' | 'erasure.suppression_lifted' | 'job.created' | 'job.cancelled' | 'job.stopped' | 'api_key.created' | 'api_key.rotated' | 'api_key.revoked';

/** One entry of the audit log. */
export interface AuditEntry {
  /**
   * The unique identifier of the entry. It never changes and is never given to another.
   * At most 64 characters.
   */
  id: string;
  /** When it was done. ISO 8601, UTC, milliseconds. */
  at: string;
  action: AuditAction;
  /** Who: the id of the API key; `system` for the command line of the server. */
  keyId: string;
  /**
   * Which lead; null where it is about none, or about many.
   * At most 64 characters.
   */
  leadId: string | null;
  /**
   * The request that did it, as in `X-Request-Id`; null for the command line of the server.
   * At most 64 characters.
   */
  requestId: string | null;
  /**
   * The job that did it; null where no job did.
   * At most 64 characters.
   */
  jobId: string | null;
  /** Why, as it was given, without personal data of the lead. */
  reason: string | null;
  /** More about it, by action: ids, counts and switches, never personal data. */
  details: Record<string, unknown>;
  /** The hash of the entry before it in its chain. */
  previousHash: string;
  /** The SHA-256 of this entry and of the hash before it. */
  hash: string;
}

/** A backup of a lead, without its content. */
export interface Backup {
  /**
   * The unique identifier of the backup. It never changes and is never given to another.
   * At most 64 characters.
   */
  id: string;
  /**
   * The unique identifier of the lead. It never changes and is never given to another.
   * At most 64 characters.
   */
  leadId: string;
  attached: AttachedCounts;
  /** When the backup was made. ISO 8601, UTC, milliseconds. */
  createdAt: string;
  /** When the backup is deleted by itself. ISO 8601, UTC, milliseconds. */
  expiresAt: string;
}

/** An active campaign that the lead is in. */
export interface BlockingCampaign {
  /**
   * The unique identifier of the campaign. It never changes and is never given to another.
   * At most 64 characters.
   */
  id: string;
  /** The name of the campaign. */
  name: string;
}

/** Which leads to anonymize, and what stays of them. */
export interface BulkAnonymizeRequest {
  /**
   * The ids of the leads, each once.
   * At most 1000 items.
   */
  ids?: string[] | undefined;
  /** With `ids`: all or none. If one cannot be done, none is: 409 `BULK_REFUSED`. False when left out. */
  atomic?: boolean | undefined;
  filter?: BulkFilter | undefined;
  /** With `filter`: change nothing, and answer with what would be done and the token for doing it. */
  dryRun?: boolean | undefined;
  /**
   * With `filter`: the token of the dry run. Where the set is not what it was then, nothing is done: 409 `PLAN_DRIFTED`.
   * At most 2000 characters.
   */
  planToken?: string | undefined;
  /**
   * The metadata keys that stay. Name only keys without personal data.
   * At most 100 items.
   */
  keepMetadata?: string[] | undefined;
  /**
   * Why, for the audit log. Not for personal data: the name, e-mail address and phone number of the lead are replaced by `[redacted]` wherever they stand in it, in any case, spacing or notation.
   * At most 500 characters.
   */
  reason?: string | undefined;
}

/** Which leads to archive, and why. */
export interface BulkArchiveRequest {
  /**
   * The ids of the leads, each once.
   * At most 1000 items.
   */
  ids?: string[] | undefined;
  /** With `ids`: all or none. If one cannot be done, none is: 409 `BULK_REFUSED`. False when left out. */
  atomic?: boolean | undefined;
  filter?: BulkFilter | undefined;
  /** With `filter`: change nothing, and answer with what would be done and the token for doing it. */
  dryRun?: boolean | undefined;
  /**
   * With `filter`: the token of the dry run. Where the set is not what it was then, nothing is done: 409 `PLAN_DRIFTED`.
   * At most 2000 characters.
   */
  planToken?: string | undefined;
  /**
   * Why, as `metadata.archived_reason`; null there when left out.
   * At most 500 characters.
   */
  reason?: string | undefined;
}

/** Which leads to delete, and how. */
export interface BulkDeleteRequest {
  /**
   * The ids of the leads, each once.
   * At most 1000 items.
   */
  ids?: string[] | undefined;
  /** With `ids`: all or none. If one cannot be done, none is: 409 `BULK_REFUSED`. False when left out. */
  atomic?: boolean | undefined;
  filter?: BulkFilter | undefined;
  /** With `filter`: change nothing, and answer with what would be done and the token for doing it. */
  dryRun?: boolean | undefined;
  /**
   * With `filter`: the token of the dry run. Where the set is not what it was then, nothing is done: 409 `PLAN_DRIFTED`.
   * At most 2000 characters.
   */
  planToken?: string | undefined;
  /** Delete leads that are in an active campaign too. Needs the scope `leads:force`. */
  force?: boolean | undefined;
  /** Keep a backup of each lead: made together with its deletion, or neither is. */
  backup?: boolean | undefined;
  /** Delete the backups of the leads too. Not together with `backup`. */
  erase?: boolean | undefined;
  /**
   * Why, for the audit log. Not for personal data: the name, e-mail address and phone number of the lead are replaced by `[redacted]` wherever they stand in it, in any case, spacing or notation.
   * At most 500 characters.
   */
  reason?: string | undefined;
}

/** Which leads: those that meet every condition. */
export interface BulkFilter {
  /** Only leads with exactly this `status`. */
  status?: LeadStatus | undefined;
  /**
   * Only leads with exactly this `source`.
   * At most 100 characters.
   */
  source?: string | undefined;
  /** Only leads that are archived, or only those that are not. */
  archived?: boolean | undefined;
  /** Only leads created before this moment. ISO 8601 with a time zone (`Z` or an offset). */
  createdBefore?: string | undefined;
  /** Only leads last changed before this moment. ISO 8601 with a time zone (`Z` or an offset). */
  updatedBefore?: string | undefined;
}

/** What came of one lead. */
export interface BulkOutcome {
  /** The id of the lead. */
  leadId: string;
  /** Done, skipped because it is not there, or failed and left as it is. */
  outcome: 'deleted' | 'archived' | 'anonymized' | 'skipped' | 'failed';
  /** Why it was not done: it is not there, is in an active campaign, is not as it was in the dry run, or its metadata has no room for being archived. */
  code?: 'LEAD_NOT_FOUND' | 'LEAD_IN_USE' | 'PRECONDITION_FAILED' | 'VALIDATION_ERROR';
  /** The backup of the lead; only where one was asked for. */
  backupId?: string;
}

/** What came of each lead. */
export interface BulkOutcomes {
  /** It was done. */
  dryRun: false;
  /** How many leads were deleted, archived or anonymized. */
  succeeded: number;
  /** How many are not there. */
  skipped: number;
  /** How many were left as they are, for the reason in their outcome. */
  failed: number;
  /** What came of each lead, in the order of the request. */
  outcomes: BulkOutcome[];
}

/** What would be done. */
export interface BulkPlan {
  /** Nothing was done. */
  dryRun: true;
  /** How many leads the filter selects. */
  count: number;
  /** How many of them are archived: archiving makes a lead `lost`. */
  archived: number;
  /** How many leads the workspace has, to see what share of them it is. */
  workspaceTotal: number;
  /** When the newest of them was created; null where there is none. ISO 8601, UTC, milliseconds. */
  newestCreatedAt: string | null;
  /**
   * Some of them, oldest first.
   * At most 10 items.
   */
  sample: Lead[];
  /** How many of them are in an active campaign. A delete leaves them as they are without `force`. */
  blocked: number;
  /** The active campaigns that they are in. */
  blockers: BlockingCampaign[];
  /** Proof of what was selected, for doing it. */
  planToken: string;
  /** Until when the token is valid: 10 minutes. ISO 8601, UTC, milliseconds. */
  planExpiresAt: string;
}

/** The backups to restore. */
export interface BulkRestoreRequest {
  /**
   * The ids of the backups, each once.
   * At most 1000 items.
   */
  backupIds: string[];
}

/** Something that leads take part in. */
export interface Campaign {
  /**
   * The unique identifier of the campaign. It never changes and is never given to another.
   * At most 64 characters.
   */
  id: string;
  /**
   * What the campaign is called. Not for personal data.
   * At most 200 characters.
   */
  name: string;
  status: CampaignStatus;
  /** When the campaign was created. ISO 8601, UTC, milliseconds. */
  createdAt: string;
  /** When the campaign was last changed. ISO 8601, UTC, milliseconds. */
  updatedAt: string;
  /**
   * The workspace that the resource belongs to: the one that the API key selects.
   * At most 64 characters.
   */
  workspaceId: string;
}

/** The leads to enroll or to remove. */
export interface CampaignLeadsRequest {
  /**
   * The ids of the leads, each once.
   * At most 1000 items.
   */
  leadIds: string[];
}

/** Where the campaign stands. A lead in an `active` one is not deleted without `force=true`. */
export type CampaignStatus = 'draft' | 'active' | 'paused' | 'completed';

/** A new activity. */
export interface CreateActivityRequest {
  type: ActivityType;
  /**
   * What was said or done.
   * At most 5000 characters.
   */
  text: string;
  /** When it happened; now when left out. ISO 8601 with a time zone (`Z` or an offset). */
  occurredAt?: string | undefined;
  metadata?: ActivityMetadata | undefined;
}

/** A new API key. */
export interface CreateApiKeyRequest {
  /**
   * What the key is for.
   * At most 100 characters.
   */
  name: string;
  /**
   * What the key may do.
   * At most 6 items.
   */
  scopes: Scope[];
  /** When the key stops working; never when left out or null. ISO 8601 with a time zone (`Z` or an offset). */
  expiresAt?: string | null | undefined;
}

/** A new campaign. */
export interface CreateCampaignRequest {
  /**
   * What the campaign is called. Not for personal data.
   * At most 200 characters.
   */
  name: string;
  /** Where the campaign stands; `draft` when left out. */
  status?: CampaignStatus | undefined;
}

/** Who is to be erased. */
export interface CreateErasureRequest {
  /**
   * The person of this lead, whether it is there or deleted.
   * At most 64 characters.
   */
  leadId?: string | undefined;
  /**
   * Whoever has this e-mail address, in upper or lower case.
   * At most 254 characters.
   */
  email?: string | undefined;
  /**
   * Whoever has this phone number, with all its digits in the same order, in any notation.
   * At most 50 characters.
   */
  phone?: string | undefined;
  /** Change nothing, and answer with what would go and the token for doing it. */
  dryRun?: boolean | undefined;
  /**
   * The token of the dry run. Where what there is of the person is not what it was then, nothing is done: 409 `PLAN_DRIFTED`.
   * At most 2000 characters.
   */
  planToken?: string | undefined;
  /** Erase leads that are in an active campaign too. Needs the scope `leads:force`. */
  force?: boolean | undefined;
}

/** A new lead. */
export interface CreateLeadRequest {
  /**
   * The name of the person.
   * At most 200 characters.
   */
  name: string;
  /**
   * The e-mail address, kept as it was sent.
   * At most 254 characters.
   */
  email: string;
  /**
   * `null` when left out.
   * At most 50 characters.
   */
  phone?: string | null | undefined;
  /**
   * `null` when left out.
   * At most 100 characters.
   */
  source?: string | null | undefined;
  /** `"new"` when left out. */
  status?: LeadStatus | undefined;
  /** `{}` when left out. */
  metadata?: LeadMetadata | undefined;
}

/** Where this page stands in a walk by cursor. */
export interface CursorPagination {
  /** The `limit` that was asked for. */
  limit: number;
  /** Whether there is a page after this one. */
  hasNext: boolean;
  /** Pass it as `cursor` to get the next page; null on the last one. */
  nextCursor: string | null;
}

/** What proves that a lead was deleted. */
export interface DeletionReceipt {
  /**
   * The unique identifier of the lead. It never changes and is never given to another.
   * At most 64 characters.
   */
  leadId: string;
  /** When the lead was deleted; the last time, where it was restored in between. ISO 8601, UTC, milliseconds. */
  deletedAt: string;
  /** Who deleted it: the id of the API key. */
  keyId: string;
  /** The request that asked for it, as in `X-Request-Id`. */
  requestId: string;
  /** The job that did it; null where no job did. */
  jobId: string | null;
  /** Why, as it was given. */
  reason: string | null;
  /** Whether it was deleted although it was in an active campaign. */
  force: boolean;
  /** Whether its backups were deleted with it. */
  erase: boolean;
  /** What was removed together with the lead. */
  removed: {
    /** How many activities went with it. */
    activities: number;
    /** From how many campaigns it was taken. */
    campaigns: number;
    /** How many backups went with it. */
    backups: number;
  };
  /** The backup that was made with the deletion; null: none was. */
  backupId: string | null;
  /** When the lead was brought back since; null: it was not. ISO 8601, UTC, milliseconds. */
  restoredAt: string | null;
  /** When what was left of it was erased: with the deletion, or later; null: it was not. ISO 8601, UTC, milliseconds. */
  erasedAt: string | null;
  /** The entry of the audit log that this is read from. */
  auditEntryId: string;
  /** The hash of that entry. */
  auditHash: string;
}

/** A lead in a campaign. */
export interface Enrollment {
  /**
   * The unique identifier of the campaign. It never changes and is never given to another.
   * At most 64 characters.
   */
  campaignId: string;
  /**
   * The unique identifier of the lead. It never changes and is never given to another.
   * At most 64 characters.
   */
  leadId: string;
  /** When the lead was enrolled. ISO 8601, UTC, milliseconds. */
  enrolledAt: string;
}

/** What proves that a person was erased; no personal data. */
export interface Erasure {
  /**
   * The unique identifier of the erasure. It never changes and is never given to another.
   * At most 64 characters.
   */
  id: string;
  /** When it was done. ISO 8601, UTC, milliseconds. */
  erasedAt: string;
  /** Who did it: the id of the API key. */
  keyId: string;
  /** The request that asked for it, as in `X-Request-Id`. */
  requestId: string;
  removed: PersonCounts;
  /** When the person was allowed in again; null: whoever has the e-mail address or phone number is kept away. ISO 8601, UTC, milliseconds. */
  suppressionLiftedAt: string | null;
  /** What lies outside of this API, for people: look there, too. */
  outside: string[];
}

/** What was erased. */
export interface ErasureDone {
  /** It was done. */
  dryRun: false;
  erasure: Erasure;
}

/** What would be erased. */
export interface ErasurePlan {
  /** Nothing was done. */
  dryRun: true;
  found: PersonCounts;
  /** How many of the leads are in an active campaign. Without `force` nothing is erased then: 409 `LEAD_IN_USE`. */
  blocked: number;
  /** Proof of what was found, for doing it. */
  planToken: string;
  /** Until when the token is valid: 10 minutes. ISO 8601, UTC, milliseconds. */
  planExpiresAt: string;
}

/** What came of one line of an import. */
export interface ImportOutcome {
  /** The number of the line, from 1; of a row of CSV, that of its first line. */
  line: number;
  /** The id of the lead; null where the line has none. */
  leadId: string | null;
  /** Imported, skipped because the lead is there, or failed. */
  outcome: 'imported' | 'skipped' | 'failed';
  /** Why it was not imported: a lead with this id is there, or one with this e-mail address; the lead was erased, and its id is never given again; the person was erased, and is kept away; its activities are larger than they may be; or the line is wrong. */
  code?: 'LEAD_EXISTS' | 'EMAIL_EXISTS' | 'LEAD_ERASED' | 'SUPPRESSED' | 'VALIDATION_ERROR' | 'INVALID_JSON' | 'LEAD_TOO_LARGE';
  /** The lead that has this e-mail address; only with `EMAIL_EXISTS`. */
  existingLeadId?: string;
  /** The erasure that keeps the person away; only with `SUPPRESSED`. */
  erasureId?: string;
  /** What is wrong with the line; only with `VALIDATION_ERROR`. */
  issues?: ValidationIssue[];
  /** Campaigns of the lead that the workspace does not have: the lead is imported without them. */
  missingCampaigns?: string[];
}

/** A bulk operation that runs in the background. */
export interface Job {
  /**
   * The unique identifier of the job. It never changes and is never given to another.
   * At most 64 characters.
   */
  id: string;
  kind: JobKind;
  status: JobStatus;
  /** Why the job was `stopped`; null for any other. */
  stopReason: JobStopReason | null;
  /** Which leads it is for; null for a job of before this was kept. */
  filter: JobFilter | null;
  /** How many leads it is for. */
  total: number;
  /** How many of them have an outcome. */
  done: number;
  /** How many were deleted, archived or anonymized. */
  succeeded: number;
  /** How many were not there any more. */
  skipped: number;
  /** How many were left as they are, for the reason in their outcome. */
  failed: number;
  /** Who asked for it: the id of the API key. */
  keyId: string;
  /** When the job was asked for. ISO 8601, UTC, milliseconds. */
  createdAt: string;
  /** When its first leads were done; null: not yet. ISO 8601, UTC, milliseconds. */
  startedAt: string | null;
  /** When it ended; null: not yet. ISO 8601, UTC, milliseconds. */
  finishedAt: string | null;
}

/** Which leads the job is for, as it was asked for. Conditions on personal data are left out. */
export interface JobFilter {
  /** Only leads with exactly this `status`. */
  status?: LeadStatus | undefined;
  /**
   * Only leads with exactly this `source`.
   * At most 100 characters.
   */
  source?: string | undefined;
  /** Only leads that are archived, or only those that are not. */
  archived?: boolean | undefined;
  /** Only leads created before this moment. ISO 8601 with a time zone (`Z` or an offset). */
  createdBefore?: string | undefined;
  /** Only leads last changed before this moment. ISO 8601 with a time zone (`Z` or an offset). */
  updatedBefore?: string | undefined;
}

/** What the job does with each lead. */
export type JobKind = 'bulk_delete' | 'bulk_archive' | 'bulk_anonymize';

/** `queued` and `running` jobs go on by themselves, also after a restart of the server. `completed`: each lead has an outcome. `cancelled`, by a request, and `stopped`, because the key that asked for it may do nothing any more (`stopReason`): what was done stays done, the rest is untouched. `failed`: a fault of the server ended it, and the rest is untouched. */
export type JobStatus = 'queued' | 'running' | 'completed' | 'cancelled' | 'stopped' | 'failed';

/** The key that asked for the job was revoked, or expired. */
export type JobStopReason = 'key_revoked' | 'key_expired';

/** A person who may become a customer. */
export interface Lead {
  /**
   * The unique identifier of the lead. It never changes and is never given to another.
   * At most 64 characters.
   */
  id: string;
  /**
   * The name of the person.
   * At most 200 characters.
   */
  name: string;
  /**
   * The e-mail address, kept as it was sent.
   * At most 254 characters.
   */
  email: string;
  /**
   * The phone number, in any notation.
   * At most 50 characters.
   */
  phone: string | null;
  /**
   * Where the lead came from. Not for personal data.
   * At most 100 characters.
   */
  source: string | null;
  status: LeadStatus;
  metadata: LeadMetadata;
  /** When the lead was created. ISO 8601, UTC, milliseconds. */
  createdAt: string;
  /** When the lead was last changed. ISO 8601, UTC, milliseconds. */
  updatedAt: string;
  /**
   * The workspace that the resource belongs to: the one that the API key selects.
   * At most 64 characters.
   */
  workspaceId: string;
}

/** Any JSON object: at most 16 KiB as JSON with numbers written out, objects and arrays nested at most 8 deep. It may hold personal data, and is treated as such. */
export type LeadMetadata = Record<string, unknown>;

/** A lead with everything that hangs on it. */
export interface LeadRecord {
  lead: Lead;
  /** The status that unarchiving brings back; null where the lead is not archived, or was not given one. */
  statusBeforeArchive: LeadStatus | null;
  /**
   * The activities of the lead, in the order in which they happened.
   * At most 500 items. Default: `[]`.
   */
  activities: Activity[];
  /**
   * The campaigns that the lead is in.
   * At most 1000 items. Default: `[]`.
   */
  campaigns: {
    /**
     * The unique identifier of the campaign. It never changes and is never given to another.
     * At most 64 characters.
     */
    id: string;
    /** When the lead was enrolled. ISO 8601, UTC, milliseconds. */
    enrolledAt: string;
  }[];
}

/** Where the lead stands on its way to a customer. */
export type LeadStatus = 'new' | 'contacted' | 'qualified' | 'converted' | 'lost' | 'follow_up';

/** Where this page stands in the whole list. */
export interface Pagination {
  /** The number of this page, from 1; by cursor, its place in the walk. */
  page: number;
  /** The `limit` that was asked for. */
  limit: number;
  /** How many items match. Exact for lists that are unfiltered or filtered by `status` and `source`; with any other filter it is counted up to 5000, and 5001 stands for more. */
  total: number;
  /** `total` divided by `limit`, rounded up. */
  totalPages: number;
  /** Whether there is a page after this one. */
  hasNext: boolean;
  /** Whether there is a page before this one. */
  hasPrev: boolean;
  /** Pass it as `cursor` to get the next page; null on the last one. */
  nextCursor: string | null;
}

/** How much there is of a person, by kind; no personal data. */
export interface PersonCounts {
  /** Leads that are there. */
  leads: number;
  /** Activities of these leads. */
  activities: number;
  /** Places of these leads in campaigns. */
  campaigns: number;
  /** Backups, also of leads that are deleted. */
  backups: number;
  /** Answers that are stored for an `Idempotency-Key`. */
  storedAnswers: number;
  /** Outcomes of jobs that name one of the leads. What stays of them is `erased` in the place of the id. */
  jobOutcomes: number;
}

/** What came of one backup. */
export interface RestoreOutcome {
  /** The id, as it was sent. */
  backupId: string;
  /** The id of the lead; null where there is no such backup. */
  leadId: string | null;
  /** Restored, skipped because the lead is there, or failed. */
  outcome: 'restored' | 'skipped' | 'failed';
  /** Why it was not restored: there is no such backup; a lead with this id is there, or one with this e-mail address; the lead was erased, and its id is never given again; or the person was erased, and is kept away. */
  code?: 'BACKUP_NOT_FOUND' | 'LEAD_EXISTS' | 'EMAIL_EXISTS' | 'LEAD_ERASED' | 'SUPPRESSED';
  /** The lead that has this e-mail address; only with `EMAIL_EXISTS`. */
  existingLeadId?: string;
  /** The erasure that keeps the person away; only with `SUPPRESSED`. */
  erasureId?: string;
  /** Campaigns that the lead was in and that are gone: it is restored without them. */
  missingCampaigns?: string[];
}

/** How to rotate an API key. `{}` when left out. */
export interface RotateApiKeyRequest {
  /**
   * How long the old key stays valid, in seconds; 0 ends it at once. `86400` when left out.
   * 0 to 2592000.
   */
  overlapSeconds?: number | undefined;
}

/** `leads:read`: List, read and export leads, their activities, campaigns and backups. `leads:write`: Create, change, archive, import and restore leads, their activities and campaigns. `leads:delete`: Delete or anonymize leads for good, and delete activities and backups. `leads:force`: Delete leads that are in an active campaign. `audit:read`: Read the audit log. `keys:manage`: Create, list, rotate and revoke the API keys of the workspace. */
export type Scope = 'leads:read' | 'leads:write' | 'leads:delete' | 'leads:force' | 'audit:read' | 'keys:manage';

/** The fields to change; what is left out stays. */
export interface UpdateCampaignRequest {
  /**
   * What the campaign is called. Not for personal data.
   * At most 200 characters.
   */
  name?: string | undefined;
  status?: CampaignStatus | undefined;
}

/** The fields to change; what is left out stays. `null` clears a field that may be null. `metadata` is merged as a JSON Merge Patch (RFC 7396): key by key, at every level; an array is replaced; `null` removes the key. */
export interface UpdateLeadRequest {
  /**
   * The name of the person.
   * At most 200 characters.
   */
  name?: string | undefined;
  /**
   * The e-mail address, kept as it was sent.
   * At most 254 characters.
   */
  email?: string | undefined;
  /**
   * The phone number, in any notation.
   * At most 50 characters.
   */
  phone?: string | null | undefined;
  /**
   * Where the lead came from. Not for personal data.
   * At most 100 characters.
   */
  source?: string | null | undefined;
  status?: LeadStatus | undefined;
  metadata?: LeadMetadata | undefined;
}

/** One thing that is wrong with a request. */
export interface ValidationIssue {
  /** Where it is: `body`, `query`, `path` or `headers`, then the field. */
  location: string;
  /** What is wrong, for people. */
  message: string;
  /** What is wrong, for programs. */
  code: string;
}

/** The parameters of `client.leads.list`. */
export interface LeadsListQuery {
  /**
   * The number of the page, from 1 (the default). Not together with `cursor`.
   * 1 to 10000.
   */
  page?: number | undefined;
  /**
   * How many items a page holds.
   * 1 to 100. Default: `20`.
   */
  limit?: number | undefined;
  /** Only leads with exactly this `status`. */
  status?: LeadStatus | undefined;
  /**
   * Only leads with exactly this `source`.
   * At most 100 characters.
   */
  source?: string | undefined;
  /**
   * Only leads with this text anywhere in the name or in the e-mail address, in upper or lower case.
   * At most 254 characters.
   */
  search?: string | undefined;
  /**
   * Only leads with exactly this e-mail address, in upper or lower case.
   * At most 254 characters.
   */
  email?: string | undefined;
  /** Only leads created at this moment or later. ISO 8601 with a time zone (`Z` or an offset). */
  createdAfter?: string | undefined;
  /** Only leads created before this moment. ISO 8601 with a time zone (`Z` or an offset). */
  createdBefore?: string | undefined;
  /** Only leads that are archived, or only those that are not. */
  archived?: boolean | undefined;
  /**
   * What to sort by. Names and e-mail addresses sort without regard to upper and lower case. Equals sort by id; leads of one status by `createdAt` first.
   * Default: `createdAt`.
   */
  sortBy?: 'createdAt' | 'updatedAt' | 'name' | 'email' | 'status' | undefined;
  /**
   * Ascending or descending.
   * Default: `desc`.
   */
  sortOrder?: 'asc' | 'desc' | undefined;
  /**
   * Continues a walk: the `nextCursor` of the page before, unchanged, with the same filters. A walk by cursor neither repeats nor skips an item while others are created and deleted, and costs the same at any depth.
   * At most 2000 characters.
   */
  cursor?: string | undefined;
}

/** What `client.leads.list` returns. */
export interface LeadsListResult {
  /** The leads of this page. */
  leads: Lead[];
  pagination: Pagination;
}

/** The parameters of `client.leads.stats`. */
export interface LeadsStatsQuery {
  /** The first day of `byDay`, in UTC; 29 days before `to` when left out. */
  from?: string | undefined;
  /** The last day of `byDay`, in UTC; today when left out. */
  to?: string | undefined;
}

/** What `client.leads.stats` returns. */
export interface LeadsStatsResult {
  /** How many leads the workspace has. */
  total: number;
  /** How many leads have each status. */
  byStatus: {
    /** How many leads are `new`. */
    new: number;
    /** How many leads are `contacted`. */
    contacted: number;
    /** How many leads are `qualified`. */
    qualified: number;
    /** How many leads are `converted`. */
    converted: number;
    /** How many leads are `lost`. */
    lost: number;
    /** How many leads are `follow_up`. */
    follow_up: number;
  };
  /** How many leads came from each source, most first: the first 100. */
  bySource: ({
    /**
     * The source; null for leads without one.
     * At most 100 characters.
     */
    source: string | null;
    /** How many leads came from there. */
    count: number;
  })[];
  /** How many leads came from all other sources. */
  otherSources: number;
  /** How many leads were created on each day, first day first; days without any are left out. */
  byDay: {
    /** The day, in UTC. */
    day: string;
    /** How many leads were created on it. */
    count: number;
  }[];
}

/** The parameters of `client.leads.export`. */
export interface LeadsExportQuery {
  /**
   * `ndjson`: a lead with everything that hangs on it per line, for `leads.import`. `csv`: the fields of the leads, for spreadsheets.
   * Default: `ndjson`.
   */
  format?: 'ndjson' | 'csv' | undefined;
  /** What stands between two cells: a comma when left out. Spreadsheets expect a semicolon where numbers have a decimal comma. */
  delimiter?: 'comma' | 'semicolon' | 'tab' | undefined;
  /** Begin with a byte order mark, by which a spreadsheet knows that the file is UTF-8. */
  bom?: boolean | undefined;
  /** Whether text that a spreadsheet would take for a formula gets a leading `'`: `true` when left out. `false` is for programs. */
  formulaGuard?: boolean | undefined;
  /** Only leads with exactly this `status`. */
  status?: LeadStatus | undefined;
  /**
   * Only leads with exactly this `source`.
   * At most 100 characters.
   */
  source?: string | undefined;
  /**
   * Only leads with this text anywhere in the name or in the e-mail address, in upper or lower case.
   * At most 254 characters.
   */
  search?: string | undefined;
  /**
   * Only leads with exactly this e-mail address, in upper or lower case.
   * At most 254 characters.
   */
  email?: string | undefined;
  /** Only leads created at this moment or later. ISO 8601 with a time zone (`Z` or an offset). */
  createdAfter?: string | undefined;
  /** Only leads created before this moment. ISO 8601 with a time zone (`Z` or an offset). */
  createdBefore?: string | undefined;
  /** Only leads that are archived, or only those that are not. */
  archived?: boolean | undefined;
}

/** The parameters of `client.leads.import`. */
export interface LeadsImportQuery {
  /**
   * Only say what would come of each line; nothing is changed.
   * Default: `false`.
   */
  dryRun?: boolean | undefined;
  /**
   * Bring a lead in although another one has its e-mail address.
   * Default: `false`.
   */
  allowDuplicateEmail?: boolean | undefined;
  /** For CSV: which field a column is, where its name does not say so, as a JSON object such as `{"Mail":"email","Notes":null}`; null leaves a column out. */
  columns?: string | undefined;
  /**
   * For CSV: whether a `'` ahead of what looks like a formula is taken off again, as `leads.export` puts it there.
   * Default: `true`.
   */
  formulaGuard?: boolean | undefined;
}

/** What `client.leads.import` returns. */
export interface LeadsImportResult {
  /** How many leads were imported. */
  imported: number;
  /** How many are there already, and were left as they are. */
  skipped: number;
  /** How many were refused: lines that are wrong, leads that were erased, and those whose e-mail address is taken. */
  failed: number;
  /** What came of each line, in order; empty lines are left out. */
  outcomes: ImportOutcome[];
}

/** The parameters of `client.leads.delete`. */
export interface LeadsDeleteQuery {
  /**
   * Delete the lead although it is in an active campaign. Needs the scope `leads:force` too.
   * Default: `false`.
   */
  force?: boolean | undefined;
  /**
   * Keep a backup: it is made together with the deletion, or neither is.
   * Default: `false`.
   */
  backup?: boolean | undefined;
  /**
   * Delete the backups of the lead too, so that nothing of it is left; also where the lead itself is deleted already.
   * Default: `false`.
   */
  erase?: boolean | undefined;
  /**
   * Why, for the audit log. Not for personal data: the name, e-mail address and phone number of the lead are replaced by `[redacted]` wherever they stand in it, in any case, spacing or notation.
   * At most 500 characters.
   */
  reason?: string | undefined;
}

/** What `client.leads.delete` returns. */
export interface LeadsDeleteResult {
  /**
   * The unique identifier of the lead. It never changes and is never given to another.
   * At most 64 characters.
   */
  id: string;
  /** When the lead, or what was left of it, was deleted. ISO 8601, UTC, milliseconds. */
  deletedAt: string;
  /**
   * The backup; only with `backup=true`.
   * At most 64 characters.
   */
  backupId?: string;
}

/** What `client.leads.deletionPreview` returns. */
export interface LeadsDeletionPreviewResult {
  lead: Lead;
  /** The version of the lead, for `If-Match`. */
  etag: string;
  attached: AttachedCounts;
  /** How many backups of the lead there are. A delete keeps them, until they expire; with `erase=true` they go too. */
  backups: number;
  /** Whether nothing stands in the way. If not, a delete needs `force=true`. */
  deletable: boolean;
  /** What stands in the way: the active campaigns that the lead is in. */
  blockers: BlockingCampaign[];
  /** Proof of what you have seen, for `X-Confirmation-Token`. It stops a delete when anything of it changed. */
  confirmationToken: string;
  /** Until when the token is valid: 10 minutes. ISO 8601, UTC, milliseconds. */
  confirmationExpiresAt: string;
}

/** What `client.leads.anonymize` returns. */
export interface LeadsAnonymizeResult {
  lead: Lead;
  /** What was removed besides the fields of the lead. */
  removed: {
    /** How many activities lost their text and metadata. */
    activityTexts: number;
    /** How many backups of the lead were deleted. */
    backups: number;
  };
}

/** The operations of `client.leads`. */
export interface LeadsOperations {
  /**
   * Create a lead.
   *
   * Adds a lead to your workspace. `name` and `email` are required. Two leads may have the same e-mail address: look for it with `GET /api/v1/leads?email=…` first if you want only one. Somebody who was erased is not taken again: 409 `SUPPRESSED`.
   *
   * Needs the scope `leads:write`.
   *
   * @throws LeadsApiError with SUPPRESSED, and what any call can throw
   */
  readonly create: (body: CreateLeadRequest, options?: WriteOptions) => ApiPromise<Lead>;
  /**
   * List leads.
   *
   * Lists the leads of your workspace, filtered and sorted, a page at a time. Pages by `page` are numbered; to walk through many leads, or while leads are created and deleted, pass `nextCursor` as `cursor`. An unknown parameter is refused, so that a mistyped filter cannot select every lead.
   *
   * Needs the scope `leads:read`.
   */
  readonly list: (query?: LeadsListQuery, options?: CallOptions) => PagePromise<LeadsListResult, Lead>;
  /**
   * Count leads.
   *
   * Counts the leads of your workspace by status, by source and by the day of their creation. It costs the same however many there are.
   *
   * Needs the scope `leads:read`.
   */
  readonly stats: (query?: LeadsStatsQuery, options?: CallOptions) => ApiPromise<LeadsStatsResult>;
  /**
   * Export leads.
   *
   * Streams the leads that match the filters, in the order of their ids, however many there are: as NDJSON with everything that hangs on them, which `leads.import` reads, or as CSV with their own fields, for spreadsheets (text that a spreadsheet would take for a formula gets a leading `'`). A lead that is there from the beginning to the end of the export is in it exactly once. NDJSON ends with the line `{"export":{"leads":2}}`, which says how many leads stand before it, and both formats with the HTTP trailer `X-Export-Leads`: what comes without is not complete. No `fetch` shows trailers: through it, and so through the TypeScript client, only NDJSON tells whether it is complete.
   *
   * Needs the scope `leads:read`.
   */
  readonly export: (query?: LeadsExportQuery, options?: CallOptions) => ApiPromise<ReadableStream<Uint8Array>>;
  /**
   * Export a lead.
   *
   * Reads one lead with everything that hangs on it: a line of `leads.export`, in the envelope.
   *
   * Needs the scope `leads:read`.
   *
   * @throws LeadsApiError with LEAD_NOT_FOUND, and what any call can throw
   */
  readonly exportOne: (leadId: string, options?: CallOptions) => ApiPromise<LeadRecord>;
  /**
   * Import leads.
   *
   * Brings in up to 10,000 leads, or 16 MiB, as `leads.export` writes them, with the ids and times that they have, and says what came of each line. A lead that exists is left as it is, one that was erased stays away, and whoever was, and so does one whose e-mail address another lead of the workspace has, unless `allowDuplicateEmail=true`; leads of the same import may have one in common. A line that is wrong does not hold up the others. The leads come into your workspace, wherever they were exported. Moments may have any time zone, and must not be more than 5 minutes in the future.
   *
   * A CSV file (`text/csv`) names its columns in its first line: the fields of a lead, in upper or lower case, with or without spaces and hyphens. It is UTF-8, or UTF-16 with a byte order mark, with a comma, a semicolon or a tab between the cells. A row without `id` is a new lead; an empty cell is none; a column `error` is left out, so that a file of refused rows can be mended and sent again.
   *
   * Needs the scope `leads:write`.
   */
  readonly import: (body: string, options?: WriteOptions & { readonly query?: LeadsImportQuery }) => ApiPromise<LeadsImportResult>;
  /**
   * Delete many leads.
   *
   * Permanently removes many leads, with everything that hangs on them. Each is deleted as `leads.delete` does it, or not at all.
   *
   * **By ids**: up to 1,000, done at once, with an outcome for each in the order of the request. With `atomic: true` all or none.
   *
   * **By filter**: up to 500,000 leads, in two steps. `dryRun: true` changes nothing: it counts, shows a sample and what stands in the way, and gives a token. The same filter with that token as `planToken` does it, as a job (202), to exactly the leads of the dry run: if one came, went or changed in between, nothing is done (409). A lead that changes while the job runs is left as it is. A workspace may have 20 jobs that have not ended.
   *
   * Needs the scope `leads:delete`.
   *
   * @throws LeadsApiError with PLAN_TOKEN_INVALID, PLAN_DRIFTED, BULK_REFUSED, JOB_LIMIT_REACHED, and what any call can throw
   */
  readonly bulkDelete: (body: BulkDeleteRequest, options?: WriteOptions) => ApiPromise<BulkOutcomes | BulkPlan | Job>;
  /**
   * Archive many leads.
   *
   * Archives many leads, each as `leads.archive` does it.
   *
   * **By ids**: up to 1,000, done at once, with an outcome for each in the order of the request. With `atomic: true` all or none.
   *
   * **By filter**: up to 500,000 leads, in two steps. `dryRun: true` changes nothing: it counts, shows a sample and what stands in the way, and gives a token. The same filter with that token as `planToken` does it, as a job (202), to exactly the leads of the dry run: if one came, went or changed in between, nothing is done (409). A lead that changes while the job runs is left as it is. A workspace may have 20 jobs that have not ended.
   *
   * Needs the scope `leads:write`.
   *
   * @throws LeadsApiError with PLAN_TOKEN_INVALID, PLAN_DRIFTED, BULK_REFUSED, JOB_LIMIT_REACHED, and what any call can throw
   */
  readonly bulkArchive: (body: BulkArchiveRequest, options?: WriteOptions) => ApiPromise<BulkOutcomes | BulkPlan | Job>;
  /**
   * Anonymize many leads.
   *
   * Anonymizes many leads, each as `leads.anonymize` does it. This action cannot be undone.
   *
   * **By ids**: up to 1,000, done at once, with an outcome for each in the order of the request. With `atomic: true` all or none.
   *
   * **By filter**: up to 500,000 leads, in two steps. `dryRun: true` changes nothing: it counts, shows a sample and what stands in the way, and gives a token. The same filter with that token as `planToken` does it, as a job (202), to exactly the leads of the dry run: if one came, went or changed in between, nothing is done (409). A lead that changes while the job runs is left as it is. A workspace may have 20 jobs that have not ended.
   *
   * Needs the scope `leads:delete`.
   *
   * @throws LeadsApiError with PLAN_TOKEN_INVALID, PLAN_DRIFTED, BULK_REFUSED, JOB_LIMIT_REACHED, and what any call can throw
   */
  readonly bulkAnonymize: (body: BulkAnonymizeRequest, options?: WriteOptions) => ApiPromise<BulkOutcomes | BulkPlan | Job>;
  /**
   * Get a lead.
   *
   * Reads one lead of your workspace.
   *
   * Needs the scope `leads:read`.
   *
   * @throws LeadsApiError with LEAD_NOT_FOUND, and what any call can throw
   */
  readonly get: (leadId: string, options?: CallOptions) => ApiPromise<Lead>;
  /**
   * Update a lead.
   *
   * Changes the fields that are sent and leaves the others as they are. `metadata` is merged key by key; `null` clears a field that may be null, or a key of the metadata. `id`, `createdAt` and `workspaceId` never change.
   *
   * Needs the scope `leads:write`.
   *
   * @throws LeadsApiError with LEAD_NOT_FOUND, SUPPRESSED, PRECONDITION_FAILED, and what any call can throw
   */
  readonly update: (leadId: string, body: UpdateLeadRequest, options?: GuardedWriteOptions) => ApiPromise<Lead>;
  /**
   * Delete a lead.
   *
   * Permanently removes a lead from your workspace. This action cannot be undone: the lead and all associated data are deleted, it cannot be retrieved afterwards, and its id is never used again. A lead that is unknown, already deleted or in another workspace gets the same 404; but with `erase=true` the backups that are left of a deleted lead are erased, and the answer is a success.
   *
   * Guards, each optional, and all checked in the transaction that deletes: `If-Match` (the lead is the version that you have seen), `X-Confirmation-Token` (the lead and what hangs on it are as in the preview), `backup=true` (a backup is made with it), `Idempotency-Key` (a repeated request gets the first answer). A lead in an active campaign is not deleted without `force=true`.
   *
   * Needs the scope `leads:delete`.
   *
   * @throws LeadsApiError with CONFIRMATION_TOKEN_INVALID, LEAD_NOT_FOUND, LEAD_IN_USE, CONFIRMATION_STALE, PRECONDITION_FAILED, and what any call can throw
   */
  readonly delete: (leadId: string, query?: LeadsDeleteQuery, options?: ConfirmedWriteOptions) => ApiPromise<LeadsDeleteResult>;
  /**
   * Preview a deletion.
   *
   * Shows who would be deleted, what would go with the lead and what stands in the way, and gives a token for `X-Confirmation-Token`: valid for 10 minutes, and only as long as everything is as it is shown here.
   *
   * Needs the scope `leads:read`.
   *
   * @throws LeadsApiError with LEAD_NOT_FOUND, and what any call can throw
   */
  readonly deletionPreview: (leadId: string, options?: CallOptions) => ApiPromise<LeadsDeletionPreviewResult>;
  /**
   * Archive a lead.
   *
   * Sets the status to `lost` and writes `archived: true`, `archived_at` and `archived_reason` into the metadata, as an update with these fields would. The lead and its personal data stay. A lead that is archived already stays as it is.
   *
   * Needs the scope `leads:write`.
   *
   * @throws LeadsApiError with LEAD_NOT_FOUND, PRECONDITION_FAILED, and what any call can throw
   */
  readonly archive: (leadId: string, body?: ArchiveLeadRequest, options?: GuardedWriteOptions) => ApiPromise<Lead>;
  /**
   * Unarchive a lead.
   *
   * Takes `archived`, `archived_at` and `archived_reason` out of the metadata and brings back the status that the lead had before, unless it was given another one since. A lead that is not archived stays as it is.
   *
   * Needs the scope `leads:write`.
   *
   * @throws LeadsApiError with LEAD_NOT_FOUND, PRECONDITION_FAILED, and what any call can throw
   */
  readonly unarchive: (leadId: string, options?: GuardedWriteOptions) => ApiPromise<Lead>;
  /**
   * Anonymize a lead.
   *
   * Removes the person and keeps the numbers. Name, e-mail address, phone number, the texts and metadata of the activities, the backups, and every metadata key that is not named in `keepMetadata` are gone for good; `archived` and `archived_at` stay. Id, status, source, times, campaigns and all counts stay as they are. This action cannot be undone.
   *
   * Needs the scope `leads:delete`.
   *
   * @throws LeadsApiError with LEAD_NOT_FOUND, PRECONDITION_FAILED, and what any call can throw
   */
  readonly anonymize: (leadId: string, body?: AnonymizeLeadRequest, options?: GuardedWriteOptions) => ApiPromise<LeadsAnonymizeResult>;
}

/** The parameters of `client.activities.list`. */
export interface ActivitiesListQuery {
  /**
   * How many items a page holds.
   * 1 to 100. Default: `20`.
   */
  limit?: number | undefined;
  /**
   * Continues a walk: the `nextCursor` of the page before, unchanged, with the same filters. A walk by cursor neither repeats nor skips an item while others are created and deleted, and costs the same at any depth.
   * At most 2000 characters.
   */
  cursor?: string | undefined;
}

/** What `client.activities.list` returns. */
export interface ActivitiesListResult {
  /** The activities of this page. */
  activities: Activity[];
  pagination: CursorPagination;
}

/** What `client.activities.delete` returns. */
export interface ActivitiesDeleteResult {
  /**
   * The unique identifier of the activity. It never changes and is never given to another.
   * At most 64 characters.
   */
  id: string;
  /** When the activity was deleted. ISO 8601, UTC, milliseconds. */
  deletedAt: string;
}

/** The operations of `client.activities`. */
export interface ActivitiesOperations {
  /**
   * Add an activity.
   *
   * Writes down what happened with a lead: a note, a call, an e-mail, a chat or a meeting. A lead has at most 500 activities, which have at most 12 MiB of JSON together. They go when the lead is deleted.
   *
   * Needs the scope `leads:write`.
   *
   * @throws LeadsApiError with LEAD_NOT_FOUND, ACTIVITY_LIMIT_REACHED, LEAD_TOO_LARGE, and what any call can throw
   */
  readonly create: (leadId: string, body: CreateActivityRequest, options?: WriteOptions) => ApiPromise<Activity>;
  /**
   * List activities.
   *
   * Lists what happened with a lead, latest first, a page at a time.
   *
   * Needs the scope `leads:read`.
   *
   * @throws LeadsApiError with LEAD_NOT_FOUND, and what any call can throw
   */
  readonly list: (leadId: string, query?: ActivitiesListQuery, options?: CallOptions) => PagePromise<ActivitiesListResult, Activity>;
  /**
   * Get an activity.
   *
   * Reads one activity of a lead.
   *
   * Needs the scope `leads:read`.
   *
   * @throws LeadsApiError with ACTIVITY_NOT_FOUND, and what any call can throw
   */
  readonly get: (leadId: string, activityId: string, options?: CallOptions) => ApiPromise<Activity>;
  /**
   * Delete an activity.
   *
   * Permanently removes one activity of a lead. It stands in the audit log, without its text.
   *
   * Needs the scope `leads:delete`.
   *
   * @throws LeadsApiError with ACTIVITY_NOT_FOUND, and what any call can throw
   */
  readonly delete: (leadId: string, activityId: string, options?: WriteOptions) => ApiPromise<ActivitiesDeleteResult>;
}

/** The parameters of `client.campaigns.list`. */
export interface CampaignsListQuery {
  /** Only campaigns with this status. */
  status?: CampaignStatus | undefined;
  /**
   * Only campaigns that this lead is in.
   * At most 64 characters.
   */
  leadId?: string | undefined;
  /**
   * How many items a page holds.
   * 1 to 100. Default: `20`.
   */
  limit?: number | undefined;
  /**
   * Continues a walk: the `nextCursor` of the page before, unchanged, with the same filters. A walk by cursor neither repeats nor skips an item while others are created and deleted, and costs the same at any depth.
   * At most 2000 characters.
   */
  cursor?: string | undefined;
}

/** What `client.campaigns.list` returns. */
export interface CampaignsListResult {
  /** The campaigns of this page. */
  campaigns: Campaign[];
  pagination: CursorPagination;
}

/** What `client.campaigns.delete` returns. */
export interface CampaignsDeleteResult {
  /**
   * The unique identifier of the campaign. It never changes and is never given to another.
   * At most 64 characters.
   */
  id: string;
  /** When the campaign was deleted. ISO 8601, UTC, milliseconds. */
  deletedAt: string;
}

/** The parameters of `client.campaigns.listLeads`. */
export interface CampaignsListLeadsQuery {
  /**
   * How many items a page holds.
   * 1 to 100. Default: `20`.
   */
  limit?: number | undefined;
  /**
   * Continues a walk: the `nextCursor` of the page before, unchanged, with the same filters. A walk by cursor neither repeats nor skips an item while others are created and deleted, and costs the same at any depth.
   * At most 2000 characters.
   */
  cursor?: string | undefined;
}

/** What `client.campaigns.listLeads` returns. */
export interface CampaignsListLeadsResult {
  /** The leads of this page. */
  enrollments: Enrollment[];
  pagination: CursorPagination;
}

/** What `client.campaigns.enroll` returns. */
export interface CampaignsEnrollResult {
  /** What came of each lead, in the order of the request. */
  outcomes: ({
    /** The id, as it was sent. */
    leadId: string;
    /** Enrolled now, enrolled before, or no lead of this workspace. */
    outcome: 'enrolled' | 'already_enrolled' | 'not_found';
  })[];
}

/** What `client.campaigns.remove` returns. */
export interface CampaignsRemoveResult {
  /** What came of each lead, in the order of the request. */
  outcomes: ({
    /** The id, as it was sent. */
    leadId: string;
    /** Removed now, or not in the campaign. */
    outcome: 'removed' | 'not_enrolled';
  })[];
}

/** What `client.campaigns.removeLead` returns. */
export interface CampaignsRemoveLeadResult {
  /** The campaign. */
  campaignId: string;
  /** The lead. */
  leadId: string;
  /** Whether the lead was in the campaign until now. */
  removed: boolean;
}

/** The operations of `client.campaigns`. */
export interface CampaignsOperations {
  /**
   * Create a campaign.
   *
   * Adds a campaign, without leads. A workspace has at most 1,000 of them.
   *
   * Needs the scope `leads:write`.
   *
   * @throws LeadsApiError with CAMPAIGN_LIMIT_REACHED, and what any call can throw
   */
  readonly create: (body: CreateCampaignRequest, options?: WriteOptions) => ApiPromise<Campaign>;
  /**
   * List campaigns.
   *
   * Lists the campaigns of your workspace, newest first, a page at a time.
   *
   * Needs the scope `leads:read`.
   */
  readonly list: (query?: CampaignsListQuery, options?: CallOptions) => PagePromise<CampaignsListResult, Campaign>;
  /**
   * Get a campaign.
   *
   * Reads one campaign.
   *
   * Needs the scope `leads:read`.
   *
   * @throws LeadsApiError with CAMPAIGN_NOT_FOUND, and what any call can throw
   */
  readonly get: (campaignId: string, options?: CallOptions) => ApiPromise<Campaign>;
  /**
   * Update a campaign.
   *
   * Changes the fields that are sent. While a campaign is `active`, its leads are not deleted without `force=true`.
   *
   * Needs the scope `leads:write`.
   *
   * @throws LeadsApiError with CAMPAIGN_NOT_FOUND, and what any call can throw
   */
  readonly update: (campaignId: string, body: UpdateCampaignRequest, options?: WriteOptions) => ApiPromise<Campaign>;
  /**
   * Delete a campaign.
   *
   * Permanently removes a campaign that is not active. Its leads stay, and are no longer in it.
   *
   * Needs the scope `leads:write`.
   *
   * @throws LeadsApiError with CAMPAIGN_NOT_FOUND, CAMPAIGN_ACTIVE, and what any call can throw
   */
  readonly delete: (campaignId: string, options?: WriteOptions) => ApiPromise<CampaignsDeleteResult>;
  /**
   * List the leads of a campaign.
   *
   * Lists which leads are in a campaign, by id, a page at a time.
   *
   * Needs the scope `leads:read`.
   *
   * @throws LeadsApiError with CAMPAIGN_NOT_FOUND, and what any call can throw
   */
  readonly listLeads: (campaignId: string, query?: CampaignsListLeadsQuery, options?: CallOptions) => PagePromise<CampaignsListLeadsResult, Enrollment>;
  /**
   * Enroll many leads.
   *
   * Enrolls up to 1,000 leads at once, and says what came of each.
   *
   * Needs the scope `leads:write`.
   *
   * @throws LeadsApiError with CAMPAIGN_NOT_FOUND, and what any call can throw
   */
  readonly enroll: (campaignId: string, body: CampaignLeadsRequest, options?: WriteOptions) => ApiPromise<CampaignsEnrollResult>;
  /**
   * Remove many leads.
   *
   * Takes up to 1,000 leads out of a campaign at once, and says what came of each. The leads stay.
   *
   * Needs the scope `leads:write`.
   *
   * @throws LeadsApiError with CAMPAIGN_NOT_FOUND, and what any call can throw
   */
  readonly remove: (campaignId: string, body: CampaignLeadsRequest, options?: WriteOptions) => ApiPromise<CampaignsRemoveResult>;
  /**
   * Enroll a lead.
   *
   * Puts one lead into a campaign. A lead that is in it already stays as it is, and gets the same answer.
   *
   * Needs the scope `leads:write`.
   *
   * @throws LeadsApiError with CAMPAIGN_NOT_FOUND, LEAD_NOT_FOUND, and what any call can throw
   */
  readonly enrollLead: (campaignId: string, leadId: string, options?: WriteOptions) => ApiPromise<Enrollment>;
  /**
   * Remove a lead.
   *
   * Takes one lead out of a campaign. The lead stays.
   *
   * Needs the scope `leads:write`.
   *
   * @throws LeadsApiError with CAMPAIGN_NOT_FOUND, and what any call can throw
   */
  readonly removeLead: (campaignId: string, leadId: string, options?: WriteOptions) => ApiPromise<CampaignsRemoveLeadResult>;
}

/** The parameters of `client.backups.list`. */
export interface BackupsListQuery {
  /**
   * Only backups of this lead.
   * At most 64 characters.
   */
  leadId?: string | undefined;
  /**
   * How many items a page holds.
   * 1 to 100. Default: `20`.
   */
  limit?: number | undefined;
  /**
   * Continues a walk: the `nextCursor` of the page before, unchanged, with the same filters. A walk by cursor neither repeats nor skips an item while others are created and deleted, and costs the same at any depth.
   * At most 2000 characters.
   */
  cursor?: string | undefined;
}

/** What `client.backups.list` returns. */
export interface BackupsListResult {
  /** The backups of this page. */
  backups: Backup[];
  pagination: CursorPagination;
}

/** What `client.backups.get` returns. */
export interface BackupsGetResult {
  backup: Backup;
  content: LeadRecord;
}

/** The parameters of `client.backups.restore`. */
export interface BackupsRestoreQuery {
  /**
   * Bring a lead in although another one has its e-mail address.
   * Default: `false`.
   */
  allowDuplicateEmail?: boolean | undefined;
}

/** What `client.backups.restore` returns. */
export interface BackupsRestoreResult {
  lead: Lead;
  restored: AttachedCounts;
  /** Campaigns that the lead was in and that are gone: it is restored without them. */
  missingCampaigns: string[];
}

/** The parameters of `client.backups.bulkRestore`. */
export interface BackupsBulkRestoreQuery {
  /**
   * Bring a lead in although another one has its e-mail address.
   * Default: `false`.
   */
  allowDuplicateEmail?: boolean | undefined;
}

/** What `client.backups.bulkRestore` returns. */
export interface BackupsBulkRestoreResult {
  /** How many leads were restored. */
  restored: number;
  /** How many are there already, and were left as they are. */
  skipped: number;
  /** How many were refused, for the reason in their outcome. */
  failed: number;
  /** What came of each backup, in the order of the request. */
  outcomes: RestoreOutcome[];
}

/** What `client.backups.delete` returns. */
export interface BackupsDeleteResult {
  /**
   * The unique identifier of the backup. It never changes and is never given to another.
   * At most 64 characters.
   */
  id: string;
  /** When the backup was deleted. ISO 8601, UTC, milliseconds. */
  deletedAt: string;
}

/** The operations of `client.backups`. */
export interface BackupsOperations {
  /**
   * Back up a lead.
   *
   * Keeps a copy of a lead with everything that hangs on it, for 30 days unless the server is set otherwise. To back up and delete in one, send `backup=true` with the delete.
   *
   * Needs the scope `leads:write`.
   *
   * @throws LeadsApiError with LEAD_NOT_FOUND, and what any call can throw
   */
  readonly create: (leadId: string, options?: WriteOptions) => ApiPromise<Backup>;
  /**
   * List backups.
   *
   * Lists the backups of your workspace, newest first, without their content, a page at a time.
   *
   * Needs the scope `leads:read`.
   */
  readonly list: (query?: BackupsListQuery, options?: CallOptions) => PagePromise<BackupsListResult, Backup>;
  /**
   * Get a backup.
   *
   * Reads a backup with its content.
   *
   * Needs the scope `leads:read`.
   *
   * @throws LeadsApiError with BACKUP_NOT_FOUND, and what any call can throw
   */
  readonly get: (backupId: string, options?: CallOptions) => ApiPromise<BackupsGetResult>;
  /**
   * Restore a backup.
   *
   * Brings the lead back: same id, same data, same activities and campaigns. Only where no lead has that id now, and none its e-mail address, unless `allowDuplicateEmail=true`. The backup stays until it expires.
   *
   * Needs the scope `leads:write`.
   *
   * @throws LeadsApiError with BACKUP_NOT_FOUND, LEAD_EXISTS, EMAIL_EXISTS, LEAD_ERASED, SUPPRESSED, and what any call can throw
   */
  readonly restore: (backupId: string, query?: BackupsRestoreQuery, options?: WriteOptions) => ApiPromise<BackupsRestoreResult>;
  /**
   * Restore many backups.
   *
   * Brings back the leads of up to 1,000 backups at once, each as `backups.restore` does, and says what came of each; one that is refused holds up no other. So a deletion of many is undone in one request: its outcomes name the backups. Leads of the same request may have an e-mail address in common.
   *
   * Needs the scope `leads:write`.
   */
  readonly bulkRestore: (body: BulkRestoreRequest, options?: WriteOptions & { readonly query?: BackupsBulkRestoreQuery }) => ApiPromise<BackupsBulkRestoreResult>;
  /**
   * Delete a backup.
   *
   * Permanently removes a backup before it expires. If its lead is deleted, nothing can bring it back then.
   *
   * Needs the scope `leads:delete`.
   *
   * @throws LeadsApiError with BACKUP_NOT_FOUND, and what any call can throw
   */
  readonly delete: (backupId: string, options?: WriteOptions) => ApiPromise<BackupsDeleteResult>;
}

/** The parameters of `client.jobs.list`. */
export interface JobsListQuery {
  /**
   * How many items a page holds.
   * 1 to 100. Default: `20`.
   */
  limit?: number | undefined;
  /**
   * Continues a walk: the `nextCursor` of the page before, unchanged, with the same filters. A walk by cursor neither repeats nor skips an item while others are created and deleted, and costs the same at any depth.
   * At most 2000 characters.
   */
  cursor?: string | undefined;
}

/** What `client.jobs.list` returns. */
export interface JobsListResult {
  /** The jobs of this page. */
  jobs: Job[];
  pagination: CursorPagination;
}

/** The parameters of `client.jobs.listOutcomes`. */
export interface JobsListOutcomesQuery {
  /** Only leads with this outcome. */
  outcome?: 'deleted' | 'archived' | 'anonymized' | 'skipped' | 'failed' | undefined;
  /**
   * How many items a page holds.
   * 1 to 1000. Default: `20`.
   */
  limit?: number | undefined;
  /**
   * Continues a walk: the `nextCursor` of the page before, unchanged, with the same filters. A walk by cursor neither repeats nor skips an item while others are created and deleted, and costs the same at any depth.
   * At most 2000 characters.
   */
  cursor?: string | undefined;
}

/** What `client.jobs.listOutcomes` returns. */
export interface JobsListOutcomesResult {
  /** What came of each lead of this page. */
  outcomes: BulkOutcome[];
  pagination: CursorPagination;
}

/** The operations of `client.jobs`. */
export interface JobsOperations {
  /**
   * List jobs.
   *
   * Lists the jobs of your workspace, newest first, a page at a time. A job can be read for 30 days after its end.
   *
   * Needs the scope `leads:read`.
   */
  readonly list: (query?: JobsListQuery, options?: CallOptions) => PagePromise<JobsListResult, Job>;
  /**
   * Get a job.
   *
   * Reads how far a job is. A job goes on for as long as the key that asked for it may be used: revoked or expired, it stops within 5 seconds.
   *
   * Needs the scope `leads:read`.
   *
   * @throws LeadsApiError with JOB_NOT_FOUND, and what any call can throw
   */
  readonly get: (jobId: string, options?: CallOptions) => ApiPromise<Job>;
  /**
   * List the outcomes of a job.
   *
   * Lists what came of each lead so far, in the order in which the job takes them, a page at a time.
   *
   * Needs the scope `leads:read`.
   *
   * @throws LeadsApiError with JOB_NOT_FOUND, and what any call can throw
   */
  readonly listOutcomes: (jobId: string, query?: JobsListOutcomesQuery, options?: CallOptions) => PagePromise<JobsListOutcomesResult, BulkOutcome>;
  /**
   * Cancel a job.
   *
   * Stops a job. What was done stays done, and has its outcome; no other lead is touched any more once this is answered.
   *
   * Needs the scope `leads:delete`.
   *
   * @throws LeadsApiError with JOB_NOT_FOUND, JOB_FINISHED, and what any call can throw
   */
  readonly cancel: (jobId: string, options?: WriteOptions) => ApiPromise<Job>;
}

/** The operations of `client.deletions`. */
export interface DeletionsOperations {
  /**
   * Get a deletion receipt.
   *
   * Reads what proves that a lead was deleted: when, by which key, why, and what went with it. Without personal data, and for good.
   *
   * Needs the scope `leads:read`.
   *
   * @throws LeadsApiError with DELETION_NOT_FOUND, and what any call can throw
   */
  readonly get: (leadId: string, options?: CallOptions) => ApiPromise<DeletionReceipt>;
}

/** What `client.erasures.liftSuppression` returns. */
export interface ErasuresLiftSuppressionResult {
  /**
   * The unique identifier of the erasure. It never changes and is never given to another.
   * At most 64 characters.
   */
  id: string;
  /** When it was lifted. ISO 8601, UTC, milliseconds. */
  liftedAt: string;
}

/** The operations of `client.erasures`. */
export interface ErasuresOperations {
  /**
   * Erase a person.
   *
   * Erases all that is left of a person: the leads with what hangs on them, backups of leads that are there or deleted already, stored answers, and what jobs tell of them. At most 1,000 leads at once. In two steps: `dryRun: true` changes nothing, counts what there is, and gives a token. The same person with that token as `planToken` is erased, in one transaction. This action cannot be undone.
   *
   * From then on whoever has the e-mail address of one of these leads, or the address or number that was sent, is kept away: creating, changing, importing or restoring such a lead is refused with `SUPPRESSED`, until the suppression is lifted. For that a keyed hash is kept, and not the address.
   *
   * Needs the scope `leads:delete`.
   *
   * @throws LeadsApiError with PLAN_TOKEN_INVALID, LEAD_NOT_FOUND, LEAD_IN_USE, PLAN_DRIFTED, ERASURE_TOO_LARGE, and what any call can throw
   */
  readonly create: (body: CreateErasureRequest, options?: WriteOptions) => ApiPromise<ErasureDone | ErasurePlan>;
  /**
   * Get an erasure.
   *
   * Reads what proves that a person was erased: what went, when, and by which key. Without personal data, and for good.
   *
   * Needs the scope `leads:read`.
   *
   * @throws LeadsApiError with ERASURE_NOT_FOUND, and what any call can throw
   */
  readonly get: (erasureId: string, options?: CallOptions) => ApiPromise<Erasure>;
  /**
   * Lift a suppression.
   *
   * Lets the person of an erasure in again. Another erasure of the same person goes on to keep the person away.
   *
   * Needs the scope `leads:delete`.
   *
   * @throws LeadsApiError with SUPPRESSION_NOT_FOUND, and what any call can throw
   */
  readonly liftSuppression: (erasureId: string, options?: WriteOptions) => ApiPromise<ErasuresLiftSuppressionResult>;
}

/** The parameters of `client.auditLog.list`. */
export interface AuditLogListQuery {
  /** Only entries with this action. */
  action?: AuditAction | undefined;
  /**
   * Only entries about this lead.
   * At most 64 characters.
   */
  leadId?: string | undefined;
  /**
   * Only entries of this API key.
   * At most 64 characters.
   */
  keyId?: string | undefined;
  /** Only entries of this moment or later. ISO 8601 with a time zone (`Z` or an offset). */
  from?: string | undefined;
  /** Only entries before this moment. ISO 8601 with a time zone (`Z` or an offset). */
  to?: string | undefined;
  /**
   * How many items a page holds.
   * 1 to 100. Default: `20`.
   */
  limit?: number | undefined;
  /**
   * Continues a walk: the `nextCursor` of the page before, unchanged, with the same filters. A walk by cursor neither repeats nor skips an item while others are created and deleted, and costs the same at any depth.
   * At most 2000 characters.
   */
  cursor?: string | undefined;
}

/** What `client.auditLog.list` returns. */
export interface AuditLogListResult {
  /** The entries of this page. */
  entries: AuditEntry[];
  pagination: CursorPagination;
}

/** The operations of `client.auditLog`. */
export interface AuditLogOperations {
  /**
   * Read the audit log.
   *
   * Lists who did what to which lead, latest first, a page at a time. Entries are only ever added, and each holds the hash of the one before it in its chain, so that `npx leads-audit verify` on the server finds one that was changed or taken away. It holds no personal data.
   *
   * Needs the scope `audit:read`.
   */
  readonly list: (query?: AuditLogListQuery, options?: CallOptions) => PagePromise<AuditLogListResult, AuditEntry>;
}

/** The parameters of `client.apiKeys.list`. */
export interface ApiKeysListQuery {
  /**
   * How many items a page holds.
   * 1 to 100. Default: `20`.
   */
  limit?: number | undefined;
  /**
   * Continues a walk: the `nextCursor` of the page before, unchanged, with the same filters. A walk by cursor neither repeats nor skips an item while others are created and deleted, and costs the same at any depth.
   * At most 2000 characters.
   */
  cursor?: string | undefined;
}

/** What `client.apiKeys.list` returns. */
export interface ApiKeysListResult {
  /** The keys of this page, newest first. */
  apiKeys: ApiKey[];
  pagination: CursorPagination;
}

/** What `client.apiKeys.revoke` returns. */
export interface ApiKeysRevokeResult {
  /**
   * The unique identifier of the API key. It never changes and is never given to another.
   * At most 64 characters.
   */
  id: string;
  /** When the key was revoked. ISO 8601, UTC, milliseconds. */
  revokedAt: string;
}

/** The operations of `client.apiKeys`. */
export interface ApiKeysOperations {
  /**
   * Create an API key.
   *
   * Creates a key for your workspace. The secret is in this answer and never again. A key can only be given scopes that your own key has.
   *
   * Needs the scope `keys:manage`.
   *
   * @throws LeadsApiError with API_KEY_LIMIT_REACHED, and what any call can throw
   */
  readonly create: (body: CreateApiKeyRequest, options?: WriteOptions) => ApiPromise<ApiKeyWithSecret>;
  /**
   * List API keys.
   *
   * Lists the keys of your workspace, newest first, without their secrets; expired and revoked ones included.
   *
   * Needs the scope `keys:manage`.
   */
  readonly list: (query?: ApiKeysListQuery, options?: CallOptions) => PagePromise<ApiKeysListResult, ApiKey>;
  /**
   * Rotate an API key.
   *
   * Creates a key with the same name, scopes and expiry, and lets the old one work on for `overlapSeconds`, so that nothing fails while you replace it. Your own key needs every scope of the key.
   *
   * Needs the scope `keys:manage`.
   *
   * @throws LeadsApiError with API_KEY_NOT_FOUND, API_KEY_NOT_ACTIVE, API_KEY_LIMIT_REACHED, and what any call can throw
   */
  readonly rotate: (keyId: string, body?: RotateApiKeyRequest, options?: WriteOptions) => ApiPromise<ApiKeyWithSecret>;
  /**
   * Revoke an API key.
   *
   * Ends a key: at once on the server that answers, within 5 seconds on every other. Revoking it again changes nothing and gets the same answer.
   *
   * Needs the scope `keys:manage`.
   *
   * @throws LeadsApiError with API_KEY_NOT_FOUND, and what any call can throw
   */
  readonly revoke: (keyId: string, options?: WriteOptions) => ApiPromise<ApiKeysRevokeResult>;
}

/** The codes of the API's errors, and what `details` holds for each. */
export interface ErrorDetailsByCode {
  /**
   * 400: Invalid request.
   *
   * Correct every field in `details.issues` and send the request again. Nothing was changed.
   */
  VALIDATION_ERROR: {
    /** Everything that is wrong with the request, not only the first. */
    issues: ValidationIssue[];
  };
  /**
   * 400: The request body is not valid JSON.
   *
   * Send a body that parses as JSON, in UTF-8.
   */
  INVALID_JSON: undefined;
  /**
   * 400: The request could not be read as HTTP.
   *
   * Use an HTTP client library.
   */
  BAD_REQUEST: undefined;
  /**
   * 400: The confirmation token is not valid.
   *
   * Nothing was deleted. Get a new preview of this lead, and send its token within 10 minutes.
   */
  CONFIRMATION_TOKEN_INVALID: {
    /** It is no token of this server, is over 10 minutes old, or is for another lead. */
    reason: 'unreadable' | 'expired' | 'other_lead';
  };
  /**
   * 400: The plan token is not valid.
   *
   * Nothing was done. Make a new dry run, and send its token within 10 minutes with the same filter.
   */
  PLAN_TOKEN_INVALID: {
    /** It is no token of this server, is over 10 minutes old, or is for another operation or filter. */
    reason: 'unreadable' | 'expired' | 'other_plan';
  };
  /**
   * 401: Missing authorization header.
   *
   * Send `Authorization: Bearer <key>`.
   */
  MISSING_AUTH_HEADER: undefined;
  /**
   * 401: Invalid API key.
   *
   * Use a valid key, or have one made by whoever has the scope `keys:manage`.
   */
  INVALID_API_KEY: undefined;
  /**
   * 401: Malformed authorization header. Expected format: Bearer <token>.
   *
   * Send the key as `Authorization: Bearer <key>`, with one space and nothing else.
   */
  MALFORMED_AUTH_HEADER: undefined;
  /**
   * 403: The API key lacks a required scope.
   *
   * Use a key that has the scopes in `details.requiredScopes`.
   */
  INSUFFICIENT_SCOPE: {
    /** The scopes that the request needs. */
    requiredScopes: string[];
    /** The scopes that the key has. */
    grantedScopes: string[];
  };
  /**
   * 404: Lead not found.
   *
   * Check the id, and whose key it is. After a delete, treat it as done.
   */
  LEAD_NOT_FOUND: {
    /** The id that was asked for. */
    leadId: string;
    /** What was looked for, and where. */
    message: string;
  };
  /**
   * 404: API key not found.
   *
   * List the keys of your workspace and use one of their ids.
   */
  API_KEY_NOT_FOUND: {
    /** The id that was asked for. */
    keyId: string;
    /** What was looked for, and where. */
    message: string;
  };
  /**
   * 404: Activity not found.
   *
   * List the activities of the lead and use one of their ids.
   */
  ACTIVITY_NOT_FOUND: {
    /** The id that was asked for. */
    activityId: string;
    /** What was looked for, and where. */
    message: string;
  };
  /**
   * 404: Campaign not found.
   *
   * List the campaigns of your workspace and use one of their ids.
   */
  CAMPAIGN_NOT_FOUND: {
    /** The id that was asked for. */
    campaignId: string;
    /** What was looked for, and where. */
    message: string;
  };
  /**
   * 404: Backup not found.
   *
   * List the backups of your workspace: another may hold the same lead.
   */
  BACKUP_NOT_FOUND: {
    /** The id that was asked for. */
    backupId: string;
    /** What was looked for, and where. */
    message: string;
  };
  /**
   * 404: Job not found.
   *
   * List the jobs of your workspace and use one of their ids.
   */
  JOB_NOT_FOUND: {
    /** The id that was asked for. */
    jobId: string;
    /** What was looked for, and where. */
    message: string;
  };
  /**
   * 404: Deletion not found.
   *
   * Check the id, and read the lead.
   */
  DELETION_NOT_FOUND: {
    /** The id that was asked for. */
    leadId: string;
    /** What was looked for, and where. */
    message: string;
  };
  /**
   * 404: Erasure not found.
   *
   * Use the id that the erasure was answered with. The audit log has it, too.
   */
  ERASURE_NOT_FOUND: {
    /** The id that was asked for. */
    erasureId: string;
    /** What was looked for, and where. */
    message: string;
  };
  /**
   * 404: Suppression not found.
   *
   * There is nothing to lift. Read the erasure: `suppressionLiftedAt` says when it was.
   */
  SUPPRESSION_NOT_FOUND: {
    /** The id that was asked for. */
    erasureId: string;
    /** What was looked for, and where. */
    message: string;
  };
  /**
   * 404: Route not found.
   *
   * Check the path against the reference.
   */
  ROUTE_NOT_FOUND: {
    /** The method of the request. */
    method: string;
    /** The path of the request. */
    path: string;
  };
  /**
   * 405: Method not allowed.
   *
   * Use one of the methods in `Allow`.
   */
  METHOD_NOT_ALLOWED: {
    /** The method of the request. */
    method: string;
    /** The methods that the path has. */
    allowed: string[];
  };
  /**
   * 408: The request did not arrive in time.
   *
   * Send the whole request without a pause.
   */
  REQUEST_TIMEOUT: undefined;
  /**
   * 409: The API key is expired or revoked.
   *
   * Create a new key instead.
   */
  API_KEY_NOT_ACTIVE: {
    /** The id of the key. */
    keyId: string;
  };
  /**
   * 409: The workspace has as many active API keys as it may have.
   *
   * Revoke keys that are no longer used.
   */
  API_KEY_LIMIT_REACHED: {
    /** How many active keys a workspace may have. */
    limit: number;
  };
  /**
   * 409: The lead is in an active campaign.
   *
   * Nothing was deleted. Take the lead out of the campaigns in `details.campaigns`, or pause them; or delete it all the same with `force=true` and a key that has the scope `leads:force`.
   */
  LEAD_IN_USE: {
    /** The id of the lead. */
    leadId: string;
    /** The active campaigns that the lead is in. */
    campaigns: {
      /** The id of the campaign. */
      id: string;
      /** The name of the campaign. */
      name: string;
    }[];
  };
  /**
   * 409: A lead with this ID exists.
   *
   * The lead is there, so nothing was restored. If you want it as it was in the backup, delete it first.
   */
  LEAD_EXISTS: {
    /** The id of the lead. */
    leadId: string;
  };
  /**
   * 409: Another lead has this e-mail address.
   *
   * Nothing was restored. Look at `details.existingLeadId`: it may be the same person. If you want both leads, repeat with `allowDuplicateEmail=true`.
   */
  EMAIL_EXISTS: {
    /** The id of the lead. */
    leadId: string;
    /** The lead that has the e-mail address. */
    existingLeadId: string;
  };
  /**
   * 409: The lead with this ID was erased.
   *
   * An erased lead does not come back, and its id is never given again. Create a new lead.
   */
  LEAD_ERASED: {
    /** The id of the lead. */
    leadId: string;
  };
  /**
   * 409: The person was erased and is kept away.
   *
   * Nothing was changed. If the person wants to be a lead again, lift the suppression: `DELETE /api/v1/erasures/{erasureId}/suppression`.
   */
  SUPPRESSED: {
    /** The erasure. */
    erasureId: string;
  };
  /**
   * 409: There are more leads of this person than one erasure takes.
   *
   * Nothing was erased. So many are hardly one person. Look at the leads, and erase those that are meant by `leadId`.
   */
  ERASURE_TOO_LARGE: {
    /** How many leads there are. */
    found: number;
    /** How many one erasure takes. */
    limit: number;
  };
  /**
   * 409: The lead is not as it was when the deletion was confirmed.
   *
   * Nothing was deleted. Get a new preview, look again, and confirm again.
   */
  CONFIRMATION_STALE: {
    /** The id of the lead. */
    leadId: string;
  };
  /**
   * 409: The leads are not those of the dry run.
   *
   * Nothing was done. Make a new dry run, look again, and send its token.
   */
  PLAN_DRIFTED: {
    /** How many leads the dry run selected. */
    planned: number;
    /** How many the filter selects now. It can be as many, where leads changed. */
    found: number;
  };
  /**
   * 409: Not every lead can be done, and all or none were asked for.
   *
   * Nothing was done. Take the leads in `details.outcomes` off the list, or leave `atomic` out.
   */
  BULK_REFUSED: {
    /** The leads that cannot be done, and why. */
    outcomes: BulkOutcome[];
  };
  /**
   * 409: The job is finished.
   *
   * There is nothing left to cancel.
   */
  JOB_FINISHED: {
    /** The id of the job. */
    jobId: string;
    /** How it ended. */
    status: string;
  };
  /**
   * 409: The campaign is active.
   *
   * Pause or complete the campaign first.
   */
  CAMPAIGN_ACTIVE: {
    /** The id of the campaign. */
    campaignId: string;
  };
  /**
   * 409: The workspace has as many campaigns as it may have.
   *
   * Delete campaigns that are over.
   */
  CAMPAIGN_LIMIT_REACHED: {
    /** How many campaigns a workspace may have. */
    limit: number;
  };
  /**
   * 409: The lead has as many activities as it may have.
   *
   * Delete activities that are no longer needed.
   */
  ACTIVITY_LIMIT_REACHED: {
    /** How many activities a lead may have. */
    limit: number;
  };
  /**
   * 409: The workspace has as many open jobs as it may have.
   *
   * Nothing was done. Wait until a job has ended, or cancel one, and send the same request again.
   */
  JOB_LIMIT_REACHED: {
    /** How many open jobs a workspace may have. */
    limit: number;
  };
  /**
   * 409: The activities of the lead are as large as they may be.
   *
   * Nothing was added. Delete activities that are no longer needed, or write a shorter one.
   */
  LEAD_TOO_LARGE: {
    /** How many bytes of JSON the activities of a lead may have together. */
    maxBytes: number;
  };
  /**
   * 409: A request with this idempotency key is under way.
   *
   * Wait a moment and send the same again: you get its answer.
   */
  IDEMPOTENCY_KEY_IN_USE: undefined;
  /**
   * 409: The request was carried out, and its answer is erased.
   *
   * The first request succeeded. Do not repeat it with another key: that would do it again.
   */
  IDEMPOTENCY_ANSWER_ERASED: undefined;
  /**
   * 412: The lead is another version than the one in If-Match.
   *
   * Nothing was changed. Read the lead again, look at what changed, and repeat with its new `ETag`.
   */
  PRECONDITION_FAILED: {
    /** The id of the lead. */
    leadId: string;
    /** The `ETag` that the lead has now. */
    etag: string;
  };
  /**
   * 413: The request body is too large.
   *
   * Send a body of at most `details.maxBytes` bytes.
   */
  PAYLOAD_TOO_LARGE: {
    /** The largest accepted body, in bytes. */
    maxBytes: number;
  };
  /**
   * 415: Unsupported media type.
   *
   * Send JSON in UTF-8 with `Content-Type: application/json`.
   */
  UNSUPPORTED_MEDIA_TYPE: {
    /** The media types that are accepted. */
    supported: string[];
  };
  /**
   * 422: The idempotency key was used for another request.
   *
   * Nothing was done. Use a new key for each new change, and the same one only to repeat the same request.
   */
  IDEMPOTENCY_KEY_REUSED: undefined;
  /**
   * 429: Rate limit exceeded.
   *
   * Wait for `Retry-After` seconds. Requests that were refused are not counted.
   */
  RATE_LIMIT_EXCEEDED: {
    /** How many requests the key may make in any 60 minutes. */
    limit: number;
    /** How many are left: 0. */
    remaining: number;
    /** When the oldest counted request expires, in Unix seconds. */
    resetTime: number;
    /** How long to wait, in seconds; as in `Retry-After`. */
    retryAfter: number;
  };
  /**
   * 429: The workspace has too many requests under way.
   *
   * Nothing was done. Send fewer at once, and repeat this one after `Retry-After` seconds.
   */
  WORKSPACE_BUSY: {
    /** How long to wait, in seconds; as in `Retry-After`. */
    retryAfter: number;
  };
  /**
   * 431: The request line and headers are too large.
   *
   * Send at most 16 KiB of request line and headers.
   */
  HEADERS_TOO_LARGE: undefined;
  /**
   * 500: Internal server error.
   *
   * Report it with `details.requestId`.
   */
  INTERNAL_ERROR: {
    /** The id of the request, as in `X-Request-Id`. */
    requestId: string;
  };
  /**
   * 501: The operation is planned, and not there yet.
   *
   * Use the mock until then: it answers the operation.
   */
  NOT_IMPLEMENTED: {
    /** The id of the operation. */
    operation: string;
  };
  /**
   * 503: Service unavailable.
   *
   * Try again after `Retry-After` seconds.
   */
  SERVICE_UNAVAILABLE: {
    /** The id of the request, as in `X-Request-Id`. */
    requestId: string;
    /** How long to wait, in seconds; as in `Retry-After`. */
    retryAfter: number;
  };
}

/** What went wrong, for programs: a code of the API. */
export type ErrorCode = keyof ErrorDetailsByCode;

/** Every operation of the API, by resource. */
export interface Operations {
  readonly leads: LeadsOperations;
  readonly activities: ActivitiesOperations;
  readonly campaigns: CampaignsOperations;
  readonly backups: BackupsOperations;
  readonly jobs: JobsOperations;
  readonly deletions: DeletionsOperations;
  readonly erasures: ErasuresOperations;
  readonly auditLog: AuditLogOperations;
  readonly apiKeys: ApiKeysOperations;
}
