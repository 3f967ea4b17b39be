import type * as z from 'zod';
import type {
  Campaign,
  CampaignLeadsSchema,
  CreateCampaignSchema,
  DeleteCampaignResponseSchema,
  EnrollLeadsResponseSchema,
  EnrollmentResponseSchema,
  ListCampaignLeadsResponseSchema,
  ListCampaignsResponseSchema,
  RemoveLeadResponseSchema,
  RemoveLeadsResponseSchema,
  UpdateCampaignSchema,
} from './schemas.ts';

const spring: Campaign = {
  id: 'camp_1234567890abcdef',
  name: 'Spring offer',
  status: 'active',
  createdAt: '2024-01-10T08:00:00.000Z',
  updatedAt: '2024-01-10T08:00:00.000Z',
  workspaceId: 'ws_1234567890abcdef',
};
const enrollment = { campaignId: spring.id, leadId: 'lead_1234567890abcdef', enrolledAt: '2024-01-15T12:00:00.000Z' };

export const createCampaignBodies = {
  draft: { summary: 'A draft', value: { name: spring.name } },
  active: { summary: 'A campaign that runs at once', value: { name: spring.name, status: 'active' } },
} satisfies Record<string, { summary: string; value: z.input<typeof CreateCampaignSchema> }>;

export const updateCampaignBodies = {
  pause: { summary: 'Pause it', value: { status: 'paused' } },
} satisfies Record<string, { summary: string; value: z.input<typeof UpdateCampaignSchema> }>;

export const campaignLeadsBodies = {
  two: { summary: 'Two leads', value: { leadIds: ['lead_1234567890abcdef', 'lead_nonexistent123'] } },
} satisfies Record<string, { summary: string; value: z.input<typeof CampaignLeadsSchema> }>;

export const createdCampaign = { created: { summary: 'The new campaign', value: { success: true, data: spring } } };
export const foundCampaign = { campaign: { summary: 'A campaign', value: { success: true, data: spring } } };
export const updatedCampaign = {
  paused: {
    summary: 'The campaign after the change',
    value: { success: true, data: { ...spring, status: 'paused', updatedAt: '2024-01-16T09:00:00.000Z' } },
  },
};

export const listedCampaigns = {
  page: {
    summary: 'The only page',
    value: { success: true, data: { campaigns: [spring], pagination: { limit: 20, hasNext: false, nextCursor: null } } },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof ListCampaignsResponseSchema> }>;

export const deletedCampaign = {
  deleted: {
    summary: 'The campaign is gone; its leads stay',
    value: { success: true, message: 'Campaign deleted successfully', data: { id: spring.id, deletedAt: '2024-01-16T15:45:00.000Z' } },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof DeleteCampaignResponseSchema> }>;

export const listedEnrollments = {
  page: {
    summary: 'The only page',
    value: { success: true, data: { enrollments: [enrollment], pagination: { limit: 20, hasNext: false, nextCursor: null } } },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof ListCampaignLeadsResponseSchema> }>;

export const enrolledLead = {
  enrolled: { summary: 'The lead is in the campaign', value: { success: true, data: enrollment } },
} satisfies Record<string, { summary: string; value: z.input<typeof EnrollmentResponseSchema> }>;

export const removedLead = {
  removed: {
    summary: 'The lead is not in the campaign any more',
    value: { success: true, data: { campaignId: spring.id, leadId: enrollment.leadId, removed: true } },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof RemoveLeadResponseSchema> }>;

export const enrolledLeads = {
  outcomes: {
    summary: 'What came of each lead',
    value: {
      success: true,
      data: {
        outcomes: [
          { leadId: 'lead_1234567890abcdef', outcome: 'enrolled' },
          { leadId: 'lead_nonexistent123', outcome: 'not_found' },
        ],
      },
    },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof EnrollLeadsResponseSchema> }>;

export const removedLeads = {
  outcomes: {
    summary: 'What came of each lead',
    value: {
      success: true,
      data: {
        outcomes: [
          { leadId: 'lead_1234567890abcdef', outcome: 'removed' },
          { leadId: 'lead_nonexistent123', outcome: 'not_enrolled' },
        ],
      },
    },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof RemoveLeadsResponseSchema> }>;
