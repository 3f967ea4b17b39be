import type { ImportOutcome, LeadsImportQuery } from '../api.generated.ts';

/** What is imported in one call. */
export interface ImportGroup {
  readonly body: string;
  readonly call?: { readonly headers: Record<string, string>; readonly query: LeadsImportQuery };
  /** The number of a line in the whole file. */
  readonly numberOf: (outcome: ImportOutcome) => number;
  readonly onOutcome?: (outcome: ImportOutcome) => void;
}
