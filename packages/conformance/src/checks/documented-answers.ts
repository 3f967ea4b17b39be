import type { OperationId } from '@leads/contract';
import type { Check } from '../check.ts';
import { documentedAnswers } from '../check-answer.ts';
import { demand } from '../mismatch.ts';
import { PROVOKE } from '../provoke.ts';
import { waitsForJob } from '../valid-calls.ts';

const SKIPPED: Record<string, string> = {
  INTERNAL_ERROR: 'needs a fault in the server',
  SERVICE_UNAVAILABLE: 'needs a server without its database',
  RATE_LIMIT_EXCEEDED: 'would use up the rate limit of the key',
  IDEMPOTENCY_KEY_IN_USE: 'needs a request that hangs',
  IDEMPOTENCY_ANSWER_ERASED: 'needs an answer that was erased',
  CAMPAIGN_LIMIT_REACHED: 'needs a full workspace',
  ACTIVITY_LIMIT_REACHED: 'needs a full lead',
  LEAD_ERASED: 'needs a backup that is left of an erased lead',
  ERASURE_TOO_LARGE: 'needs a thousand leads of one person',
  API_KEY_LIMIT_REACHED: 'needs a full workspace',
};

const STATELESS = new Set([
  'VALIDATION_ERROR',
  'MISSING_AUTH_HEADER',
  'MALFORMED_AUTH_HEADER',
  'INVALID_JSON',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
]);

/** Every operation gives every answer that it documents, with its body and headers. */
export const documentedAnswerChecks: readonly Check[] = documentedAnswers().map((name) => {
  const [operation, status, code] = name.split(' ') as [OperationId, string, keyof typeof PROVOKE];
  const skip = name === 'jobs.cancel 200 success' ? 'needs a job that has not ended' : SKIPPED[code];
  return {
    name,
    stateless: !waitsForJob(operation) && status !== '202' && (STATELESS.has(code) || code === 'success'),
    ...(skip && { skip }),
    async run({ caller }) {
      caller.answered.delete(name);
      await PROVOKE[status === '202' ? 'accepted' : code](caller, operation);
      demand(caller.answered.has(name), 'another answer came');
    },
  };
});
