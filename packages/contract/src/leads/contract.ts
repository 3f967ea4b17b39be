import { errorResponses } from '../errors/envelope.ts';
import { BODY_ERRORS, c, COMMON_ERRORS, NoQuerySchema, type OperationMetadata } from '../http/operation.ts';
import { createdLead, createLeadBodies, deletedLead, foundLead, listedLeads, updatedLead, updateLeadBodies } from './examples.ts';
import {
  CreateLeadSchema,
  DeleteLeadResponseSchema,
  LeadPathSchema,
  LeadResponseSchema,
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
      'look for it with `GET /api/v1/leads?email=…` first if you want only one.',
    query: NoQuerySchema,
    body: CreateLeadSchema,
    responses: { 201: LeadResponseSchema, ...errorResponses(...COMMON_ERRORS, ...BODY_ERRORS) },
    metadata: {
      scope: 'leads:write',
      requestExamples: createLeadBodies,
      successExamples: createdLead,
      successHeaders: ['Location'],
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
  get: {
    method: 'GET',
    path: '/api/v1/leads/:leadId',
    summary: 'Get a lead',
    description: 'Reads one lead of your workspace.',
    pathParams: LeadPathSchema,
    query: NoQuerySchema,
    responses: { 200: LeadResponseSchema, ...errorResponses(...COMMON_ERRORS, 'LEAD_NOT_FOUND') },
    metadata: { scope: 'leads:read', successExamples: foundLead } satisfies OperationMetadata,
  },
  update: {
    method: 'PUT',
    path: '/api/v1/leads/:leadId',
    summary: 'Update a lead',
    description:
      'Changes the fields that are sent and leaves the others as they are. `metadata` is merged key by key; `null` clears `phone`, `source` ' +
      'or a key of the metadata. `id`, `createdAt` and `workspaceId` never change.',
    pathParams: LeadPathSchema,
    query: NoQuerySchema,
    body: UpdateLeadSchema,
    responses: { 200: LeadResponseSchema, ...errorResponses(...COMMON_ERRORS, ...BODY_ERRORS, 'LEAD_NOT_FOUND') },
    metadata: { scope: 'leads:write', requestExamples: updateLeadBodies, successExamples: updatedLead } satisfies OperationMetadata,
  },
  delete: {
    method: 'DELETE',
    path: '/api/v1/leads/:leadId',
    summary: 'Delete a lead',
    description:
      'Permanently removes a lead from your workspace. This action cannot be undone: the lead and all associated data are deleted, ' +
      'it cannot be retrieved afterwards, and its id is never used again. A lead that is unknown, already deleted or in another workspace gets the same 404.',
    pathParams: LeadPathSchema,
    query: NoQuerySchema,
    responses: { 200: DeleteLeadResponseSchema, ...errorResponses(...COMMON_ERRORS, 'LEAD_NOT_FOUND') },
    metadata: { scope: 'leads:delete', successExamples: deletedLead } satisfies OperationMetadata,
  },
});
