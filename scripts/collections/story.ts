import type { OperationId } from '@leads/contract';

/** One request of the collections. */
export interface Step {
  readonly operation: OperationId;
  /** The name of the example that is its body; the first one when left out. */
  readonly example?: string;
  /** Fields of the body besides those of the example. */
  readonly with?: object;
  /** What later steps need of the answer, by the name of the variable. */
  readonly keep?: Readonly<Record<string, string>>;
  /** Statuses that are as good as the success. */
  readonly orElse?: readonly number[];
}

/** What the collection makes is told by this from what was there, so that its bulk operations touch nothing else. */
const source = 'api-collection-run';
const own = { filter: { source } };
const person = { email: 'api-collection-run@example.com' };

/** The requests in an order in which each finds what it needs, and nothing is left in the end but one finished job and revoked keys. */
export const STORY: readonly Step[] = [
  { operation: 'leads.create', example: 'full', with: { source }, keep: { leadId: 'data.id' } },
  { operation: 'leads.list' },
  { operation: 'leads.stats' },
  { operation: 'leads.get' },
  { operation: 'leads.update' },
  { operation: 'activities.create', keep: { activityId: 'data.id' } },
  { operation: 'activities.list' },
  { operation: 'activities.get' },
  { operation: 'campaigns.create', keep: { campaignId: 'data.id' } },
  { operation: 'campaigns.list' },
  { operation: 'campaigns.get' },
  { operation: 'campaigns.enrollLead' },
  { operation: 'campaigns.listLeads' },
  { operation: 'campaigns.removeLead' },
  { operation: 'campaigns.enroll' },
  { operation: 'campaigns.remove' },
  { operation: 'campaigns.update' },
  { operation: 'campaigns.delete' },
  { operation: 'leads.export' },
  { operation: 'leads.exportOne' },
  { operation: 'leads.import' },
  { operation: 'backups.create', keep: { backupId: 'data.id' } },
  { operation: 'backups.list' },
  { operation: 'backups.get' },
  { operation: 'activities.delete' },
  { operation: 'leads.deletionPreview' },
  { operation: 'leads.delete' },
  { operation: 'deletions.get' },
  { operation: 'backups.restore' },
  { operation: 'backups.bulkRestore', with: { backupIds: ['{{backupId}}'] } },
  { operation: 'backups.delete' },
  { operation: 'leads.archive' },
  { operation: 'leads.unarchive' },
  { operation: 'leads.bulkArchive', example: 'dryRun', with: own, keep: { planToken: 'data.planToken' } },
  {
    operation: 'leads.bulkArchive',
    example: 'dryRun',
    with: { ...own, dryRun: false, planToken: '{{planToken}}' },
    keep: { jobId: 'data.id' },
  },
  { operation: 'jobs.list' },
  { operation: 'jobs.get' },
  { operation: 'jobs.listOutcomes' },
  { operation: 'jobs.cancel', orElse: [409] },
  { operation: 'leads.bulkAnonymize', example: 'dryRun', with: own },
  { operation: 'leads.anonymize' },
  { operation: 'leads.bulkDelete', example: 'dryRun', with: own },
  { operation: 'leads.bulkDelete', example: 'ids', with: { ids: ['{{leadId}}', 'lead_01hm6x8qz3v9k4n7w2x5y6b8c0'] } },
  { operation: 'leads.create', example: 'minimal', with: { ...person, source } },
  { operation: 'erasures.create', example: 'dryRun', with: person, keep: { erasurePlan: 'data.planToken' } },
  {
    operation: 'erasures.create',
    example: 'erase',
    with: { ...person, planToken: '{{erasurePlan}}' },
    keep: { erasureId: 'data.erasure.id' },
  },
  { operation: 'erasures.get' },
  { operation: 'erasures.liftSuppression' },
  { operation: 'auditLog.list' },
  { operation: 'apiKeys.create', keep: { keyId: 'data.id' } },
  { operation: 'apiKeys.list' },
  { operation: 'apiKeys.rotate', example: 'atOnce', keep: { keyId: 'data.id' } },
  { operation: 'apiKeys.revoke' },
];
