import type * as z from 'zod';
import { call } from '../activities/examples.ts';
import { queued } from '../jobs/examples.ts';
import type {
  BulkAnonymizeSchema,
  BulkArchiveSchema,
  BulkDeleteSchema,
  BulkJobResponseSchema,
  BulkResponseSchema,
} from './bulk-schemas.ts';
import { LEAD_CSV_COLUMNS } from './csv-columns.ts';
import type { LeadRecord } from './record.ts';
import type {
  AnonymizeLeadResponseSchema,
  AnonymizeLeadSchema,
  ArchiveLeadSchema,
  CreateLeadSchema,
  DeleteLeadResponseSchema,
  DeletionPreviewResponseSchema,
  Lead,
  LeadStatsResponseSchema,
  ListLeadsResponseSchema,
  UpdateLeadSchema,
} from './schemas.ts';
import { CSV, type ImportLeadsResponseSchema, type LeadRecordResponseSchema, NDJSON } from './transfer-schemas.ts';

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
  backedUp: {
    summary: 'The lead is gone, and can be restored',
    value: {
      success: true,
      message: 'Lead deleted successfully',
      data: { id: john.id, deletedAt: '2024-01-16T15:45:00.000Z', backupId: 'backup_1234567890abcdef' },
    },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof DeleteLeadResponseSchema> }>;

const preview = {
  lead: john,
  etag: '"5f0c3c2e-8d0b-4c5e-9a57-0f6d2b1c7e34"',
  attached: { activities: 3, campaigns: 1 },
  backups: 0,
  deletable: true,
  blockers: [],
  confirmationToken: 'eyJ2IjoxfQ.c2lnbmF0dXJl',
  confirmationExpiresAt: '2024-01-16T15:55:00.000Z',
};

