import * as z from 'zod';
import { ID_MAX_LENGTH, idField, idParameter, timestamp, WorkspaceIdSchema } from '../http/ids.ts';
import { CursorPaginationSchema, CursorSchema, LimitSchema } from '../http/pagination.ts';
import { success, successWithMessage } from '../http/success.ts';
import { text } from '../http/text.ts';

/** The longest `name` of a campaign, in characters. */
export const CAMPAIGN_NAME_MAX_LENGTH = 200;
/** How many campaigns a workspace may have. */
export const CAMPAIGNS_MAX = 1_000;
/** How many leads one request can enrol or remove. */
export const ENROLLMENT_MAX_LEADS = 1_000;
/** The largest body of a request that names that many leads, in bytes. */
export const ENROLLMENT_BODY_MAX_BYTES = 131_072;

/** Where a campaign stands. Only an active one holds up the deletion of its leads. */
export const CampaignStatusSchema = z.enum(['draft', 'active', 'paused', 'completed']).meta({
  id: 'CampaignStatus',
  title: 'CampaignStatus',
  description: 'Where the campaign stands. A lead in an `active` one is not deleted without `force=true`.',
  examples: ['active'],
});

const name = text(1, CAMPAIGN_NAME_MAX_LENGTH).meta({
  description: 'What the campaign is called. Not for personal data.',
  examples: ['Spring offer'],
  minLength: 1,
  maxLength: CAMPAIGN_NAME_MAX_LENGTH,
});

/** A campaign: something that leads take part in. */
export const CampaignSchema = z
  .strictObject({
    id: idField('campaign', 'camp'),
    name,
    status: CampaignStatusSchema,
    createdAt: timestamp('When the campaign was created.', '2024-01-10T08:00:00.000Z'),
    updatedAt: timestamp('When the campaign was last changed.', '2024-01-10T08:00:00.000Z'),
    workspaceId: WorkspaceIdSchema,
  })
  .meta({ id: 'Campaign', title: 'Campaign', description: 'Something that leads take part in.' });

/** The body of `campaigns.create`. */
export const CreateCampaignSchema = z
  .strictObject({
    name,
    status: CampaignStatusSchema.optional().meta({ description: 'Where the campaign stands; `draft` when left out.' }),
  })
  .meta({ id: 'CreateCampaignRequest', title: 'CreateCampaignRequest', description: 'A new campaign.' });

/** The body of `campaigns.update`: at least one field. */
export const UpdateCampaignSchema = z
  .strictObject({ name: name.optional(), status: CampaignStatusSchema.optional() })
  .refine((body) => Object.keys(body).length > 0, 'Must contain at least one field to change')
  .meta({
    id: 'UpdateCampaignRequest',
    title: 'UpdateCampaignRequest',
    minProperties: 1,
    description: 'The fields to change; what is left out stays.',
  });

/** The path of an operation on one campaign. */
export const CampaignPathSchema = z.strictObject({ campaignId: idParameter('campaign', 'camp_1234567890abcdef') });
/** The path of one lead in a campaign. */
export const CampaignLeadPathSchema = CampaignPathSchema.extend({ leadId: idParameter('lead', 'lead_1234567890abcdef') });

/** The query of `campaigns.list`. */
export const ListCampaignsQuerySchema = z.strictObject({
  status: CampaignStatusSchema.optional().meta({ description: 'Only campaigns with this status.' }),
  leadId: idParameter('lead', 'lead_1234567890abcdef').optional().meta({ description: 'Only campaigns that this lead is in.' }),
  limit: LimitSchema,
  cursor: CursorSchema.optional(),
});
/** The query of `campaigns.listLeads`. */
export const ListCampaignLeadsQuerySchema = z.strictObject({ limit: LimitSchema, cursor: CursorSchema.optional() });

