import type {
  Activity,
  ApiKey,
  ApiKeyWithSecret,
  AuditEntry,
  Backup,
  Campaign,
  DeletionReceipt,
  Erasure,
  Enrollment,
  ImportOutcome,
  Job,
  Lead,
} from '../api.generated.ts';
import { FIELDS, LEAD_CSV_COLUMNS } from '../constants.generated.ts';
import type { Outcome } from './outcomes.ts';
import type { Column } from './table.ts';
import { count } from './text.ts';

/** The columns of a kind of item. */
export interface Columns<Item> {
  /** Every field, as a CSV file has them. */
  readonly fields: readonly string[];
  /** In a terminal. */
  readonly shown: readonly Column<Item>[];
}

/** Leads: the CSV has the columns of the API's own export. */
export const LEADS: Columns<Lead> = {
  fields: LEAD_CSV_COLUMNS,
  shown: [
    { name: 'name' },
    { name: 'email' },
    { name: 'status', whole: true, narrow: 'hidden' },
    { name: 'createdAt', value: ({ createdAt }) => createdAt.slice(0, 10), whole: true, narrow: 'hidden' },
    { name: 'id', whole: true },
  ],
};

/** What came of leads. */
export const OUTCOMES: Columns<Outcome> = {
  fields: [...FIELDS.BulkOutcome, 'error'],
  shown: [
    { name: 'leadId', whole: true },
    { name: 'outcome', whole: true },
    { name: 'why', value: ({ error, code }) => error ?? code },
  ],
};

/** What came of the lines of an import. */
export const IMPORTED: Columns<ImportOutcome> = {
  fields: FIELDS.ImportOutcome,
  shown: [
    { name: 'line', value: ({ line }) => count(line), whole: true },
    { name: 'leadId', whole: true },
    { name: 'outcome', whole: true },
    {
      name: 'why',
      value: ({ code, issues }) => issues?.map(({ location, message }) => `${location}: ${message}`).join('; ') ?? code,
    },
  ],
};

/** Backups. */
export const BACKUPS: Columns<Backup> = {
  fields: FIELDS.Backup,
  shown: [
    { name: 'expiresAt', value: ({ expiresAt }) => expiresAt.slice(0, 10), whole: true },
    { name: 'leadId', whole: true },
    { name: 'id', whole: true },
  ],
};

/** Jobs. */
export const JOBS: Columns<Job> = {
  fields: FIELDS.Job,
  shown: [
    { name: 'createdAt', value: ({ createdAt }) => minute(createdAt), whole: true },
    { name: 'kind', value: ({ kind }) => kind.replace('bulk_', '') },
    { name: 'over', value: ({ filter }) => conditions(filter) },
    { name: 'status' },
    { name: 'done', value: ({ done, total }) => `${count(done)}/${count(total)}`, whole: true },
    { name: 'failed', value: ({ failed, skipped }) => count(failed + skipped) },
    { name: 'id', whole: true, narrow: 'below' },
    { name: 'keyId', whole: true, narrow: 'below' },
  ],
};

/** Entries of the audit log. */
export const AUDIT: Columns<AuditEntry> = {
  fields: FIELDS.AuditEntry,
  shown: [
    { name: 'at', value: ({ at }) => at.slice(0, 19).replace('T', ' '), whole: true },
    { name: 'action', whole: true },
    { name: 'leadId', whole: true },
    { name: 'keyId', whole: true, narrow: 'below' },
    { name: 'requestId', whole: true, narrow: 'below' },
    { name: 'jobId', whole: true, narrow: 'below' },
    { name: 'reason', narrow: 'below' },
  ],
};

/** What happened with a lead. */
export const ACTIVITIES: Columns<Activity> = {
  fields: FIELDS.Activity,
  shown: [
    { name: 'occurredAt', value: ({ occurredAt }) => minute(occurredAt), whole: true },
    { name: 'type', whole: true },
    { name: 'text' },
    { name: 'id', whole: true, narrow: 'below' },
  ],
};

/** Campaigns. */
export const CAMPAIGNS: Columns<Campaign> = {
  fields: FIELDS.Campaign,
  shown: [
    { name: 'name' },
    { name: 'status', whole: true },
    { name: 'createdAt', value: ({ createdAt }) => createdAt.slice(0, 10), whole: true, narrow: 'hidden' },
    { name: 'id', whole: true },
  ],
};

/** The leads of a campaign. */
export const ENROLLED: Columns<Enrollment> = {
  fields: FIELDS.Enrollment,
  shown: [
    { name: 'enrolledAt', value: ({ enrolledAt }) => minute(enrolledAt), whole: true },
    { name: 'leadId', whole: true },
  ],
};

/** API keys. */
export const KEYS: Columns<ApiKey> = {
  fields: FIELDS.ApiKey,
  shown: [
    { name: 'name' },
    { name: 'hint', value: ({ hint }) => `…${hint}`, whole: true },
    { name: 'lastUsedAt', value: ({ lastUsedAt }) => lastUsedAt && minute(lastUsedAt), whole: true, narrow: 'hidden' },
    { name: 'expiresAt', value: ({ expiresAt }) => expiresAt?.slice(0, 10), whole: true, narrow: 'hidden' },
    { name: 'revokedAt', value: ({ revokedAt }) => revokedAt?.slice(0, 10), whole: true },
    { name: 'id', whole: true },
    { name: 'scopes', value: ({ scopes }) => scopes.join(' '), narrow: 'below' },
  ],
};

/** A new API key, which is shown this once. */
export const NEW_KEYS: Columns<ApiKeyWithSecret> = { fields: FIELDS.ApiKeyWithSecret, shown: [] };

/** What proves that a lead was deleted. */
export const RECEIPTS: Columns<DeletionReceipt> = { fields: FIELDS.DeletionReceipt, shown: [] };

/** What proves that a person was erased. */
export const ERASURES: Columns<Erasure> = { fields: FIELDS.Erasure, shown: [] };

/** An item whose kind has no name, as it is. */
export function columnsOf<Item extends object>(item: Item): Columns<Item> {
  return { fields: Object.keys(item), shown: [] };
}

function minute(moment: string): string {
  return moment.slice(0, 16).replace('T', ' ');
}

/** A filter in few words: `status=lost archived=false`. */
function conditions(filter: Job['filter']): string {
  return Object.entries(filter ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
