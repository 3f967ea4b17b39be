import type { BulkOutcome } from '../api.generated.ts';
import type { ManyResult } from './many.ts';

/** Why a lead was left as it is, for people. */
export const OUTCOME_ERRORS: Readonly<Record<NonNullable<BulkOutcome['code']>, string>> = {
  LEAD_NOT_FOUND: 'Lead not found or already deleted',
  LEAD_IN_USE: 'The lead is in an active campaign',
  PRECONDITION_FAILED: 'The lead has changed',
  VALIDATION_ERROR: 'The metadata of the lead has no room for being archived',
};

/** The outcomes of the API as those of the client. */
export function resultOf(outcomes: readonly BulkOutcome[]): ManyResult {
  const result: ManyResult = { success: [], failed: [] };
  for (const { leadId, code } of outcomes) {
    if (code) result.failed.push({ leadId, error: OUTCOME_ERRORS[code], code });
    else result.success.push(leadId);
  }
  return result;
}