export const previewedDeletion = {
  free: { summary: 'Nothing stands in the way', value: { success: true, data: preview } },
  blocked: {
    summary: 'The lead is in an active campaign',
    value: { success: true, data: { ...preview, deletable: false, blockers: [{ id: 'camp_1234567890abcdef', name: 'Spring offer' }] } },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof DeletionPreviewResponseSchema> }>;

export const archiveLeadBodies = {
  reason: { summary: 'With a reason', value: { reason: 'No longer interested' } },
} satisfies Record<string, { summary: string; value: z.input<typeof ArchiveLeadSchema> }>;

export const archivedLead = { archived: { summary: 'The lead, archived', value: { success: true, data: archived } } };
export const unarchivedLead = {
  unarchived: {
    summary: 'The lead, as it was before',
    value: { success: true, data: { ...john, updatedAt: '2024-01-17T09:00:00.000Z' } },
  },
};

export const anonymizeLeadBodies = {
  all: { summary: 'Keep nothing of the metadata', value: {} },
  some: { summary: 'Keep what says nothing about the person', value: { keepMetadata: ['interest'], reason: 'Asked to be forgotten' } },
} satisfies Record<string, { summary: string; value: z.input<typeof AnonymizeLeadSchema> }>;

export const anonymizedLead = {
  anonymized: {
    summary: 'The lead without the person',
    value: {
      success: true,
      message: 'Lead anonymized successfully',
      data: {
        lead: {
          ...john,
          name: 'Anonymized',
          email: 'lead_1234567890abcdef@anonymized.invalid',
          phone: null,
          metadata: { interest: 'enterprise plan' },
        },
        removed: { activityTexts: 3, backups: 1 },
      },
    },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof AnonymizeLeadResponseSchema> }>;

export const leadStats = {
  stats: {
    summary: 'Two leads',
    value: {
      success: true,
      data: {
        total: 2,
        byStatus: { new: 1, contacted: 0, qualified: 1, converted: 0, lost: 0, follow_up: 0 },
        bySource: [
          { source: 'website', count: 1 },
          { source: null, count: 1 },
        ],
        otherSources: 0,
        byDay: [
          { day: '2024-01-14', count: 1 },
          { day: '2024-01-15', count: 1 },
        ],
      },
    },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof LeadStatsResponseSchema> }>;

/** A lead with everything that hangs on it, as the examples show it. */
export const johnsRecord: LeadRecord = {
  lead: john,
  statusBeforeArchive: null,
  activities: [call],
  campaigns: [{ id: 'camp_1234567890abcdef', enrolledAt: '2024-01-15T12:00:00.000Z' }],
};

const janesRecord: LeadRecord = { lead: jane, statusBeforeArchive: null, activities: [], campaigns: [] };
const line = (record: LeadRecord) => `${JSON.stringify(record)}\n`;
const csv = (fields: readonly unknown[]) => `${fields.join(',')}\r\n`;

export const exportedRecord = {
  record: { summary: 'A lead with everything that hangs on it', value: { success: true, data: johnsRecord } },
} satisfies Record<string, { summary: string; value: z.input<typeof LeadRecordResponseSchema> }>;

export const exportedLeads = {
  ndjson: { summary: 'Two leads as NDJSON', mediaType: NDJSON, value: `${line(johnsRecord)}${line(janesRecord)}{"export":{"leads":2}}\n` },
  csv: {
    summary: 'One lead as CSV',
    mediaType: CSV,
    value: csv(LEAD_CSV_COLUMNS) + csv(LEAD_CSV_COLUMNS.map((column) => (column === 'metadata' ? '{}' : jane[column]))),
  },
};

export const importLeadsBodies = {
  two: { summary: 'Two leads', mediaType: NDJSON, value: line(johnsRecord) + line(janesRecord) },
  csv: {
    summary: 'Two new leads, from a spreadsheet',
    mediaType: CSV,
    value: 'Name;E-Mail;Phone\r\nJohn Doe;john.doe@example.com;+1-555-0123\r\nJane Smith;jane@example.org;\r\n',
  },
};

export const importedLeads = {
  outcomes: {
    summary: 'One imported, one there already, one wrong',
    value: {
      success: true,
      data: {
        imported: 1,
        skipped: 1,
        failed: 1,
        outcomes: [
          { line: 1, leadId: 'lead_1234567890abcdef', outcome: 'imported' },
          { line: 2, leadId: 'lead_01hm6x8qz3v9k4n7w2x5y6b8c0', outcome: 'skipped', code: 'LEAD_EXISTS' },
          {
            line: 3,
            leadId: 'lead_2',
            outcome: 'failed',
            code: 'VALIDATION_ERROR',
            issues: [{ location: 'lead.email', message: 'Invalid email address', code: 'invalid_format' }],
          },
        ],
      },
    },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof ImportLeadsResponseSchema> }>;

const ids = ['lead_1234567890abcdef', 'lead_nonexistent123'];

// The first one is what tools send: it changes nothing.
export const bulkDeleteBodies = {
  dryRun: { summary: 'What would go?', value: { filter: { status: 'lost', updatedBefore: '2023-01-01T00:00:00Z' }, dryRun: true } },
  plan: {
    summary: 'Exactly what was shown',
    value: { filter: { status: 'lost', updatedBefore: '2023-01-01T00:00:00Z' }, planToken: 'eyJ2IjoxfQ.c2lnbmF0dXJl' },
  },
  ids: { summary: 'These leads', value: { ids, reason: 'Spring cleaning' } },
} satisfies Record<string, { summary: string; value: z.input<typeof BulkDeleteSchema> }>;

export const bulkArchiveBodies = {
  dryRun: { summary: 'What would be archived?', value: { filter: { status: 'lost', archived: false }, dryRun: true } },
  ids: { summary: 'These leads', value: { ids, reason: 'No longer interested' } },
} satisfies Record<string, { summary: string; value: z.input<typeof BulkArchiveSchema> }>;

export const bulkAnonymizeBodies = {
  dryRun: { summary: 'What would be anonymized?', value: { filter: { archived: true }, dryRun: true } },
  ids: { summary: 'These leads', value: { ids, keepMetadata: ['interest'] } },
} satisfies Record<string, { summary: string; value: z.input<typeof BulkAnonymizeSchema> }>;

const plan = {
  summary: 'What would be done',
  value: {
    success: true,
    data: {
      dryRun: true,
      count: 1234,
      archived: 200,
      workspaceTotal: 5000,
      newestCreatedAt: '2024-01-15T10:30:00.000Z',
      sample: [jane],
      blocked: 3,
      blockers: [{ id: 'camp_1234567890abcdef', name: 'Spring offer' }],
      planToken: 'eyJ2IjoxfQ.c2lnbmF0dXJl',
      planExpiresAt: '2024-01-16T15:55:00.000Z',
    },
  },
} satisfies { summary: string; value: z.input<typeof BulkResponseSchema> };

const job = (kind: typeof queued.kind) =>
  ({ summary: 'The job that does it', status: 202, value: { success: true, data: { ...queued, kind } } }) satisfies {
    summary: string;
    status: number;
    value: z.input<typeof BulkJobResponseSchema>;
  };

const bulkOutcomes = (outcome: 'deleted' | 'archived' | 'anonymized', backup: { backupId?: string }) =>
  ({
    summary: 'What came of each lead',
    value: {
      success: true,
      data: {
        dryRun: false,
        succeeded: 1,
        skipped: 1,
        failed: 0,
        outcomes: [
          { leadId: ids[0]!, outcome, ...backup },
          { leadId: ids[1]!, outcome: 'skipped', code: 'LEAD_NOT_FOUND' },
        ],
      },
    },
  }) satisfies { summary: string; value: z.input<typeof BulkResponseSchema> };

export const bulkDeleted = { outcomes: bulkOutcomes('deleted', { backupId: 'backup_1234567890abcdef' }), plan, job: job('bulk_delete') };
export const bulkArchived = { outcomes: bulkOutcomes('archived', {}), plan, job: job('bulk_archive') };
export const bulkAnonymized = { outcomes: bulkOutcomes('anonymized', {}), plan, job: job('bulk_anonymize') };
