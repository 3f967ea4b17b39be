import { errorResponses } from '../errors/envelope.ts';
import { DeleteLeadHeadersSchema, LeadWriteHeadersSchema, WriteHeadersSchema } from '../http/headers.ts';
import { BODY_ERRORS, c, COMMON_ERRORS, type OperationMetadata, WRITE_ERRORS } from '../http/operation.ts';
import { bulk } from './bulk-contract.ts';
import { transfer } from './transfer-contract.ts';
import {
  anonymizedLead,
  anonymizeLeadBodies,
  archivedLead,
  archiveLeadBodies,
  createdLead,
  createLeadBodies,
  deletedLead,
  foundLead,
  leadStats,
  listedLeads,
  previewedDeletion,
  unarchivedLead,
  updatedLead,
  updateLeadBodies,
} from './examples.ts';
import {
  AnonymizeLeadResponseSchema,
  AnonymizeLeadSchema,
  ArchiveLeadSchema,
  CreateLeadSchema,
  DeleteLeadQuerySchema,
  DeleteLeadResponseSchema,
  DeletionPreviewResponseSchema,
  LeadPathSchema,
  LeadResponseSchema,
  LeadStatsQuerySchema,
  LeadStatsResponseSchema,
  ListLeadsQuerySchema,
  ListLeadsResponseSchema,
  UpdateLeadSchema,
} from './schemas.ts';

