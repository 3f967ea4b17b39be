import type * as z from 'zod';
import type { Activity, CreateActivitySchema, DeleteActivityResponseSchema, ListActivitiesResponseSchema } from './schemas.ts';

/** A call, as the examples show it. */
export const call: Activity = {
  id: 'act_1234567890abcdef',
  leadId: 'lead_1234567890abcdef',
  type: 'call',
  text: 'Asked for an offer for 20 seats.',
  metadata: { durationMinutes: 12 },
  occurredAt: '2024-01-15T11:00:00.000Z',
  createdAt: '2024-01-15T11:15:00.000Z',
};

export const createActivityBodies = {
  note: { summary: 'A note about now', value: { type: 'note', text: 'Prefers e-mail.' } },
  call: {
    summary: 'A call that was earlier',
    value: { type: 'call', text: call.text, occurredAt: call.occurredAt, metadata: call.metadata },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof CreateActivitySchema> }>;

export const createdActivity = { created: { summary: 'The new activity', value: { success: true, data: call } } };
export const foundActivity = { activity: { summary: 'An activity', value: { success: true, data: call } } };

export const listedActivities = {
  page: {
    summary: 'The only page',
    value: { success: true, data: { activities: [call], pagination: { limit: 20, hasNext: false, nextCursor: null } } },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof ListActivitiesResponseSchema> }>;

export const deletedActivity = {
  deleted: {
    summary: 'The activity is gone',
    value: { success: true, message: 'Activity deleted successfully', data: { id: call.id, deletedAt: '2024-01-16T15:45:00.000Z' } },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof DeleteActivityResponseSchema> }>;
