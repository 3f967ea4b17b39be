import fc from 'fast-check';
import { demand, demandEqual } from '../mismatch.ts';
import { about, type ChangingOf, type Commands, number, step } from './command.ts';
import { leftoversErased } from './deeds.ts';
import { pick } from './world.ts';

/** Commands of the operations on erasures. */
export const ERASURE_COMMANDS: Commands<ChangingOf<'erasures'>> = {
  'erasures.create': about('erasures.create', fc.tuple(fc.boolean()), async (world, leadId, force) => {
    const record = world.leads.get(leadId);
    const backups = world.backupsOf(leadId);
    const plan = await world.call('erasures.create', { body: { leadId, dryRun: true } });
    world.touched.add(leadId);
    if (!record && backups.length === 0) return demandEqual(plan.status, 404, 'erasing a lead of which nothing is left');
    const expected = {
      leads: record ? 1 : 0,
      activities: record?.activities.length ?? 0,
      campaigns: record?.campaigns.length ?? 0,
      backups: backups.length,
    };
    const counts = (found: object) => ({ ...found, storedAnswers: 0, jobOutcomes: 0 });
    demandEqual(counts(plan.body.data.found), counts(expected), 'what is found of the person');
    const { status, body, headers } = await world.call('erasures.create', {
      body: { leadId, planToken: plan.body.data.planToken, force },
    });
    if (record && world.isHeld(record) && !force)
      return demandEqual([status, body.code], [409, 'LEAD_IN_USE'], 'erasing a lead in an active campaign');
    demandEqual(status, 200, 'the status');
    const { erasure } = body.data;
    demandEqual(counts(erasure.removed), counts(expected), 'what was erased');
    demandEqual(await world.done('erasures.get', { params: { erasureId: erasure.id } }), erasure, 'the erasure');
    world.erasures.set(erasure.id, true);
    if (record) {
      const { deletedAt } = await world.done('deletions.get', { params: { leadId } });
      demand(deletedAt >= record.lead.createdAt, 'deleted before it was made');
      const requestId = String(headers['x-request-id']);
      world.remove(leadId, { deletedAt, requestId, jobId: null, reason: null, backupId: null }, { erase: true });
    } else {
      leftoversErased(world, leadId);
    }
  }),
  'erasures.liftSuppression': step('erasures.liftSuppression', fc.tuple(number), async (world, which) => {
    const erasureId = pick([...world.erasures.keys()], which);
    if (erasureId === undefined) return;
    const { status } = await world.call('erasures.liftSuppression', { params: { erasureId } });
    demandEqual(status, world.erasures.get(erasureId) ? 200 : 404, 'the status');
    const { suppressionLiftedAt } = await world.done('erasures.get', { params: { erasureId } });
    demand(suppressionLiftedAt !== null, 'the erasure does not say that its suppression was lifted');
    world.erasures.set(erasureId, false);
  }),
};
