import type { CreateCampaignRequest } from '../../api.generated.ts';
import { IDS_MAX, INPUTS } from '../../constants.generated.ts';
import { byIds } from '../by-ids.ts';
import { CAMPAIGNS, ENROLLED } from '../columns.ts';
import type { Command, Context } from '../command.ts';
import { destroyOne } from '../destroy.ts';
import { usageError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { type Ids, readIds } from '../ids.ts';
import { optionsFor, readInputs, type Words } from '../inputs.ts';
import { LIMIT_OPTIONS } from '../limit.ts';
import { listing } from '../listing.ts';
import { CONFIRM_OPTIONS, ID_OPTIONS, MANY_OPTIONS } from '../options.ts';
import { type Outcome, outcomeOf } from '../outcomes.ts';
import { confirm, requireAnswer } from '../prompt.ts';
import { requireArgument } from '../required.ts';
import { counted } from '../text.ts';

const CREATED = INPUTS['campaigns.create'];
const CHANGED = INPUTS['campaigns.update'];
const { limit: _, cursor: __, ...CONDITIONS } = INPUTS['campaigns.list'];

const WORDS = {
  name: ['NAME', 'what the campaign is called'],
  status: ['STATUS', 'where it stands; an active one holds up the deletion of its leads'],
} satisfies Record<keyof typeof CREATED, Words>;

const CONDITION_WORDS = {
  status: ['STATUS', 'only campaigns with this status'],
  leadId: ['LEAD_ID', 'only campaigns that this lead is in'],
} satisfies Record<keyof typeof CONDITIONS, Words>;

/** `leads campaigns …` */
export const campaigns: readonly Command[] = [
  {
    name: 'campaigns list',
    summary: 'list campaigns, newest first',
    columns: CAMPAIGNS,
    options: { ...optionsFor(CONDITIONS, CONDITION_WORDS), ...LIMIT_OPTIONS },
    examples: [['leads campaigns list --status active', 'those that hold up deletions']],
    run: (context) =>
      listing(
        context,
        CAMPAIGNS,
        (page, call) => context.client().campaigns.list({ ...readInputs(context.options, CONDITIONS), ...page }, call),
        'There are no such campaigns.',
      ),
  },
  {
    name: 'campaigns get',
    summary: 'show a campaign',
    usage: 'CAMPAIGN_ID',
    maxArguments: 1,
    columns: CAMPAIGNS,
    examples: [['leads campaigns get camp_1234567890abcdef', 'field by field']],
    async run(context) {
      await context.output.item(CAMPAIGNS, await context.client().campaigns.get(campaignId(context)));
      return EXIT.ok;
    },
  },
  {
    name: 'campaigns create',
    summary: 'create a campaign',
    columns: CAMPAIGNS,
    options: optionsFor(CREATED, WORDS),
    changes: true,
    examples: [['leads campaigns create --name "Spring offer" --status draft', 'one that is not begun']],
    async run({ client, options, output }) {
      const { name, ...others } = readInputs(options, CREATED) as Partial<CreateCampaignRequest>;
      if (name === undefined) throw usageError('A campaign needs --name.', 'See: leads campaigns create --help');
      await output.item(CAMPAIGNS, await client().campaigns.create({ name, ...others }));
      return EXIT.ok;
    },
  },
  {
    name: 'campaigns update',
    summary: 'rename, begin, pause or complete a campaign',
    usage: 'CAMPAIGN_ID',
    maxArguments: 1,
    columns: CAMPAIGNS,
    options: optionsFor(CHANGED, WORDS),
    changes: true,
    examples: [['leads campaigns update camp_1234567890abcdef --status paused', 'its leads can be deleted then']],
    async run(context) {
      const changes = readInputs(context.options, CHANGED);
      const id = campaignId(context);
      if (Object.keys(changes).length === 0) throw usageError('What is to change?', 'See: leads campaigns update --help');
      await context.output.item(CAMPAIGNS, await context.client().campaigns.update(id, changes));
      return EXIT.ok;
    },
  },
  {
    name: 'campaigns delete',
    summary: 'delete a campaign; its leads stay',
    usage: 'CAMPAIGN_ID',
    maxArguments: 1,
    columns: CAMPAIGNS,
    options: CONFIRM_OPTIONS,
    changes: true,
    examples: [['leads campaigns delete camp_1234567890abcdef', 'looks, asks, deletes']],
    run(context) {
      const id = campaignId(context);
      const { campaigns: api } = context.client();
      return destroyOne(context, {
        question: 'Delete this campaign?',
        columns: CAMPAIGNS,
        look: () => api.get(id),
        destroy: () => api.delete(id),
        done: `Deleted ${id}.`,
      });
    },
  },
  {
    name: 'campaigns leads',
    summary: 'list the leads of a campaign',
    usage: 'CAMPAIGN_ID',
    maxArguments: 1,
    columns: ENROLLED,
    options: LIMIT_OPTIONS,
    examples: [['leads campaigns leads camp_1234567890abcdef --all', 'all of them']],
    run(context) {
      const id = campaignId(context);
      return listing(
        context,
        ENROLLED,
        (page, call) => context.client().campaigns.listLeads(id, page, call),
        'There is no lead in the campaign.',
      );
    },
  },
  {
    name: 'campaigns enroll',
    summary: 'take leads into a campaign',
    usage: 'CAMPAIGN_ID LEAD_ID...|-',
    maxArguments: Infinity,
    options: { ...ID_OPTIONS, ...MANY_OPTIONS },
    changes: true,
    examples: [
      ['leads campaigns enroll camp_1234567890abcdef lead_1234567890abcdef', 'one lead'],
      ['leads list --source fair-2019 --all | leads campaigns enroll camp_1234567890abcdef -', 'those of a list'],
    ],
    async run(context) {
      const campaign = campaignId(context);
      const { campaigns: api } = context.client();
      const ids = await leadIds(context);
      return byIds(context, ids, {
        doing: 'Enrolling',
        past: 'enrolled',
        size: IDS_MAX,
        work: async (group, send) => {
          if (ids.total === 1)
            return [
              await outcomeOf(
                group[0]!,
                true,
                send((call) => api.enrollLead(campaign, group[0]!, call)).then(() => ({ outcome: 'enrolled' })),
              ),
            ];
          const { outcomes } = await send((call) => api.enroll(campaign, { leadIds: group }, call));
          return outcomes.map(({ leadId, outcome }) =>
            outcome === 'not_found'
              ? { leadId, outcome: 'skipped', code: 'LEAD_NOT_FOUND', error: 'There is no such lead' }
              : { leadId, outcome },
          );
        },
      });
    },
  },
  {
    name: 'campaigns remove',
    summary: 'take leads out of a campaign',
    usage: 'CAMPAIGN_ID LEAD_ID...|-',
    maxArguments: Infinity,
    options: { ...CONFIRM_OPTIONS, ...ID_OPTIONS, ...MANY_OPTIONS },
    changes: true,
    examples: [['leads campaigns remove camp_1234567890abcdef lead_1234567890abcdef', 'asks, and removes it']],
    async run(context) {
      const campaign = campaignId(context);
      const { campaigns: api } = context.client();
      const ids = await leadIds(context);
      requireAnswer(context, 'takes leads out of a campaign');
      if (context.options.flag('dry-run')) return lookForRemoval(context, campaign, ids);
      const question = ids.total === null ? 'Remove them?' : `Remove ${counted(ids.total, 'lead')} from ${campaign}?`;
      if (!(await confirm(context, question, null))) {
        context.say('Nothing was changed.');
        return EXIT.failure;
      }
      return byIds(context, ids, {
        doing: 'Removing',
        past: 'removed',
        size: IDS_MAX,
        work: async (group, send) => {
          if (ids.total === 1) {
            const { removed } = await send((call) => api.removeLead(campaign, group[0]!, call));
            return [removal(group[0]!, removed)];
          }
          const { outcomes } = await send((call) => api.remove(campaign, { leadIds: group }, call));
          return outcomes.map(({ leadId, outcome }) => removal(leadId, outcome === 'removed'));
        },
      });
    },
  },
];

async function lookForRemoval(context: Context, campaign: string, ids: Ids) {
  const enrolled = new Set<string>();
  for await (const { leadId } of context.client().campaigns.listLeads(campaign)) enrolled.add(leadId);
  context.say('Nothing is changed: this is a dry run.');
  const work = async (group: string[]) => group.map((id) => removal(id, enrolled.has(id), 'would be removed'));
  return byIds(context, ids, { doing: 'Looking', past: 'would be removed', size: IDS_MAX, work });
}

function removal(leadId: string, isEnrolled: boolean, outcome = 'removed'): Outcome {
  return isEnrolled ? { leadId, outcome } : { leadId, outcome: 'skipped', code: 'not_enrolled', error: 'It is not in the campaign' };
}

/** The ids behind that of the campaign. */
function leadIds(context: Context): Promise<Ids> {
  return readIds({ ...context, args: context.args.slice(1) });
}

function campaignId(context: Context): string {
  return requireArgument(context, 0, 'Which campaign?');
}
