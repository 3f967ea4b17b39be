import { activities } from './activities/contract.ts';
import { apiKeys } from './api-keys/contract.ts';
import { auditLog } from './audit-log/contract.ts';
import { backups } from './backups/contract.ts';
import { campaigns } from './campaigns/contract.ts';
import { deletions } from './deletions/contract.ts';
import { erasures } from './erasures/contract.ts';
import { c } from './http/operation.ts';
import { jobs } from './jobs/contract.ts';
import { leads } from './leads/contract.ts';

/** The Leads API: everything else in this repository is built from it. */
export const contract = c.router(
  { leads, activities, campaigns, backups, jobs, deletions, erasures, auditLog, apiKeys },
  { strictStatusCodes: true },
);
