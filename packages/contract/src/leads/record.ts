import * as z from 'zod';
import { ActivitySchema, ACTIVITIES_MAX_PER_LEAD } from '../activities/schemas.ts';
import { idField, timestamp, withMomentsAsInput } from '../http/ids.ts';
import { LeadSchema, LeadStatusSchema } from './schemas.ts';

/** How many campaigns one record can name. */
const CAMPAIGNS_MAX_PER_RECORD = 1_000;

const EnrollmentSchema = z.strictObject({
  id: idField('campaign', 'camp'),
  enrolledAt: timestamp('When the lead was enrolled.', '2024-01-15T12:00:00.000Z'),
});

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
      .array(EnrollmentSchema)
      .max(CAMPAIGNS_MAX_PER_RECORD)
      .default([])
      .meta({ description: 'The campaigns that the lead is in.' }),
  })
  .meta({ id: 'LeadRecord', title: 'LeadRecord', description: 'A lead with everything that hangs on it.' });

/** A lead with everything that hangs on it. */
export type LeadRecord = z.infer<typeof LeadRecordSchema>;

/** The lead of a record that is brought in: moments may be written as in the filters. */
export const ImportedLeadSchema = withMomentsAsInput(LeadSchema);
/** An activity of a record that is brought in. */
export const ImportedActivitySchema = withMomentsAsInput(ActivitySchema);
/** A record that is brought in. */
export const ImportedRecordSchema = z.strictObject({
  ...LeadRecordSchema.shape,
  lead: ImportedLeadSchema,
  activities: z.array(ImportedActivitySchema).max(ACTIVITIES_MAX_PER_LEAD).default([]),
  campaigns: z.array(withMomentsAsInput(EnrollmentSchema)).max(CAMPAIGNS_MAX_PER_RECORD).default([]),
});
