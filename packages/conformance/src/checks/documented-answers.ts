import { BODY_MAX_BYTES, CSV, NDJSON, type OperationId, type OperationMetadata, OPERATIONS, PLANNED_OPERATIONS } from '@leads/contract';
import type { Check } from '../check.ts';
import { documentedAnswers } from '../check-answer.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { PROVOKE, scopesBut } from '../provoke.ts';
import { waitsForJob } from '../valid-calls.ts';

const STATELESS = new Set([
  'VALIDATION_ERROR',
  'MISSING_AUTH_HEADER',
  'MALFORMED_AUTH_HEADER',
  'INVALID_JSON',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
]);

type Name = { readonly name: string; readonly operation: OperationId; readonly status: string; readonly code: string };

const ALL: readonly Name[] = documentedAnswers().map((name) => {
  const [operation, status, code] = name.split(' ') as [OperationId, string, string];
  return { name, operation, status, code };
});
/** That a job can be cancelled takes one that has not ended. */
const isProvokable = ({ name, code }: Name) => code in PROVOKE && name !== 'jobs.cancel 200 success';
const UNPROVOKABLE = ALL.filter((answer) => !isProvokable(answer));

/** What an error says of the request, where the contract says what that is. */
const DETAILS: Readonly<Record<string, (metadata: OperationMetadata) => object>> = {
  PAYLOAD_TOO_LARGE: ({ bodyMaxBytes = BODY_MAX_BYTES }) => ({ maxBytes: bodyMaxBytes }),
  UNSUPPORTED_MEDIA_TYPE: ({ bodyMediaType }) => ({ supported: bodyMediaType === NDJSON ? [NDJSON, CSV] : ['application/json'] }),
  INSUFFICIENT_SCOPE: ({ scope }) => ({ requiredScopes: [scope], grantedScopes: scopesBut(scope) }),
};

/** Every operation gives every answer that it documents, with its body and headers. */
export const documentedAnswerChecks: readonly Check[] = [
  ...ALL.filter(isProvokable).map(({ name, operation, status, code }) => ({
    name,
    stateless: !waitsForJob(operation) && status !== '202' && (STATELESS.has(code) || code === 'success'),
    async run({ caller }: Parameters<Check['run']>[0]) {
      caller.answered.delete(name);
      await PROVOKE[status === '202' ? 'accepted' : (code as keyof typeof PROVOKE)](caller, operation);
      const answer = caller.answered.get(name);
      demand(answer, 'another answer came');
      const { details } = answer.body ?? {};
      const expected = DETAILS[code]?.(OPERATIONS.find(({ id }) => id === operation)!.metadata);
      if (expected) demandEqual(sorted(details), sorted(expected), 'the details');
      if (code.endsWith('_NOT_FOUND')) demand(Object.values(details).includes('unknown'), 'the details do not name what was asked for');
    },
  })),
  {
    name: 'documented answers that take more than a key',
    skip: `${UNPROVOKABLE.length} answers cannot be provoked from the outside: ${[...new Set(UNPROVOKABLE.map(({ code, name }) => (code === 'success' ? name : code)))].join(', ')}`,
    run: async () => {},
  },
  // Named, so that nobody believes that they were checked.
  ...PLANNED_OPERATIONS.map((id) => ({ name: `${id} is planned`, skip: 'no server has to have it', run: async () => {} })),
];

function sorted(details: object): object {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, Array.isArray(value) ? value.map(String).toSorted() : value]),
  );
}
