import type * as z from 'zod';
import type {
  CreateErasureResponseSchema,
  CreateErasureSchema,
  Erasure,
  ErasureResponseSchema,
  LiftSuppressionResponseSchema,
  PersonCounts,
} from './schemas.ts';

const counts: PersonCounts = { leads: 1, activities: 3, campaigns: 0, backups: 2, storedAnswers: 1, jobOutcomes: 0 };

const erasure: Erasure = {
  id: 'erasure_1234567890abcdef',
  erasedAt: '2024-01-16T15:45:00.000Z',
  keyId: 'key_1234567890abcdef',
  requestId: 'req_01jq8z3v9k4n7w2x5y6b8c0d1e',
  removed: counts,
  suppressionLiftedAt: null,
  outside: ['Copies of the database that its operator makes', 'Files that somebody exported'],
};

export const createErasureBodies = {
  dryRun: { summary: 'Look what there is of a person', value: { email: 'john.doe@example.com', dryRun: true } },
  erase: { summary: 'Erase it', value: { email: 'john.doe@example.com', planToken: 'eyJ2IjoxfQ.c2lnbmF0dXJl' } },
} satisfies Record<string, { summary: string; value: z.input<typeof CreateErasureSchema> }>;

export const createdErasure = {
  plan: {
    summary: 'What there is',
    value: {
      success: true,
      data: {
        dryRun: true,
        found: counts,
        blocked: 0,
        planToken: 'eyJ2IjoxfQ.c2lnbmF0dXJl',
        planExpiresAt: '2024-01-16T15:55:00.000Z',
      },
    },
  },
  erased: { summary: 'It is gone', value: { success: true, data: { dryRun: false, erasure } } },
} satisfies Record<string, { summary: string; value: z.input<typeof CreateErasureResponseSchema> }>;

export const foundErasure = {
  receipt: { summary: 'The receipt', value: { success: true, data: erasure } },
} satisfies Record<string, { summary: string; value: z.input<typeof ErasureResponseSchema> }>;

export const liftedSuppression = {
  lifted: {
    summary: 'The person may come again',
    value: {
      success: true,
      message: 'Suppression lifted successfully',
      data: { id: erasure.id, liftedAt: '2024-02-16T09:00:00.000Z' },
    },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof LiftSuppressionResponseSchema> }>;
