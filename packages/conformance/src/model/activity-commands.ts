import { ActivityTypeSchema } from '@leads/contract';
import fc from 'fast-check';
import { demandEqual } from '../mismatch.ts';
import { about, type ChangingOf, type Commands, metadata, number } from './command.ts';
import { SAID } from './deeds.ts';
import { pick, type World } from './world.ts';

/** Commands of the operations on activities. */
export const ACTIVITY_COMMANDS: Commands<ChangingOf<'activities'>> = {
  'activities.create': about(
    'activities.create',
    fc.tuple(
      fc.constantFrom(...ActivityTypeSchema.options),
      fc.constantFrom('Met', 'é 👩‍👩‍👧'),
      fc.option(fc.constantFrom('2024-01-15T11:00:00.123Z', '2023-07-04T05:06:07+02:00'), { nil: undefined }),
      metadata,
    ),
    (world, leadId, type, text, occurredAt, content) => addActivity(world, leadId, { text, type, occurredAt, metadata: content }),
  ),
  'activities.delete': about('activities.delete', fc.tuple(number), async (world, leadId, which) => {
    const activities = world.leads.get(leadId)?.activities ?? [];
    const activityId = pick(activities, which)?.id ?? 'act_never';
    const { status, body } = await world.call('activities.delete', { params: { leadId, activityId } });
    if (activities.length === 0) return demandEqual(status, 404, 'deleting an activity that is not there');
    demandEqual([status, body.data?.id], [200, activityId], 'status and id');
    world.change(leadId, { activities: activities.filter(({ id }) => id !== activityId) });
  }),
};

/** Adds an activity to a lead, whether that is there or not. */
export async function addActivity(world: World, leadId: string, { text, ...fields }: ActivityFields): Promise<void> {
  const body = { text: SAID + text, ...fields };
  const { status, body: answer } = await world.call('activities.create', { params: { leadId }, body });
  const record = world.leads.get(leadId);
  if (!record) return demandEqual(status, 404, 'adding an activity to a lead that is not there');
  const { id, createdAt } = answer.data;
  const occurredAt = fields.occurredAt === undefined ? createdAt : new Date(fields.occurredAt).toISOString();
  demandEqual(answer.data, { metadata: {}, ...body, id, leadId, createdAt, occurredAt }, 'the activity');
  world.change(leadId, { activities: [...record.activities, answer.data] });
}

interface ActivityFields {
  readonly text: string;
  readonly type: string;
  readonly occurredAt?: string | undefined;
  readonly metadata?: object;
}