/** The operations on leads. */
export const leads = c.router({
  create: {
    method: 'POST',
    path: '/api/v1/leads',
    summary: 'Create a lead',
    description:
      'Adds a lead to your workspace. `name` and `email` are required. Two leads may have the same e-mail address: ' +
      'look for it with `GET /api/v1/leads?email=…` first if you want only one. Somebody who was erased is not taken again: 409 `SUPPRESSED`.',
    headers: WriteHeadersSchema,
    body: CreateLeadSchema,
    responses: { 201: LeadResponseSchema, ...errorResponses(...COMMON_ERRORS, ...BODY_ERRORS, ...WRITE_ERRORS, 'SUPPRESSED') },
    metadata: {
      scope: 'leads:write',
      requestExamples: createLeadBodies,
      successExamples: createdLead,
      successHeaders: ['Location', 'ETag'],
    } satisfies OperationMetadata,
  },
  list: {
    method: 'GET',
    path: '/api/v1/leads',
    summary: 'List leads',
    description:
      'Lists the leads of your workspace, filtered and sorted, a page at a time. Pages by `page` are numbered; to walk through many leads, ' +
      'or while leads are created and deleted, pass `nextCursor` as `cursor`. An unknown parameter is refused, so that a mistyped filter cannot select every lead.',
    query: ListLeadsQuerySchema,
    responses: { 200: ListLeadsResponseSchema, ...errorResponses(...COMMON_ERRORS) },
    metadata: { scope: 'leads:read', successExamples: listedLeads } satisfies OperationMetadata,
  },
  stats: {
    method: 'GET',
    path: '/api/v1/leads/stats',
    summary: 'Count leads',
    description:
      'Counts the leads of your workspace by status, by source and by the day of their creation. It costs the same however many there are.',
    query: LeadStatsQuerySchema,
    responses: { 200: LeadStatsResponseSchema, ...errorResponses(...COMMON_ERRORS) },
    metadata: { scope: 'leads:read', successExamples: leadStats } satisfies OperationMetadata,
  },
  ...transfer,
  ...bulk,
  get: {
    method: 'GET',
    path: '/api/v1/leads/:leadId',
    summary: 'Get a lead',
    description: 'Reads one lead of your workspace.',
    pathParams: LeadPathSchema,
    responses: { 200: LeadResponseSchema, ...errorResponses(...COMMON_ERRORS, 'LEAD_NOT_FOUND') },
    metadata: { scope: 'leads:read', successExamples: foundLead, successHeaders: ['ETag'] } satisfies OperationMetadata,
  },
  update: {
    method: 'PUT',
    path: '/api/v1/leads/:leadId',
    summary: 'Update a lead',
    description:
      'Changes the fields that are sent and leaves the others as they are. `metadata` is merged key by key; `null` clears a field that may be null, ' +
      'or a key of the metadata. `id`, `createdAt` and `workspaceId` never change.',
    pathParams: LeadPathSchema,
    headers: LeadWriteHeadersSchema,
    body: UpdateLeadSchema,
    responses: {
      200: LeadResponseSchema,
      ...errorResponses(...COMMON_ERRORS, ...BODY_ERRORS, ...WRITE_ERRORS, 'LEAD_NOT_FOUND', 'PRECONDITION_FAILED', 'SUPPRESSED'),
    },
    metadata: {
      scope: 'leads:write',
      requestExamples: updateLeadBodies,
      successExamples: updatedLead,
      successHeaders: ['ETag'],
    } satisfies OperationMetadata,
  },
  delete: {
    method: 'DELETE',
    path: '/api/v1/leads/:leadId',
    summary: 'Delete a lead',
    description:
      'Permanently removes a lead from your workspace. This action cannot be undone: the lead and all associated data are deleted, ' +
      'it cannot be retrieved afterwards, and its id is never used again. A lead that is unknown, already deleted or in another workspace gets the same 404; ' +
      'but with `erase=true` the backups that are left of a deleted lead are erased, and the answer is a success.\n\n' +
      'Guards, each optional, and all checked in the transaction that deletes: `If-Match` (the lead is the version that you have seen), ' +
      '`X-Confirmation-Token` (the lead and what hangs on it are as in the preview), `backup=true` (a backup is made with it), ' +
      '`Idempotency-Key` (a repeated request gets the first answer). A lead in an active campaign is not deleted without `force=true`.',
    pathParams: LeadPathSchema,
    query: DeleteLeadQuerySchema,
    headers: DeleteLeadHeadersSchema,
    responses: {
      200: DeleteLeadResponseSchema,
      ...errorResponses(
        ...COMMON_ERRORS,
        ...WRITE_ERRORS,
        'CONFIRMATION_TOKEN_INVALID',
        'LEAD_NOT_FOUND',
        'LEAD_IN_USE',
        'CONFIRMATION_STALE',
        'PRECONDITION_FAILED',
      ),
    },
    metadata: { scope: 'leads:delete', successExamples: deletedLead } satisfies OperationMetadata,
  },
  deletionPreview: {
    method: 'GET',
    path: '/api/v1/leads/:leadId/deletion-preview',
    summary: 'Preview a deletion',
    description:
      'Shows who would be deleted, what would go with the lead and what stands in the way, and gives a token for `X-Confirmation-Token`: ' +
      'valid for 10 minutes, and only as long as everything is as it is shown here.',
    pathParams: LeadPathSchema,
    responses: { 200: DeletionPreviewResponseSchema, ...errorResponses(...COMMON_ERRORS, 'LEAD_NOT_FOUND') },
    metadata: { scope: 'leads:read', successExamples: previewedDeletion, successHeaders: ['ETag'] } satisfies OperationMetadata,
  },
  archive: {
    method: 'POST',
    path: '/api/v1/leads/:leadId/archive',
    summary: 'Archive a lead',
    description:
      'Sets the status to `lost` and writes `archived: true`, `archived_at` and `archived_reason` into the metadata, as an update with these fields would. ' +
      'The lead and its personal data stay. A lead that is archived already stays as it is.',
    pathParams: LeadPathSchema,
    headers: LeadWriteHeadersSchema,
    body: ArchiveLeadSchema,
    responses: {
      200: LeadResponseSchema,
      ...errorResponses(...COMMON_ERRORS, ...BODY_ERRORS, ...WRITE_ERRORS, 'LEAD_NOT_FOUND', 'PRECONDITION_FAILED'),
    },
    metadata: {
      scope: 'leads:write',
      requestExamples: archiveLeadBodies,
      successExamples: archivedLead,
      successHeaders: ['ETag'],
    } satisfies OperationMetadata,
  },
  unarchive: {
    method: 'POST',
    path: '/api/v1/leads/:leadId/unarchive',
    summary: 'Unarchive a lead',
    description:
      'Takes `archived`, `archived_at` and `archived_reason` out of the metadata and brings back the status that the lead had before, ' +
      'unless it was given another one since. A lead that is not archived stays as it is.',
    pathParams: LeadPathSchema,
    headers: LeadWriteHeadersSchema,
    body: c.noBody(),
    responses: {
      200: LeadResponseSchema,
      ...errorResponses(...COMMON_ERRORS, ...WRITE_ERRORS, 'LEAD_NOT_FOUND', 'PRECONDITION_FAILED'),
    },
    metadata: { scope: 'leads:write', successExamples: unarchivedLead, successHeaders: ['ETag'] } satisfies OperationMetadata,
  },
  anonymize: {
    method: 'POST',
    path: '/api/v1/leads/:leadId/anonymize',
    summary: 'Anonymize a lead',
    description:
      'Removes the person and keeps the numbers. Name, e-mail address, phone number, the texts and metadata of the activities, the backups, ' +
      'and every metadata key that is not named in `keepMetadata` are gone for good; `archived` and `archived_at` stay. ' +
      'Id, status, source, times, campaigns and all counts stay as they are. This action cannot be undone.',
    pathParams: LeadPathSchema,
    headers: LeadWriteHeadersSchema,
    body: AnonymizeLeadSchema,
    responses: {
      200: AnonymizeLeadResponseSchema,
      ...errorResponses(...COMMON_ERRORS, ...BODY_ERRORS, ...WRITE_ERRORS, 'LEAD_NOT_FOUND', 'PRECONDITION_FAILED'),
    },
    metadata: {
      scope: 'leads:delete',
      requestExamples: anonymizeLeadBodies,
      successExamples: anonymizedLead,
      successHeaders: ['ETag'],
    } satisfies OperationMetadata,
  },
});
