import * as z from 'zod';
import { ActivitySchema, ACTIVITIES_MAX_PER_LEAD } from '../activities/schemas.ts';
import { idField, timestamp } from '../http/ids.ts';
import { LeadSchema, LeadStatusSchema } from './schemas.ts';

/** How many campaigns one record can name. */
const CAMPAIGNS_MAX_PER_RECORD = 1_000;

/** A lead with everything that hangs on it: what a backup keeps, an export writes and an import reads. */
export const LeadRecordSchema = z
  .strictObject({
    lead: LeadSchema,
    statusBeforeArchive: LeadStatusSchema.nullable()
      .default(null)
      .meta({
        description: 'The status that unarchiving brings back; null where the lead is not archived, or was not given one.',
        examples: [null],
      }),
    activities: z
      .array(ActivitySchema)
      .max(ACTIVITIES_MAX_PER_LEAD)
      .default([])
      .meta({ description: 'The activities of the lead, in the order in which they happened.' }),
    campaigns: z
      .array(
        z.strictObject({
          id: idField('campaign', 'camp'),
          enrolledAt: timestamp('When the lead was enrolled.', '2024-01-15T12:00:00.000Z'),
        }),
      )
      .max(CAMPAIGNS_MAX_PER_RECORD)
      .default([])
      .meta({ description: 'The campaigns that the lead is in.' }),
  })
  .meta({ id: 'LeadRecord', title: 'LeadRecord', description: 'A lead with everything that hangs on it.' });

/** A lead with everything that hangs on it. */
export type LeadRecord = z.infer<typeof LeadRecordSchema>;
