import type { OperationId } from '@leads/contract';
import { randomUUID } from 'node:crypto';
import type { Call, Calls } from './calls.ts';

/** The record of a lead that was never there. */
export function newRecord(fields: object = {}): { readonly lead: Readonly<Record<string, unknown>> & { readonly id: string } } {
  const id = `lead_${randomUUID().replaceAll('-', '')}`;
  const at = '2024-01-15T10:30:00.000Z';
  const rest = { name: 'Ann', email: `${id}@example.com`, phone: null, source: null, status: 'new', metadata: {} };
  return { lead: { id, ...rest, createdAt: at, updatedAt: at, workspaceId: 'ws_other', ...fields } };
}

/** A `source` that no lead has, by which those of one check can be selected. */
export function newSource(): string {
  return `conformance-${randomUUID()}`;
}

/** An e-mail address that no lead has. */
export function newEmail(): string {
  return `${randomUUID()}@example.com`;
}

/** Whether the valid call of an operation waits for the end of a job; that of an example never ends. */
export function waitsForJob(operation: OperationId): boolean {
  return VALID_CALLS[operation] === job;
}

const leadParams = async (caller: Calls) => ({ leadId: (await caller.lead()).id as string });
const campaignParams = async (caller: Calls) => ({ campaignId: (await caller.campaign({ status: 'paused' })).id as string });
const aboutLead = async (caller: Calls) => ({ params: await leadParams(caller) });
const enrollment = async (caller: Calls) => ({ params: { ...(await leadParams(caller)), ...(await campaignParams(caller)) } });
const manyEnrollments = async (caller: Calls) => ({ params: await campaignParams(caller), body: { leadIds: [(await caller.lead()).id] } });
const activity = async (caller: Calls) => {
  const { activity: made, params } = await caller.enrolledLead();
  return { params: { leadId: params.leadId, activityId: made.id as string } };
};
const backup = async (caller: Calls) => ({
  params: { backupId: (await caller.call('backups.create', await aboutLead(caller))).body.data.id as string },
});
const deletedLead = async (caller: Calls) => {
  const about = { params: { leadId: (await caller.lead({ email: newEmail() })).id as string } };
  const { id } = (await caller.call('backups.create', about)).body.data;
  await caller.call('leads.delete', about);
  return { ...about.params, backupId: id as string };
};
const byIds = async (caller: Calls) => ({ body: { ids: [(await caller.lead()).id] } });
const job = async (caller: Calls) => ({
  params: { jobId: (await caller.job('leads.bulkArchive', { source: (await caller.lead({ source: newSource() })).source })).id as string },
});
const erasure = async (caller: Calls) => {
  const person = { leadId: (await caller.lead({ email: newEmail() })).id as string };
  const { planToken } = (await caller.call('erasures.create', { body: { ...person, dryRun: true } })).body.data;
  return { body: { ...person, planToken } };
};
const doneErasure = async (caller: Calls) => {
  const { body } = await caller.call('erasures.create', await erasure(caller));
  // Where examples are answered, it is the one of a plan.
  return { params: { erasureId: (body.data.erasure?.id ?? 'erasure_1234567890abcdef') as string } };
};
const otherKey = async (caller: Calls) => ({ params: { keyId: (await caller.apiKey(['leads:read'])).id } });

/** A call that succeeds, of each operation; what it needs is made first. That of `jobs.cancel` comes after the end of its job. */
export const VALID_CALLS: Readonly<Record<OperationId, (caller: Calls) => Promise<Call>>> = {
  'leads.create': async () => ({ body: { name: 'Ann', email: 'ann@example.com' } }),
  'leads.list': async () => ({}),
  'leads.stats': async () => ({}),
  'leads.export': async () => ({ query: { status: 'follow_up' } }),
  'leads.exportOne': aboutLead,
  'leads.import': async () => ({ body: JSON.stringify(newRecord()) }),
  'leads.bulkDelete': byIds,
  'leads.bulkArchive': byIds,
  'leads.bulkAnonymize': byIds,
  'leads.get': aboutLead,
  'leads.update': async (caller) => ({ ...(await aboutLead(caller)), body: { status: 'lost' } }),
  'leads.delete': aboutLead,
  'leads.deletionPreview': aboutLead,
  'leads.archive': aboutLead,
  'leads.unarchive': aboutLead,
  'leads.anonymize': aboutLead,
  'activities.create': async (caller) => ({ ...(await aboutLead(caller)), body: { type: 'call', text: 'Asked for an offer' } }),
  'activities.list': aboutLead,
  'activities.get': activity,
  'activities.delete': activity,
  'campaigns.create': async () => ({ body: { name: 'Spring offer' } }),
  'campaigns.list': async () => ({}),
  'campaigns.get': async (caller) => ({ params: await campaignParams(caller) }),
  'campaigns.update': async (caller) => ({ params: await campaignParams(caller), body: { status: 'active' } }),
  'campaigns.delete': async (caller) => ({ params: await campaignParams(caller) }),
  'campaigns.listLeads': async (caller) => ({ params: await campaignParams(caller) }),
  'campaigns.enroll': manyEnrollments,
  'campaigns.remove': manyEnrollments,
  'campaigns.enrollLead': enrollment,
  'campaigns.removeLead': enrollment,
  'backups.create': aboutLead,
  'backups.list': async () => ({}),
  'backups.get': backup,
  'backups.restore': async (caller) => ({ params: { backupId: (await deletedLead(caller)).backupId } }),
  'backups.bulkRestore': async (caller) => ({ body: { backupIds: [(await deletedLead(caller)).backupId] } }),
  'backups.delete': backup,
  'jobs.list': async () => ({}),
  'jobs.get': job,
  'jobs.listOutcomes': job,
  'jobs.cancel': job,
  'deletions.get': async (caller) => ({ params: { leadId: (await deletedLead(caller)).leadId } }),
  'erasures.create': erasure,
  'erasures.get': doneErasure,
  'erasures.liftSuppression': doneErasure,
  'auditLog.list': async () => ({}),
  'apiKeys.create': async () => ({ body: { name: 'Another', scopes: ['leads:read'] } }),
  'apiKeys.list': async () => ({}),
  'apiKeys.rotate': otherKey,
  'apiKeys.revoke': otherKey,
};