/** The ids of leads in a request: 1 to 1,000, each once. */
export const LeadIdsSchema = z
  .array(z.string().min(1).max(ID_MAX_LENGTH))
  .min(1)
  .max(ENROLLMENT_MAX_LEADS)
  .refine((ids) => new Set(ids).size === ids.length, 'Must not name a lead twice')
  .meta({ description: 'The ids of the leads, each once.', examples: [['lead_1234567890abcdef']], uniqueItems: true });

/** The body of `campaigns.enroll` and `campaigns.remove`. */
export const CampaignLeadsSchema = z
  .strictObject({ leadIds: LeadIdsSchema })
  .meta({ id: 'CampaignLeadsRequest', title: 'CampaignLeadsRequest', description: 'The leads to enroll or to remove.' });

const enrolledAt = timestamp('When the lead was enrolled.', '2024-01-15T12:00:00.000Z');

/** A lead in a campaign. */
export const EnrollmentSchema = z
  .strictObject({ campaignId: idField('campaign', 'camp'), leadId: idField('lead', 'lead'), enrolledAt })
  .meta({ id: 'Enrollment', title: 'Enrollment', description: 'A lead in a campaign.' });

/** The answer of `campaigns.create`, `campaigns.get` and `campaigns.update`. */
export const CampaignResponseSchema = success('CampaignResponse', CampaignSchema);

/** The answer of `campaigns.list`. */
export const ListCampaignsResponseSchema = success(
  'ListCampaignsResponse',
  z.strictObject({
    campaigns: z.array(CampaignSchema).meta({ description: 'The campaigns of this page.' }),
    pagination: CursorPaginationSchema,
  }),
);

/** The answer of `campaigns.delete`. */
export const DeleteCampaignResponseSchema = successWithMessage(
  'DeleteCampaignResponse',
  'Campaign deleted successfully',
  z.strictObject({
    id: idField('campaign', 'camp'),
    deletedAt: timestamp('When the campaign was deleted.', '2024-01-16T15:45:00.000Z'),
  }),
);

/** The answer of `campaigns.listLeads`. */
export const ListCampaignLeadsResponseSchema = success(
  'ListCampaignLeadsResponse',
  z.strictObject({
    enrollments: z.array(EnrollmentSchema).meta({ description: 'The leads of this page.' }),
    pagination: CursorPaginationSchema,
  }),
);

/** The answer of `campaigns.enrollLead`. */
export const EnrollmentResponseSchema = success('EnrollmentResponse', EnrollmentSchema);

/** The answer of `campaigns.removeLead`. */
export const RemoveLeadResponseSchema = success(
  'RemoveLeadResponse',
  z.strictObject({
    campaignId: z.string().meta({ description: 'The campaign.', examples: ['camp_1234567890abcdef'] }),
    leadId: z.string().meta({ description: 'The lead.', examples: ['lead_1234567890abcdef'] }),
    removed: z.boolean().meta({ description: 'Whether the lead was in the campaign until now.', examples: [true] }),
  }),
);

const outcomes = <const Outcome extends string>(names: readonly Outcome[], description: string) =>
  z
    .array(
      z.strictObject({
        leadId: z.string().meta({ description: 'The id, as it was sent.', examples: ['lead_1234567890abcdef'] }),
        outcome: z.enum(names).meta({ description }),
      }),
    )
    .meta({ description: 'What came of each lead, in the order of the request.' });

/** The answer of `campaigns.enroll`. */
export const EnrollLeadsResponseSchema = success(
  'EnrollLeadsResponse',
  z.strictObject({
    outcomes: outcomes(['enrolled', 'already_enrolled', 'not_found'], 'Enrolled now, enrolled before, or no lead of this workspace.'),
  }),
);

/** The answer of `campaigns.remove`. */
export const RemoveLeadsResponseSchema = success(
  'RemoveLeadsResponse',
  z.strictObject({ outcomes: outcomes(['removed', 'not_enrolled'], 'Removed now, or not in the campaign.') }),
);

/** A campaign as the API answers it. */
export type Campaign = z.infer<typeof CampaignSchema>;
