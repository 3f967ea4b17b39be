import { errorResponses } from '../errors/envelope.ts';
import { c, COMMON_ERRORS, type OperationMetadata } from '../http/operation.ts';
import { listedAuditLog } from './examples.ts';
import { ListAuditLogQuerySchema, ListAuditLogResponseSchema } from './schemas.ts';

/** The operations on the audit log. */
export const auditLog = c.router({
  list: {
    method: 'GET',
    path: '/api/v1/audit-log',
    summary: 'Read the audit log',
    description:
      'Lists who did what to which lead, latest first, a page at a time. Entries are only ever added, and each holds the hash of the one before it in its chain, ' +
      'so that `npx leads-audit verify` on the server finds one that was changed or taken away. It holds no personal data.',
    query: ListAuditLogQuerySchema,
    responses: { 200: ListAuditLogResponseSchema, ...errorResponses(...COMMON_ERRORS) },
    metadata: { scope: 'audit:read', successExamples: listedAuditLog } satisfies OperationMetadata,
  },
});
