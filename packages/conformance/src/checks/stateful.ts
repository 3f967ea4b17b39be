import { LeadStatusSchema, type Scope, SCOPES } from '@leads/contract';
import fc from 'fast-check';
import type { Caller } from '../caller.ts';
import type { Check } from '../check.ts';
import { demand } from '../mismatch.ts';
import type { Command } from '../model/command.ts';
import { COMMANDS } from '../model/commands.ts';
import { compareAll } from '../model/compare.ts';
import { readBackup, SAID } from '../model/deeds.ts';
import { addKey } from '../model/key-commands.ts';
import { World } from '../model/world.ts';
import { newRecord } from '../valid-calls.ts';

/** How many sequences of changes are tried for each operation, and how long one is at most. */
const RUNS = 3;
const STEPS_MAX = 20;

/** How long a shorter sequence is looked for that fails, too. */
const SHRINK_MS = 3_000;

/** Any sequence of changes leaves the workspace as a model of it says: a seed repeats it, and one that fails is shrunk. */
export const statefulChecks: readonly Check[] = Object.entries(COMMANDS).map(([operation, command], i) => ({
  name: `stateful: ${operation} among other changes does what a model of the workspace does`,
  requests: 400,
  run: ({ caller, seed }) => holds(caller, command, seed + i),
}));

async function holds(caller: Caller, command: fc.Arbitrary<Command>, seed: number): Promise<void> {
  const others = Object.values(COMMANDS).map((arbitrary) => ({ arbitrary, weight: 1 }));
  const steps = fc.commands([fc.oneof({ arbitrary: command, weight: others.length }, ...others)], { maxCommands: STEPS_MAX, size: 'max' });
  const property = fc.asyncProperty(steps, async (commands) => {
    await caller.tidy();
    const world = new World(caller, await caller.keyOf(Object.keys(SCOPES) as Scope[]));
    await furnish(world);
    await fc.asyncModelRun(() => ({ model: world, real: null }), commands);
    await compareAll(world);
  });
  const first = await fc.check(property, { seed, numRuns: RUNS, endOnFailure: true });
  if (!first.failed) return;
  const shrunk = await fc.check(property, { seed, path: first.counterexamplePath!, interruptAfterTimeLimit: SHRINK_MS });
  const { errorInstance, counterexample } = shrunk.counterexample ? shrunk : first;
  const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  demand(false, `${reason}; the shortest sequence that fails: ${shown(counterexample)} (seed ${seed})`);
}

function shown(counterexample: [Iterable<fc.AsyncCommand<World, null>>] | null): string {
  return [...(counterexample?.[0] ?? [])].map((command) => command.toString()).join(', ');
}

/** Something to begin with: leads with activities in campaigns, some with backups, one that is gone, and a key. */
async function furnish(world: World): Promise<void> {
  for (const status of ['active', 'paused'] as const) {
    const campaign = await world.done('campaigns.create', { body: { name: `Spring offer, ${status}`, status } });
    world.campaigns.set(campaign.id, campaign);
  }
  const enrolledAt = '2024-01-15T12:00:00.123Z';
  const campaigns = [...world.campaigns.keys()].toSorted().map((id) => ({ id, enrolledAt }));
  const records = LEADS.map((name, i) => {
    const phone = i % 2 === 0 ? '+49 (0) 170 55512-0' : null;
    const createdAt = `2024-01-0${i + 1}T10:30:00.000Z`;
    const status = LeadStatusSchema.options[i + 1];
    const { lead } = newRecord({ name, source: world.source(i), phone, status, createdAt, metadata: { a: i } });
    const activity = { id: `act_${lead.id.slice(5)}`, leadId: lead.id, type: 'note', text: `${SAID}hello`, metadata: { a: i } };
    const activities = i % 2 === 0 ? [{ ...activity, occurredAt: enrolledAt, createdAt: enrolledAt }] : [];
    return { lead, statusBeforeArchive: null, activities, campaigns: i < 3 ? campaigns : [] };
  });
  await world.done('leads.import', {
    query: { allowDuplicateEmail: 'true' },
    body: records.map((record) => JSON.stringify(record)).join('\n'),
  });
  for (const { lead } of records) world.add(await world.done('leads.exportOne', { params: { leadId: lead.id } }));
  for (const [leadId, content] of [...world.leads].slice(1, 3)) {
    const backup = await world.done('backups.create', { params: { leadId } });
    world.backups.set(backup.id, { backup, content });
  }
  const [leadId] = world.leads.keys();
  const { headers, body } = await world.call('leads.delete', { params: { leadId: leadId! }, query: 'force=true&backup=true' });
  const { deletedAt, backupId } = body.data;
  const said = { deletedAt, backupId, requestId: String(headers['x-request-id']), jobId: null, reason: null };
  world.remove(leadId!, said, { erase: false, attached: await readBackup(world, backupId) });
  await addKey(world, await world.done('apiKeys.create', { body: { name: 'Another', scopes: ['leads:read', 'leads:write'] } }));
}

const LEADS = ['Zoe Miller', 'Bo Smith', 'Kim Lane', 'Ida Brown', 'Ned Stone'];
