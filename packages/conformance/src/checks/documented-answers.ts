import { type OperationId, PLANNED_OPERATIONS } from '@leads/contract';
import type { Check } from '../check.ts';
import { documentedAnswers } from '../check-answer.ts';
import { demand } from '../mismatch.ts';
import { PROVOKE } from '../provoke.ts';
import { waitsForJob } from '../valid-calls.ts';

const SKIPPED: Record<string, string> = {
  INTERNAL_ERROR: 'needs a fault in the server',
  SERVICE_UNAVAILABLE: 'needs a server without its database',
  WORKSPACE_BUSY: 'would need more requests at once than a workspace may have',
  RATE_LIMIT_EXCEEDED: 'would use up the rate limit of the key',
  IDEMPOTENCY_KEY_IN_USE: 'needs a request that hangs',
  IDEMPOTENCY_ANSWER_ERASED: 'needs an answer that was erased',
  CAMPAIGN_LIMIT_REACHED: 'needs a full workspace',
  ACTIVITY_LIMIT_REACHED: 'needs a full lead',
  JOB_LIMIT_REACHED: 'needs jobs that do not end',
  LEAD_TOO_LARGE: 'needs a full lead',
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

/** Planned operations are named, so that nobody believes that they were checked. */
const planned: readonly Check[] = PLANNED_OPERATIONS.map((id) => ({
  name: `${id} is planned`,
  skip: 'no server has to have a planned operation',
  run: () => Promise.resolve(),
}));

const answers: readonly Check[] = documentedAnswers().map((name) => {
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

/** Every operation gives every answer that it documents, with its body and headers. */
export const documentedAnswerChecks: readonly Check[] = [...answers, ...planned];
