import { type Lead, LeadSchema } from './schemas.ts';

/** The columns of a CSV of leads, in their order: every field of a lead but its workspace, which is the caller's own. */
export const LEAD_CSV_COLUMNS = (Object.keys(LeadSchema.shape) as (keyof Lead)[]).filter((field) => field !== 'workspaceId');
