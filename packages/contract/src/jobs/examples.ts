import type * as z from 'zod';
import type { Job, JobResponseSchema, ListJobsResponseSchema, ListOutcomesResponseSchema } from './schemas.ts';

const done: Job = {
  id: 'job_1234567890abcdef',
  kind: 'bulk_delete',
  status: 'completed',
  stopReason: null,
  filter: { status: 'lost' },
  total: 1234,
  done: 1234,
  succeeded: 1230,
  skipped: 1,
  failed: 3,
  keyId: 'key_1234567890abcdef',
  createdAt: '2024-01-16T15:46:00.000Z',
  startedAt: '2024-01-16T15:46:00.100Z',
  finishedAt: '2024-01-16T15:46:02.500Z',
};

/** A job that has not begun. */
export const queued: Job = { ...done, status: 'queued', done: 0, succeeded: 0, skipped: 0, failed: 0, startedAt: null, finishedAt: null };

const running: Job = { ...done, status: 'running', done: 500, succeeded: 499, skipped: 0, failed: 1, finishedAt: null };

export const foundJob = {
  running: { summary: 'A job that is under way', value: { success: true, data: running } },
  completed: { summary: 'A job that is done', value: { success: true, data: done } },
  stopped: {
    summary: 'A job whose key was revoked',
    value: {
      success: true,
      data: { ...running, status: 'stopped', stopReason: 'key_revoked', finishedAt: '2024-01-16T15:46:01.000Z' },
    },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof JobResponseSchema> }>;

export const listedJobs = {
  page: {
    summary: 'The only page',
    value: { success: true, data: { jobs: [done], pagination: { limit: 20, hasNext: false, nextCursor: null } } },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof ListJobsResponseSchema> }>;

export const listedOutcomes = {
  page: {
    summary: 'The first of several pages',
    value: {
      success: true,
      data: {
        outcomes: [
          { leadId: 'lead_1234567890abcdef', outcome: 'deleted', backupId: 'backup_1234567890abcdef' },
          { leadId: 'lead_01hm6x8qz3v9k4n7w2x5y6b8c0', outcome: 'failed', code: 'LEAD_IN_USE' },
        ],
        pagination: { limit: 2, hasNext: true, nextCursor: 'eyJ2IjoxfQ' },
      },
    },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof ListOutcomesResponseSchema> }>;

export const cancelledJob = {
  cancelled: {
    summary: 'The job is cancelled',
    value: { success: true, data: { ...running, status: 'cancelled', finishedAt: '2024-01-16T15:46:01.000Z' } },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof JobResponseSchema> }>;
