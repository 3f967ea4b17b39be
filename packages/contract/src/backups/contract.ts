import { ENROLLMENT_BODY_MAX_BYTES, ENROLLMENT_MAX_LEADS } from '../campaigns/schemas.ts';
import { errorResponses } from '../errors/envelope.ts';
import { WriteHeadersSchema } from '../http/headers.ts';
import { BODY_ERRORS, c, COMMON_ERRORS, type OperationMetadata, WRITE_ERRORS } from '../http/operation.ts';
import {
  bulkRestoreBodies,
  createdBackup,
  deletedBackup,
  foundBackup,
  listedBackups,
  restoredBackup,
  restoredBackups,
} from './examples.ts';
import {
  BackupPathSchema,
  BackupResponseSchema,
  BackupWithContentResponseSchema,
  BulkRestoreResponseSchema,
  BulkRestoreSchema,
  DeleteBackupResponseSchema,
  LeadBackupsPathSchema,
  ListBackupsQuerySchema,
  ListBackupsResponseSchema,
  RestoreBackupQuerySchema,
  RestoreBackupResponseSchema,
} from './schemas.ts';

/** The operations on the backups of leads. */
export const backups = c.router({
  create: {
    method: 'POST',
    path: '/api/v1/leads/:leadId/backups',
    summary: 'Back up a lead',
    description:
      'Keeps a copy of a lead with everything that hangs on it, for 30 days unless the server is set otherwise. ' +
      'To back up and delete in one, send `backup=true` with the delete.',
    pathParams: LeadBackupsPathSchema,
    headers: WriteHeadersSchema,
    body: c.noBody(),
    responses: { 201: BackupResponseSchema, ...errorResponses(...COMMON_ERRORS, ...WRITE_ERRORS, 'LEAD_NOT_FOUND') },
    metadata: { scope: 'leads:write', successExamples: createdBackup, successHeaders: ['Location'] } satisfies OperationMetadata,
  },
  list: {
    method: 'GET',
    path: '/api/v1/backups',
    summary: 'List backups',
    description: 'Lists the backups of your workspace, newest first, without their content, a page at a time.',
    query: ListBackupsQuerySchema,
    responses: { 200: ListBackupsResponseSchema, ...errorResponses(...COMMON_ERRORS) },
    metadata: { scope: 'leads:read', successExamples: listedBackups } satisfies OperationMetadata,
  },
  get: {
    method: 'GET',
    path: '/api/v1/backups/:backupId',
    summary: 'Get a backup',
    description: 'Reads a backup with its content.',
    pathParams: BackupPathSchema,
    responses: { 200: BackupWithContentResponseSchema, ...errorResponses(...COMMON_ERRORS, 'BACKUP_NOT_FOUND') },
    metadata: { scope: 'leads:read', successExamples: foundBackup } satisfies OperationMetadata,
  },
  restore: {
    method: 'POST',
    path: '/api/v1/backups/:backupId/restore',
    summary: 'Restore a backup',
    description:
      'Brings the lead back: same id, same data, same activities and campaigns. Only where no lead has that id now, ' +
      'and none its e-mail address, unless `allowDuplicateEmail=true`. The backup stays until it expires.',
    pathParams: BackupPathSchema,
    query: RestoreBackupQuerySchema,
    headers: WriteHeadersSchema,
    body: c.noBody(),
    responses: {
      201: RestoreBackupResponseSchema,
      ...errorResponses(...COMMON_ERRORS, ...WRITE_ERRORS, 'BACKUP_NOT_FOUND', 'LEAD_EXISTS', 'EMAIL_EXISTS', 'LEAD_ERASED', 'SUPPRESSED'),
    },
    metadata: { scope: 'leads:write', successExamples: restoredBackup, successHeaders: ['Location', 'ETag'] } satisfies OperationMetadata,
  },
  bulkRestore: {
    method: 'POST',
    path: '/api/v1/backups/restore',
    summary: 'Restore many backups',
    description:
      `Brings back the leads of up to ${ENROLLMENT_MAX_LEADS.toLocaleString('en')} backups at once, each as \`backups.restore\` does, and says what came of each; ` +
      'one that is refused holds up no other. So a deletion of many is undone in one request: its outcomes name the backups. ' +
      'Leads of the same request may have an e-mail address in common.',
    query: RestoreBackupQuerySchema,
    headers: WriteHeadersSchema,
    body: BulkRestoreSchema,
    responses: { 200: BulkRestoreResponseSchema, ...errorResponses(...COMMON_ERRORS, ...BODY_ERRORS, ...WRITE_ERRORS) },
    metadata: {
      scope: 'leads:write',
      requestExamples: bulkRestoreBodies,
      successExamples: restoredBackups,
      bodyMaxBytes: ENROLLMENT_BODY_MAX_BYTES,
    } satisfies OperationMetadata,
  },
  delete: {
    method: 'DELETE',
    path: '/api/v1/backups/:backupId',
    summary: 'Delete a backup',
    description: 'Permanently removes a backup before it expires. If its lead is deleted, nothing can bring it back then.',
    pathParams: BackupPathSchema,
    headers: WriteHeadersSchema,
    responses: { 200: DeleteBackupResponseSchema, ...errorResponses(...COMMON_ERRORS, ...WRITE_ERRORS, 'BACKUP_NOT_FOUND') },
    metadata: { scope: 'leads:delete', successExamples: deletedBackup } satisfies OperationMetadata,
  },
});
