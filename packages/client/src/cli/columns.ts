import type { AuditEntry, Backup, ImportOutcome, Job, Lead } from '../api.generated.ts';
import type { Columns } from './output.ts';
import type { Outcome } from './outcomes.ts';
import { count } from './text.ts';

/** Leads: the CSV has the columns of the API's own export. */
export const LEADS: Columns<Lead> = {
  shown: [
    { name: 'id', value: ({ id }) => id, whole: true },
    { name: 'name', value: ({ name }) => name },
    { name: 'email', value: ({ email }) => email },
    { name: 'status', value: ({ status }) => status, whole: true },
    { name: 'created', value: ({ createdAt }) => createdAt.slice(0, 10), whole: true },
  ],
  csv: ['id', 'name', 'email', 'phone', 'source', 'status', 'metadata', 'createdAt', 'updatedAt'],
};

/** What came of leads. */
export const OUTCOMES: Columns<Outcome> = {
  shown: [
    { name: 'lead', value: ({ leadId }) => leadId, whole: true },
    { name: 'outcome', value: ({ outcome }) => outcome, whole: true },
    { name: 'why', value: ({ error, code }) => error ?? code },
  ],
  csv: ['leadId', 'outcome', 'code', 'error', 'backupId'],
};

/** What came of the lines of an import. */
export const IMPORTED: Columns<ImportOutcome> = {
  shown: [
    { name: 'line', value: ({ line }) => count(line), whole: true },
    { name: 'lead', value: ({ leadId }) => leadId, whole: true },
    { name: 'outcome', value: ({ outcome }) => outcome, whole: true },
    {
      name: 'why',
      value: ({ code, issues }) => issues?.map(({ location, message }) => `${location}: ${message}`).join('; ') ?? code,
    },
  ],
  csv: ['line', 'leadId', 'outcome', 'code', 'issues', 'missingCampaigns'],
};

/** Backups that were made. */
export const BACKUPS: Columns<Backup> = {
  shown: [
    { name: 'backup', value: ({ id }) => id, whole: true },
    { name: 'lead', value: ({ leadId }) => leadId, whole: true },
    { name: 'until', value: ({ expiresAt }) => expiresAt.slice(0, 10), whole: true },
  ],
  csv: ['id', 'leadId', 'createdAt', 'expiresAt'],
};

/** Jobs. */
export const JOBS: Columns<Job> = {
  shown: [
    { name: 'job', value: ({ id }) => id, whole: true },
    { name: 'kind', value: ({ kind }) => kind.replace('bulk_', '') },
    { name: 'status', value: ({ status }) => status },
    { name: 'done', value: ({ done, total }) => `${count(done)}/${count(total)}`, whole: true },
    { name: 'failed', value: ({ failed, skipped }) => count(failed + skipped) },
  ],
  csv: ['id', 'kind', 'status', 'total', 'done', 'succeeded', 'skipped', 'failed', 'createdAt', 'startedAt', 'finishedAt'],
};

/** Entries of the audit log. */
export const AUDIT: Columns<AuditEntry> = {
  shown: [
    { name: 'at', value: ({ at }) => at.slice(0, 19).replace('T', ' '), whole: true },
    { name: 'action', value: ({ action }) => action, whole: true },
    { name: 'lead', value: ({ leadId }) => leadId, whole: true },
    { name: 'reason', value: ({ reason }) => reason },
  ],
  csv: ['id', 'at', 'action', 'keyId', 'leadId', 'requestId', 'jobId', 'reason', 'details', 'previousHash', 'hash'],
};

/** A lead, field by field. */
export function leadFields(lead: Lead): [string, unknown][] {
  const { id, name, email, phone, source, status, metadata, createdAt, updatedAt } = lead;
  return Object.entries({ id, name, email, phone, source, status, metadata, created: createdAt, updated: updatedAt });
}

/** A job, field by field. */
export function jobFields({ id, kind, status, total, done, succeeded, skipped, failed, createdAt, finishedAt }: Job): [string, unknown][] {
  const numbers = { total, done, succeeded, skipped, failed };
  const shown = Object.entries(numbers).map(([name, value]): [string, unknown] => [name, count(value)]);
  return [['id', id], ['kind', kind], ['status', status], ...shown, ['created', createdAt], ['finished', finishedAt]];
}
