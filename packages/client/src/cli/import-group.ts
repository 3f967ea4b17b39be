import type { ImportOutcome, LeadsImportQuery } from '../api.generated.ts';

/** The limits of one import. */
export const MAX_LEADS = 10_000;
export const MAX_BYTES = 16_777_216;

/** What is imported in one call. */
export interface ImportGroup {
  readonly body: string;
  readonly call?: { readonly headers: Record<string, string>; readonly query: LeadsImportQuery };
  /** The number of a line in the whole file. */
  readonly numberOf: (outcome: ImportOutcome) => number;
  readonly onOutcome?: (outcome: ImportOutcome) => void;
}
