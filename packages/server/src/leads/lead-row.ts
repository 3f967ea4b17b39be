import type { LeadRow } from './lead-fields.ts';

/** The `details` of `LEAD_NOT_FOUND`. */
export function leadNotFound(leadId: string) {
  return { leadId, message: 'No lead found with this ID in your workspace' } as const;
}

/** The `ETag` of a lead. */
export function etagOf({ version }: { readonly version: LeadRow['version'] | null }): string {
  return `"${version}"`;
}

/** The version that a caller has seen, of a valid `If-Match`; null where any will do. */
export function versionSeen(ifMatch: string | undefined): string | null {
  return ifMatch === undefined || ifMatch === '*' ? null : ifMatch.slice(1, -1);
}
