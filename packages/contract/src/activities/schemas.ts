import * as z from 'zod';
import { idField, idParameter, timestamp, timestampInput } from '../http/ids.ts';
import { metadata } from '../http/metadata.ts';
import { CursorPaginationSchema, CursorSchema, LimitSchema } from '../http/pagination.ts';
import { pii } from '../http/personal-data.ts';
import { success, successWithMessage } from '../http/success.ts';
import { text } from '../http/text.ts';

/** The longest `text` of an activity, in characters. */
export const ACTIVITY_TEXT_MAX_LENGTH = 5_000;
/** The largest `metadata` of an activity, in bytes of its JSON without white space, in UTF-8. */
export const ACTIVITY_METADATA_MAX_BYTES = 4_096;
/** How many activities a lead may have. */
export const ACTIVITIES_MAX_PER_LEAD = 500;
/**
 * How large the activities of a lead may be together, in bytes of their JSON: 12 MiB. With all else that is in its record the lead
 * stays below `IMPORT_MAX_BYTES`, so that whatever is exported can be imported.
 */
export const ACTIVITIES_MAX_BYTES_PER_LEAD = 12_582_912;

const EXAMPLE_ID = 'act_1234567890abcdef';
const EXAMPLE_TIME = '2024-01-15T11:00:00.000Z';

/** What kind of contact an activity was. */
export const ActivityTypeSchema = z.enum(['note', 'call', 'email', 'chat', 'meeting']).meta({
  id: 'ActivityType',
  title: 'ActivityType',
  description: 'What kind of contact it was.',
  examples: ['call'],
});

const activityText = pii(
  text(1, ACTIVITY_TEXT_MAX_LENGTH).meta({
    description: 'What was said or done.',
    examples: ['Asked for an offer for 20 seats.'],
    minLength: 1,
    maxLength: ACTIVITY_TEXT_MAX_LENGTH,
  }),
);

/** The `metadata` of an activity. */
export const ActivityMetadataSchema = metadata('ActivityMetadata', ACTIVITY_METADATA_MAX_BYTES, { durationMinutes: 12 });

/** Something that happened with a lead: a note, a call, an e-mail, a chat or a meeting. */
export const ActivitySchema = z
  .strictObject({
    id: idField('activity', 'act'),
    leadId: idField('lead', 'lead'),
    type: ActivityTypeSchema,
    text: activityText,
    metadata: ActivityMetadataSchema,
    occurredAt: timestamp('When it happened.', EXAMPLE_TIME),
    createdAt: timestamp('When it was written down.', EXAMPLE_TIME),
  })
  .meta({ id: 'Activity', title: 'Activity', description: 'Something that happened with a lead.' });

/** The body of `activities.create`. */
export const CreateActivitySchema = z
  .strictObject({
    type: ActivityTypeSchema,
    text: activityText,
    occurredAt: timestampInput('When it happened; now when left out.', EXAMPLE_TIME).optional(),
    metadata: ActivityMetadataSchema.optional(),
  })
  .meta({ id: 'CreateActivityRequest', title: 'CreateActivityRequest', description: 'A new activity.' });

/** The path of the activities of a lead. */
export const ActivitiesPathSchema = z.strictObject({ leadId: idParameter('lead', 'lead_1234567890abcdef') });
/** The path of one activity. */
export const ActivityPathSchema = ActivitiesPathSchema.extend({ activityId: idParameter('activity', EXAMPLE_ID) });

/** The query of `activities.list`. */
export const ListActivitiesQuerySchema = z.strictObject({ limit: LimitSchema, cursor: CursorSchema.optional() });

/** The answer of `activities.create` and `activities.get`. */
export const ActivityResponseSchema = success('ActivityResponse', ActivitySchema);

/** The answer of `activities.list`. */
export const ListActivitiesResponseSchema = success(
  'ListActivitiesResponse',
  z.strictObject({
    activities: z.array(ActivitySchema).meta({ description: 'The activities of this page.' }),
    pagination: CursorPaginationSchema,
  }),
);

/** The answer of `activities.delete`. */
export const DeleteActivityResponseSchema = successWithMessage(
  'DeleteActivityResponse',
  'Activity deleted successfully',
  z.strictObject({
    id: idField('activity', 'act'),
    deletedAt: timestamp('When the activity was deleted.', '2024-01-16T15:45:00.000Z'),
  }),
);

/** An activity as the API answers it. */
export type Activity = z.infer<typeof ActivitySchema>;
