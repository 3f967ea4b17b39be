import * as z from 'zod';
import { timestampInput } from '../http/ids.ts';
import { selectedBy } from './schemas.ts';

/** Which leads a bulk operation is for, where it does not name them. */
export const BulkFilterSchema = z
  .strictObject({
    ...selectedBy('body'),
    archived: z
      .boolean()
      .optional()
      .meta({ description: 'Only leads that are archived, or only those that are not.', examples: [true] }),
    createdBefore: timestampInput('Only leads created before this moment.', '2024-02-01T00:00:00Z').optional(),
    updatedBefore: timestampInput('Only leads last changed before this moment.', '2024-02-01T00:00:00Z').optional(),
  })
  .refine((filter) => Object.keys(filter).length > 0, 'Must contain at least one condition')
  .meta({ id: 'BulkFilter', title: 'BulkFilter', minProperties: 1, description: 'Which leads: those that meet every condition.' });
