import type { CreateActivityRequest } from '../../api.generated.ts';
import { INPUTS } from '../../constants.generated.ts';
import { ACTIVITIES } from '../columns.ts';
import type { Command, Context } from '../command.ts';
import { destroyOne } from '../destroy.ts';
import { usageError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { optionsFor, readInputs, type Words } from '../inputs.ts';
import { LIMIT_OPTIONS } from '../limit.ts';
import { listing } from '../listing.ts';
import { CONFIRM_OPTIONS } from '../options.ts';
import { requireArgument } from '../required.ts';

const CREATED = INPUTS['activities.create'];

const WORDS = {
  type: ['TYPE', 'what it was'],
  text: ['TEXT', 'what was said or done'],
  occurredAt: ['WHEN', 'when it happened, such as 2024-01-31T12:00:00Z: now'],
  metadata: ['JSON', 'a JSON object'],
} satisfies Record<keyof typeof CREATED, Words>;

/** `leads activities …` */
export const activities: readonly Command[] = [
  {
    name: 'activities list',
    summary: 'list what happened with a lead, newest first',
    usage: 'LEAD_ID',
    maxArguments: 1,
    columns: ACTIVITIES,
    options: LIMIT_OPTIONS,
    examples: [['leads activities list lead_1234567890abcdef', 'the newest 20']],
    run(context) {
      const id = leadId(context);
      return listing(context, ACTIVITIES, (page, call) => context.client().activities.list(id, page, call), 'The lead has no activities.');
    },
  },
  {
    name: 'activities get',
    summary: 'show an activity',
    usage: 'LEAD_ID ACTIVITY_ID',
    maxArguments: 2,
    columns: ACTIVITIES,
    examples: [['leads activities get lead_1234567890abcdef act_1234567890abcdef', 'field by field']],
    async run(context) {
      const { client, output, io } = context;
      const found = await client().activities.get(leadId(context), activityId(context), { signal: io.interruption.signal });
      await output.item(ACTIVITIES, found);
      return EXIT.ok;
    },
  },
  {
    name: 'activities create',
    summary: 'write down what happened with a lead',
    usage: 'LEAD_ID',
    maxArguments: 1,
    columns: ACTIVITIES,
    options: optionsFor(CREATED, WORDS),
    changes: true,
    examples: [['leads activities create lead_1234567890abcdef --type call --text "Asked for an offer"', 'a call, just now']],
    async run(context) {
      const { client, options, output, io } = context;
      const { type, text, ...others } = readInputs(options, CREATED) as Partial<CreateActivityRequest>;
      if (type === undefined || text === undefined)
        throw usageError('An activity needs --type and --text.', 'See: leads activities create --help');
      const made = await client().activities.create(leadId(context), { type, text, ...others }, { signal: io.interruption.signal });
      await output.item(ACTIVITIES, made);
      return EXIT.ok;
    },
  },
  {
    name: 'activities delete',
    summary: 'delete an activity for good',
    usage: 'LEAD_ID ACTIVITY_ID',
    maxArguments: 2,
    columns: ACTIVITIES,
    options: CONFIRM_OPTIONS,
    changes: true,
    examples: [['leads activities delete lead_1234567890abcdef act_1234567890abcdef', 'looks, asks, deletes']],
    async run(context) {
      const [lead, activity] = [leadId(context), activityId(context)];
      const { activities: api } = context.client();
      return destroyOne(context, {
        question: 'Delete this activity?',
        columns: ACTIVITIES,
        look: () => api.get(lead, activity),
        destroy: () => api.delete(lead, activity),
        done: `Deleted ${activity}.`,
      });
    },
  },
];

function leadId(context: Context): string {
  return requireArgument(context, 0, 'Of which lead?');
}

function activityId(context: Context): string {
  return requireArgument(context, 1, 'Which activity?');
}
