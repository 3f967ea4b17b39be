import { errorResponses } from '../errors/envelope.ts';
import { WriteHeadersSchema } from '../http/headers.ts';
import { BODY_ERRORS, c, COMMON_ERRORS, type OperationMetadata, WRITE_ERRORS } from '../http/operation.ts';
import { createActivityBodies, createdActivity, deletedActivity, foundActivity, listedActivities } from './examples.ts';
import {
  ACTIVITIES_MAX_BYTES_PER_LEAD,
  ACTIVITIES_MAX_PER_LEAD,
  ActivitiesPathSchema,
  ActivityPathSchema,
  ActivityResponseSchema,
  CreateActivitySchema,
  DeleteActivityResponseSchema,
  ListActivitiesQuerySchema,
  ListActivitiesResponseSchema,
} from './schemas.ts';

/** The operations on the activities of a lead. */
export const activities = c.router({
  create: {
    method: 'POST',
    path: '/api/v1/leads/:leadId/activities',
    summary: 'Add an activity',
    description:
      `Writes down what happened with a lead: a note, a call, an e-mail, a chat or a meeting. A lead has at most ${ACTIVITIES_MAX_PER_LEAD} activities, ` +
      `which have at most ${ACTIVITIES_MAX_BYTES_PER_LEAD / 1_048_576} MiB of JSON together. ` +
      'They go when the lead is deleted.',
    pathParams: ActivitiesPathSchema,
    headers: WriteHeadersSchema,
    body: CreateActivitySchema,
    responses: {
      201: ActivityResponseSchema,
      ...errorResponses(...COMMON_ERRORS, ...BODY_ERRORS, ...WRITE_ERRORS, 'LEAD_NOT_FOUND', 'ACTIVITY_LIMIT_REACHED', 'LEAD_TOO_LARGE'),
    },
    metadata: {
      scope: 'leads:write',
      requestExamples: createActivityBodies,
      successExamples: createdActivity,
      successHeaders: ['Location'],
    } satisfies OperationMetadata,
  },
  list: {
    method: 'GET',
    path: '/api/v1/leads/:leadId/activities',
    summary: 'List activities',
    description: 'Lists what happened with a lead, latest first, a page at a time.',
    pathParams: ActivitiesPathSchema,
    query: ListActivitiesQuerySchema,
    responses: { 200: ListActivitiesResponseSchema, ...errorResponses(...COMMON_ERRORS, 'LEAD_NOT_FOUND') },
    metadata: { scope: 'leads:read', successExamples: listedActivities } satisfies OperationMetadata,
  },
  get: {
    method: 'GET',
    path: '/api/v1/leads/:leadId/activities/:activityId',
    summary: 'Get an activity',
    description: 'Reads one activity of a lead.',
    pathParams: ActivityPathSchema,
    responses: { 200: ActivityResponseSchema, ...errorResponses(...COMMON_ERRORS, 'ACTIVITY_NOT_FOUND') },
    metadata: { scope: 'leads:read', successExamples: foundActivity } satisfies OperationMetadata,
  },
  delete: {
    method: 'DELETE',
    path: '/api/v1/leads/:leadId/activities/:activityId',
    summary: 'Delete an activity',
    description: 'Permanently removes one activity of a lead. It stands in the audit log, without its text.',
    pathParams: ActivityPathSchema,
    headers: WriteHeadersSchema,
    responses: { 200: DeleteActivityResponseSchema, ...errorResponses(...COMMON_ERRORS, ...WRITE_ERRORS, 'ACTIVITY_NOT_FOUND') },
    metadata: { scope: 'leads:delete', successExamples: deletedActivity } satisfies OperationMetadata,
  },
});
