import { errorResponses } from '../errors/envelope.ts';
import { WriteHeadersSchema } from '../http/headers.ts';
import { c, COMMON_ERRORS, type OperationMetadata, WRITE_ERRORS } from '../http/operation.ts';
import { cancelledJob, foundJob, listedJobs, listedOutcomes } from './examples.ts';
import {
  JOB_RETENTION_DAYS,
  JobPathSchema,
  JobResponseSchema,
  ListJobsQuerySchema,
  ListJobsResponseSchema,
  ListOutcomesQuerySchema,
  ListOutcomesResponseSchema,
} from './schemas.ts';

/** The operations on jobs. */
export const jobs = c.router({
  list: {
    method: 'GET',
    path: '/api/v1/jobs',
    summary: 'List jobs',
    description: `Lists the jobs of your workspace, newest first, a page at a time. A job can be read for ${JOB_RETENTION_DAYS} days after its end.`,
    query: ListJobsQuerySchema,
    responses: { 200: ListJobsResponseSchema, ...errorResponses(...COMMON_ERRORS) },
    metadata: { scope: 'leads:read', successExamples: listedJobs } satisfies OperationMetadata,
  },
  get: {
    method: 'GET',
    path: '/api/v1/jobs/:jobId',
    summary: 'Get a job',
    description:
      'Reads how far a job is. A job goes on for as long as the key that asked for it may be used: revoked or expired, it stops within 5 seconds.',
    pathParams: JobPathSchema,
    responses: { 200: JobResponseSchema, ...errorResponses(...COMMON_ERRORS, 'JOB_NOT_FOUND') },
    metadata: { scope: 'leads:read', successExamples: foundJob } satisfies OperationMetadata,
  },
  listOutcomes: {
    method: 'GET',
    path: '/api/v1/jobs/:jobId/outcomes',
    summary: 'List the outcomes of a job',
    description: 'Lists what came of each lead so far, in the order in which the job takes them, a page at a time.',
    pathParams: JobPathSchema,
    query: ListOutcomesQuerySchema,
    responses: { 200: ListOutcomesResponseSchema, ...errorResponses(...COMMON_ERRORS, 'JOB_NOT_FOUND') },
    metadata: { scope: 'leads:read', successExamples: listedOutcomes } satisfies OperationMetadata,
  },
  cancel: {
    method: 'POST',
    path: '/api/v1/jobs/:jobId/cancel',
    summary: 'Cancel a job',
    description: 'Stops a job. What was done stays done, and has its outcome; no other lead is touched any more once this is answered.',
    pathParams: JobPathSchema,
    headers: WriteHeadersSchema,
    body: c.noBody(),
    responses: { 200: JobResponseSchema, ...errorResponses(...COMMON_ERRORS, ...WRITE_ERRORS, 'JOB_NOT_FOUND', 'JOB_FINISHED') },
    metadata: { scope: 'leads:delete', successExamples: cancelledJob } satisfies OperationMetadata,
  },
});
