import type * as z from 'zod';
import type { CreateLeadSchema, DeleteLeadResponseSchema, Lead, ListLeadsResponseSchema, UpdateLeadSchema } from './schemas.ts';

const john: Lead = {
  id: 'lead_1234567890abcdef',
  name: 'John Doe',
  email: 'john.doe@example.com',
  phone: '+1-555-0123',
  source: 'website',
  status: 'new',
  metadata: { company: 'Acme Corp', interest: 'enterprise plan' },
  createdAt: '2024-01-15T10:30:00.000Z',
  updatedAt: '2024-01-15T10:30:00.000Z',
  workspaceId: 'ws_1234567890abcdef',
};

const jane: Lead = {
  id: 'lead_01hm6x8qz3v9k4n7w2x5y6b8c0',
  name: 'Jane Smith',
  email: 'jane@example.org',
  phone: null,
  source: null,
  status: 'qualified',
  metadata: {},
  createdAt: '2024-01-14T08:00:00.000Z',
  updatedAt: '2024-01-15T09:12:30.250Z',
  workspaceId: 'ws_1234567890abcdef',
};

const archived: Lead = {
  ...john,
  status: 'lost',
  metadata: { ...john.metadata, archived: true, archived_at: '2024-01-16T15:45:00.000Z', archived_reason: 'No longer interested' },
  updatedAt: '2024-01-16T15:45:00.000Z',
};

export const createLeadBodies = {
  minimal: { summary: 'Only what is required', value: { name: 'Jane Smith', email: 'jane@example.org' } },
  full: {
    summary: 'Every field',
    value: {
      name: john.name,
      email: john.email,
      phone: john.phone,
      source: john.source,
      status: 'new',
      metadata: john.metadata,
    },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof CreateLeadSchema> }>;

export const updateLeadBodies = {
  status: { summary: 'Change the status', value: { status: 'qualified' } },
  archive: {
    summary: 'Archive instead of delete',
    value: {
      status: 'lost',
      metadata: { archived: true, archived_at: '2024-01-16T15:45:00.000Z', archived_reason: 'No longer interested' },
    },
  },
  clear: { summary: 'Clear the phone number and one key of the metadata', value: { phone: null, metadata: { interest: null } } },
} satisfies Record<string, { summary: string; value: z.input<typeof UpdateLeadSchema> }>;

export const createdLead = { created: { summary: 'The new lead', value: { success: true, data: john } } };
export const foundLead = {
  lead: { summary: 'A lead', value: { success: true, data: john } },
  sparse: { summary: 'A lead without phone, source and metadata', value: { success: true, data: jane } },
};
export const updatedLead = {
  updated: {
    summary: 'The lead after the change',
    value: { success: true, data: { ...john, status: 'qualified', updatedAt: '2024-01-16T09:00:00.000Z' } },
  },
  archived: { summary: 'The lead, archived instead of deleted', value: { success: true, data: archived } },
};

export const listedLeads = {
  page: {
    summary: 'The first of two pages',
    value: {
      success: true,
      data: {
        leads: [john, jane],
        pagination: { page: 1, limit: 2, total: 3, totalPages: 2, hasNext: true, hasPrev: false, nextCursor: 'eyJ2IjoxfQ' },
      },
    },
  },
  empty: {
    summary: 'No lead matches',
    value: {
      success: true,
      data: { leads: [], pagination: { page: 1, limit: 20, total: 0, totalPages: 0, hasNext: false, hasPrev: false, nextCursor: null } },
    },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof ListLeadsResponseSchema> }>;

export const deletedLead = {
  deleted: {
    summary: 'The lead is gone',
    value: { success: true, message: 'Lead deleted successfully', data: { id: john.id, deletedAt: '2024-01-16T15:45:00.000Z' } },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof DeleteLeadResponseSchema> }>;
