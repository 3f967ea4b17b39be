import { CampaignStatusSchema } from '@leads/contract';
import fc from 'fast-check';
import { demand, demandEqual } from '../mismatch.ts';
import { about, type ChangingOf, type Commands, number, numbers, step } from './command.ts';
import { campaignGone } from './deeds.ts';
import { pick } from './world.ts';

/** Commands of the operations on campaigns and on the leads in them. */
export const CAMPAIGN_COMMANDS: Commands<ChangingOf<'campaigns'>> = {
  'campaigns.create': step(
    'campaigns.create',
    fc.tuple(fc.option(fc.constantFrom(...CampaignStatusSchema.options, 'active' as const), { nil: undefined })),
    async (world, given) => {
      const body = { name: 'Spring offer', ...(given && { status: given }) };
      const campaign = await world.done('campaigns.create', { body });
      demandEqual([campaign.name, campaign.status], [body.name, given ?? 'draft'], 'name and status');
      world.campaigns.set(campaign.id, campaign);
    },
  ),
  'campaigns.update': step(
    'campaigns.update',
    fc.tuple(number, fc.constantFrom(...CampaignStatusSchema.options)),
    async (world, which, next) => {
      const campaign = pick([...world.campaigns.values()], which);
      if (!campaign) return;
      const changed = await world.done('campaigns.update', { params: { campaignId: campaign.id }, body: { status: next } });
      demandEqual(changed, { ...campaign, status: next, updatedAt: changed.updatedAt }, 'the updated campaign');
      demand(changed.updatedAt >= campaign.updatedAt, 'updatedAt went back');
      world.campaigns.set(campaign.id, changed);
    },
  ),
  'campaigns.delete': step('campaigns.delete', fc.tuple(number), async (world, which) => {
    const campaign = pick([...world.campaigns.values()], which);
    if (!campaign) return;
    const { status, body } = await world.call('campaigns.delete', { params: { campaignId: campaign.id } });
    if (campaign.status === 'active') return demandEqual([status, body.code], [409, 'CAMPAIGN_ACTIVE'], 'deleting an active campaign');
    demandEqual([status, body.data?.id], [200, campaign.id], 'status and id');
    campaignGone(world, campaign.id);
  }),
  'campaigns.enroll': enrollMany('campaigns.enroll', (isEnrolled, isThere) =>
    isEnrolled ? 'already_enrolled' : isThere ? 'enrolled' : 'not_found',
  ),
  'campaigns.remove': enrollMany('campaigns.remove', (isEnrolled) => (isEnrolled ? 'removed' : 'not_enrolled')),
  'campaigns.enrollLead': about('campaigns.enrollLead', fc.tuple(number), async (world, leadId, which) => {
    const campaignId = pick([...world.campaigns.keys()], which);
    if (campaignId === undefined) return;
    const { status, body } = await world.call('campaigns.enrollLead', { params: { campaignId, leadId } });
    const record = world.leads.get(leadId);
    if (!record) return demandEqual(status, 404, 'enrolling a lead that is not there');
    const { enrolledAt } = body.data;
    const before = record.campaigns.find(({ id }) => id === campaignId);
    demandEqual(body.data, { campaignId, leadId, enrolledAt: before?.enrolledAt ?? enrolledAt }, 'the enrollment');
    if (!before) world.change(leadId, { campaigns: byId([...record.campaigns, { id: campaignId, enrolledAt }]) });
  }),
  'campaigns.removeLead': about('campaigns.removeLead', fc.tuple(number), async (world, leadId, which) => {
    const campaignId = pick([...world.campaigns.keys()], which);
    if (campaignId === undefined) return;
    const { removed } = await world.done('campaigns.removeLead', { params: { campaignId, leadId } });
    const campaigns = world.leads.get(leadId)?.campaigns ?? [];
    demandEqual(
      removed,
      campaigns.some(({ id }) => id === campaignId),
      'whether it was removed',
    );
    if (removed) world.change(leadId, { campaigns: campaigns.filter(({ id }) => id !== campaignId) });
  }),
};

function enrollMany(operation: 'campaigns.enroll' | 'campaigns.remove', outcomeOf: (isEnrolled: boolean, isThere: boolean) => string) {
  return step(operation, fc.tuple(number, numbers), async (world, which, leads) => {
    const campaignId = pick([...world.campaigns.keys()], which);
    const leadIds = world.pickLeads(leads);
    if (campaignId === undefined || leadIds.length === 0) return;
    const { outcomes } = await world.done(operation, { params: { campaignId }, body: { leadIds } });
    const isIn = (leadId: string) => world.leads.get(leadId)?.campaigns.some(({ id }) => id === campaignId) ?? false;
    const expected = leadIds.map((leadId) => ({ leadId, outcome: outcomeOf(isIn(leadId), world.leads.has(leadId)) }));
    demandEqual(outcomes, expected, 'the outcomes');
    for (const leadId of leadIds.filter((id) => world.leads.has(id))) {
      const { campaigns } = world.leads.get(leadId)!;
      if (operation === 'campaigns.remove') world.change(leadId, { campaigns: campaigns.filter(({ id }) => id !== campaignId) });
      else if (!isIn(leadId)) {
        const found = await world.done('leads.exportOne', { params: { leadId } });
        const { enrolledAt } = found.campaigns.find(({ id }: { id: string }) => id === campaignId) ?? {};
        world.change(leadId, { campaigns: byId([...campaigns, { id: campaignId, enrolledAt }]) });
      }
    }
  });
}

function byId<Thing extends { readonly id: string }>(items: readonly Thing[]): Thing[] {
  return items.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
