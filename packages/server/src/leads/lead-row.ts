import type { Lead } from '@leads/contract';
import type { Selectable } from 'kysely';
import { type Database, run } from '../db/database.ts';
import type { Schema } from '../db/schema.ts';
import { searchable } from '../http/ids.ts';

const SELECT_VERSION = 'select version from leads where workspace_id = $1 and id = $2';

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

/**
 * The version that a lead must have by a valid `If-Match`; null where any will do. Of several it is the one that the lead has, else
 * any of them: then the lead is another one.
 */
export async function versionSeen(db: Database, workspaceId: string, leadId: string, ifMatch: string | undefined): Promise<string | null> {
  if (ifMatch === undefined || ifMatch === '*') return null;
  const seen = [...ifMatch.matchAll(/"([^"]+)"/g)].map(([, version]) => version!);
  if (seen.length === 1) return seen[0]!;
  const [current] = await run<{ version: string }>(db, SELECT_VERSION, [workspaceId, searchable(leadId)]);
  return seen.find((version) => version === current?.version) ?? seen[0]!;
}
