/** What an API key may be allowed to do, and what it means. */
export const SCOPES = {
  'leads:read': 'List, read and export leads, their activities, campaigns and backups.',
  'leads:write': 'Create, change, archive, import and restore leads, their activities and campaigns.',
  'leads:delete': 'Delete or anonymize leads for good, and delete activities and backups.',
  'leads:force': 'Delete leads that are in an active campaign.',
  'audit:read': 'Read the audit log.',
  'keys:manage': 'Create, list, rotate and revoke the API keys of the workspace.',
} as const;

/** A scope of an API key. */
export type Scope = keyof typeof SCOPES;
