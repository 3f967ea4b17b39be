import { type Database, run } from '../db/database.ts';
import { searchable } from '../http/ids.ts';
import type { LeadRow } from './lead-fields.ts';

const SELECT_VERSION = 'select version from leads where workspace_id = $1 and id = $2';

/** The `details` of `LEAD_NOT_FOUND`. */
export function leadNotFound(leadId: string) {
  return { leadId, message: 'No lead found with this ID in your workspace' } as const;
}

/** The `ETag` of a lead. */
export function etagOf({ version }: { readonly version: LeadRow['version'] | null }): string {
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
