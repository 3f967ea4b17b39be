import { CampaignStatusSchema } from '@leads/contract';
import type { Calls } from '../calls.ts';
import type { Check } from '../check.ts';
import type { Item } from '../filters.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newEmail } from '../valid-calls.ts';

const campaignsOf = async (caller: Calls, leadId: string): Promise<Item[]> =>
  (await caller.call('leads.exportOne', { params: { leadId } })).body.data.campaigns;
const listed = async (caller: Calls, campaignId: string): Promise<Item[]> =>
  (await caller.call('campaigns.listLeads', { params: { campaignId } })).body.data.enrollments;

/** What is promised of campaigns and activities. */
export const campaignChecks: readonly Check[] = [
  {
    name: 'campaigns: enrolling and removing many says of each lead what came of it, in the order of the request',
    async run({ caller }) {
      const { id: campaignId } = await caller.campaign();
      const [one, two, three] = [await caller.lead(), await caller.lead(), await caller.lead()];
      const params = { campaignId: campaignId as string };
      const since = three.createdAt;
      await caller.call('campaigns.enrollLead', { params: { ...params, leadId: two.id } });
      const [before] = await listed(caller, campaignId);
      const leadIds = [three.id, two.id, 'lead_never', one.id];
      const outcomes = async (operation: 'campaigns.enroll' | 'campaigns.remove', body: object) =>
        (await caller.call(operation, { params, body })).body.data.outcomes.map(({ leadId, outcome }: Item) => [leadId, outcome]);
      const told = (...names: string[]) => leadIds.map((leadId, i) => [leadId, names[i]]);
      const enrolled = told('enrolled', 'already_enrolled', 'not_found', 'enrolled');
      demandEqual(await outcomes('campaigns.enroll', { leadIds }), enrolled, 'the outcomes of enrolling');
      const members = await listed(caller, campaignId);
      demandEqual(
        members.map(({ leadId }) => leadId),
        [one, two, three].map(({ id }) => String(id)).toSorted(),
        'its leads',
      );
      demandEqual(
        members.find(({ leadId }) => leadId === two.id),
        before,
        'the enrollment that there was',
      );
      for (const { leadId, campaignId: of, enrolledAt } of members) {
        demand(of === campaignId && String(enrolledAt) >= since, `enrolled at ${String(enrolledAt)} in ${String(of)}`);
        demandEqual(await campaignsOf(caller, String(leadId)), [{ id: campaignId, enrolledAt }], 'the campaigns of its record');
        const { campaigns } = (await caller.call('campaigns.list', { query: { leadId: String(leadId) } })).body.data;
        demandEqual(campaigns.length, 1, 'how many campaigns list it');
      }
      const others = (await listed(caller, campaignId)).filter(({ leadId }) => leadId === one.id);
      const removed = [
        [three.id, 'removed'],
        ['lead_never', 'not_enrolled'],
        [two.id, 'removed'],
      ];
      demandEqual(await outcomes('campaigns.remove', { leadIds: removed.map(([id]) => id) }), removed, 'the outcomes of removing');
      demandEqual(await listed(caller, campaignId), others, 'those that are left');
      demandEqual(
        [await campaignsOf(caller, three.id), await campaignsOf(caller, one.id).then(({ length }) => length)],
        [[], 1],
        'their records',
      );
    },
  },
  {
    name: 'campaigns: one lead is enrolled once and removed once, and each answer says so',
    async run({ caller }) {
      const [{ id: campaignId }, { id: leadId }] = [await caller.campaign(), await caller.lead()];
      const call = { params: { campaignId: campaignId as string, leadId: leadId as string } };
      const first = await caller.call('campaigns.enrollLead', call);
      demandEqual(first.body.data, (await listed(caller, campaignId))[0], 'the enrollment');
      demandEqual((await caller.call('campaigns.enrollLead', call)).body, first.body, 'the answer to the second');
      for (const removed of [true, false]) {
        const { status, body } = await caller.call('campaigns.removeLead', call);
        demandEqual([status, body.data], [200, { campaignId, leadId, removed }], 'the answer to a removal');
      }
      const { campaigns } = (await caller.call('campaigns.list', { query: { leadId } })).body.data;
      demandEqual([await listed(caller, campaignId), await campaignsOf(caller, leadId), campaigns], [[], [], []], 'what is left');
      demandEqual((await caller.call('leads.get', call)).status, 200, 'the status of the lead');
    },
  },
  ...CampaignStatusSchema.options.map((status): Check => ({
    name: `campaigns: one that is ${status} ${status === 'active' ? 'holds its leads and stays' : 'holds no lead, and goes without them'}`,
    async run({ caller }) {
      // Another one, so that what is told is told of this one alone.
      const { lead, campaign: other, params: others } = await caller.enrolledLead({ email: newEmail() });
      await caller.call('campaigns.update', { params: others, body: { status: status === 'paused' ? 'draft' : 'paused' } });
      const { id: campaignId, name } = await caller.campaign({ status, name: `It is ${status}` });
      const params = { campaignId: campaignId as string, leadId: lead.id as string };
      await caller.call('campaigns.enrollLead', { params });
      const isActive = status === 'active';
      const { deletable, blockers, attached } = (await caller.call('leads.deletionPreview', { params })).body.data;
      const blocking = isActive ? [{ id: campaignId, name }] : [];
      demandEqual([deletable, blockers, attached.campaigns], [!isActive, blocking, 2], 'the preview');
      const gone = await caller.call('campaigns.delete', { params });
      if (isActive) {
        demandEqual([gone.status, gone.body.details], [409, { campaignId }], 'the answer to its deletion');
        const refused = await caller.call('leads.delete', { params });
        demandEqual(
          [refused.status, refused.body.details],
          [409, { leadId: lead.id, campaigns: blocking }],
          'the answer to that of the lead',
        );
      } else demandEqual([gone.status, gone.body.data?.id], [200, campaignId], 'the answer to its deletion');
      demandEqual((await caller.call('campaigns.get', { params })).status, isActive ? 200 : 404, 'the status of the campaign');
      const left = (await campaignsOf(caller, lead.id)).map(({ id }) => id);
      demandEqual(left, [String(other.id), ...(isActive ? [String(campaignId)] : [])].toSorted(), 'the campaigns of the lead');
      if (!isActive) demandEqual((await caller.call('leads.delete', { params })).status, 200, 'the answer to the deletion of the lead');
    },
  })),
  {
    name: 'campaigns: a lead that goes is taken out, and one that comes back is in again as it was',
    async run({ caller }) {
      const { campaign, params } = await caller.enrolledLead({ email: newEmail() });
      const before = await listed(caller, campaign.id);
      const { backupId } = (await caller.call('leads.delete', { params, query: 'force=true&backup=true' })).body.data;
      demandEqual(await listed(caller, campaign.id), [], 'its leads without it');
      await caller.call('backups.restore', { params: { backupId } });
      demandEqual(await listed(caller, campaign.id), before, 'its leads with it');
      const { blockers } = (await caller.call('leads.deletionPreview', { params })).body.data;
      demandEqual(blockers, [{ id: campaign.id, name: campaign.name }], 'what stands in the way of the lead');
    },
  },
  {
    name: 'activities: one is read and deleted at its own lead only, and is gone everywhere then',
    async run({ caller }) {
      const { activity, params } = await caller.enrolledLead();
      const { id: elsewhere } = await caller.lead();
      const own = { params: { leadId: params.leadId, activityId: activity.id as string } };
      const foreign = { params: { ...own.params, leadId: elsewhere as string } };
      for (const operation of ['activities.get', 'activities.delete'] as const) {
        const { status, body } = await caller.call(operation, foreign);
        demandEqual(
          [status, body.code, body.details?.activityId],
          [404, 'ACTIVITY_NOT_FOUND', activity.id],
          `${operation} at another lead`,
        );
      }
      demandEqual((await caller.call('activities.get', own)).body.data, activity, 'the activity');
      const body = { type: 'call', text: 'Asked', occurredAt: '2024-01-15T10:30:00.000Z' };
      const second = (await caller.call('activities.create', { ...own, body })).body.data;
      demand(second.createdAt >= activity.createdAt, `it was written down at ${second.createdAt}`);
      const deleted = await caller.call('activities.delete', own);
      demandEqual([deleted.status, deleted.body.data?.id], [200, activity.id], 'the answer to its deletion');
      demandEqual((await caller.call('activities.get', own)).status, 404, 'reading it');
      demandEqual((await caller.call('activities.delete', own)).status, 404, 'deleting it again');
      demandEqual((await caller.call('activities.list', own)).body.data.activities, [second], 'the list');
      demandEqual((await caller.call('leads.exportOne', own)).body.data.activities, [second], 'the record');
      demandEqual((await caller.call('leads.deletionPreview', own)).body.data.attached.activities, 1, 'how many the preview counts');
    },
  },
];
