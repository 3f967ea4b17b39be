import type { Lead } from '@leads/contract';
import type { Selectable } from 'kysely';
import type { Schema } from '../db/schema.ts';

/** The columns that make up a lead of the API. */
export const LEAD_COLUMNS = 'id, name, email, phone, source, status, metadata, created_at, updated_at, workspace_id, version';

/** A lead as `LEAD_COLUMNS` reads it. */
export type LeadRow = Omit<Selectable<Schema['leads']>, 'name_lower' | 'email_lower'>;

/** The lead of a row. */
export function toLead(row: LeadRow): Lead {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    phone: row.phone,
    source: row.source,
    status: row.status as Lead['status'],
    metadata: row.metadata,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    workspaceId: row.workspace_id,
  };
}

/** The `details` of `LEAD_NOT_FOUND`. */
export function leadNotFound(leadId: string) {
  return { leadId, message: 'No lead found with this ID in your workspace' } as const;
}

/** The `ETag` of a lead. */
export function etagOf({ version }: Pick<LeadRow, 'version'>): string {
  return `"${version}"`;
}

/** The version that a caller has seen, of a valid `If-Match`; null where any will do. */
export function versionSeen(ifMatch: string | undefined): string | null {
  return ifMatch === undefined || ifMatch === '*' ? null : ifMatch.slice(1, -1);
}
