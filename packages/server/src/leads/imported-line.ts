import { type ImportOutcomeSchema, type LeadRecord, parseJson } from '@leads/contract';
import type * as z from 'zod';

/** What came of a line of an import. */
export type ImportOutcome = z.infer<typeof ImportOutcomeSchema>;

/** A line of an import that was read, and is right. */
export interface ImportedLine {
  readonly line: number;
  readonly record: LeadRecord;
  /** How long its text is, in characters. */
  readonly length: number;
  /** Whether its id was made for it. */
  readonly isNew?: true;
}

/** How much is told of what is wrong with one line. */
const MAX_ISSUES = 100;

/** What comes of a line that is wrong. */
export function refusedLine(line: number, leadId: string | null, issues: NonNullable<ImportOutcome['issues']>): ImportOutcome {
  return { line, leadId, outcome: 'failed', code: 'VALIDATION_ERROR', issues: issues.slice(0, MAX_ISSUES) };
}

/** The body as a whole cannot be imported: `VALIDATION_ERROR`. */
export class UnreadableImport extends Error {}

/** The value of a text, and the numbers in it that cannot be kept; undefined where it is no JSON. */
export function readJson(text: string): ReturnType<typeof parseJson> | undefined {
  try {
    return parseJson(text, '');
  } catch {
    return undefined;
  }
}
