import type { CreateErasureRequest, ErasureDone, ErasurePlan, PersonCounts } from '../../api.generated.ts';
import type { Command } from '../command.ts';
import { usageError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { CONFIRM_OPTIONS } from '../options.ts';
import { confirm, requireAnswer } from '../prompt.ts';
import { count } from '../text.ts';

const KINDS: Readonly<Record<keyof PersonCounts, string>> = {
  leads: 'leads',
  activities: 'activities',
  campaigns: 'places in campaigns',
  backups: 'backups',
  storedAnswers: 'stored answers',
  jobOutcomes: 'outcomes of jobs',
};
const COLUMNS = { shown: [], fields: ['erasureId', ...Object.keys(KINDS)] };

/** `leads erase` */
export const erase: Command = {
  name: 'erase',
  summary: 'erase all that is left of a person',
  details: `Finds leads, backups of leads that are deleted already, and what else there is; asks, and erases it for good. From then on the
person is kept away: whatever would bring the address back is refused.`,
  options: {
    email: { type: 'string', placeholder: 'ADDRESS', help: 'whoever has this e-mail address' },
    phone: { type: 'string', placeholder: 'NUMBER', help: 'whoever has this phone number, in any notation' },
    lead: { type: 'string', placeholder: 'LEAD_ID', help: 'the person of this lead, also where it is deleted' },
    force: { type: 'boolean', help: 'erase leads in active campaigns too (scope leads:force)' },
    ...CONFIRM_OPTIONS,
  },
  changes: true,
  examples: [
    ['leads erase --email john.doe@example.com --dry-run', 'only looks'],
    ['leads erase --lead lead_1234567890abcdef', 'looks, asks, erases'],
  ],
  async run(context) {
    const { options, output, say, client } = context;
    const named = { email: options.text('email'), phone: options.text('phone'), leadId: options.text('lead') };
    const [person, ...more] = Object.entries(named).filter(([, value]) => value !== undefined);
    if (!person || more.length > 0) throw usageError('Say whom to erase, with one of --email, --phone and --lead.');
    const who = Object.fromEntries([person]) as CreateErasureRequest;
    requireAnswer(context, 'removes personal data for good');
    const plan = (await client().erasures.create({ ...who, dryRun: true })) as ErasurePlan;
    if (options.flag('dry-run')) {
      await output.item(COLUMNS, plan.found, linesOf(plan.found));
      say('Nothing was changed: this is a dry run.');
      return EXIT.ok;
    }
    if (!options.flag('yes')) for (const [kind, found] of linesOf(plan.found)) say(`${String(found)} ${kind}`);
    if (!(await confirm(context, 'Erase all of it for good?', null))) {
      say('Nothing was changed.');
      return EXIT.failure;
    }
    const request = { ...who, planToken: plan.planToken, force: options.flag('force') };
    const { erasure } = (await client().erasures.create(request)) as ErasureDone;
    await output.item(COLUMNS, { erasureId: erasure.id, ...erasure.removed }, [['erasure', erasure.id], ...linesOf(erasure.removed)]);
    for (const outside of erasure.outside) say(`Look there, too: ${outside}.`);
    return EXIT.ok;
  },
};

function linesOf(counts: PersonCounts): [string, unknown][] {
  return Object.entries(KINDS).map(([kind, words]) => [words, count(counts[kind as keyof PersonCounts])]);
}
