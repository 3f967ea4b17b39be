import { createLeadsClient, type LeadsClient } from '@leads/client';
import { createServer, type LeadsServer } from '@leads/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anyDatabase } from '../../server/test/support/databases.ts';
import { chaosProxy, FAULTS } from './support/chaos-proxy.ts';

const OPERATIONS = Number(process.env['LEADS_CHAOS_OPERATIONS'] ?? (process.env['LEADS_TEST_MORE'] ? 10_000 : 300));
const LEADS = OPERATIONS / 10;
const AT_ONCE = 32;
const FAULT_RATE = 0.2;

let calm: LeadsServer;
let rough: LeadsServer;
let proxy: Awaited<ReturnType<typeof chaosProxy>>;

beforeAll(async () => {
  [calm, rough] = await Promise.all([createServer(anyDatabase()), createServer(anyDatabase())]);
  const random = sequence(7);
  proxy = await chaosProxy(rough.url, () => (random() < FAULT_RATE ? FAULTS[Math.floor(random() * FAULTS.length)] : undefined));
});
afterAll(async () => {
  await proxy.close();
  await Promise.all([calm.stop(), rough.stop()]);
});

it(`${OPERATIONS} mixed operations of which one in five fails end with the state that they have without failures: nothing twice, nothing missing`, async () => {
  const undisturbed = createLeadsClient({ baseUrl: calm.url, apiKey: calm.apiKey, maxRetries: 20 });
  const disturbed = createLeadsClient({ baseUrl: proxy.url, apiKey: rough.apiKey, maxRetries: 20, timeoutMs: 250 });
  const [expected, done] = await Promise.all([work(undisturbed), work(disturbed)]);
  await proxy.settled();
  const seen = createLeadsClient({ baseUrl: rough.url, apiKey: rough.apiKey });
  expect(await stateOf(seen)).toEqual(await stateOf(undisturbed));
  expect(done).toEqual(expected);
  for (const fault of FAULTS) expect(proxy.struck[fault], fault).toBeGreaterThan(OPERATIONS / 100);
  const faults = Object.entries(proxy.struck).map(([fault, times]) => `${fault} ${times}`);
  console.log(`${OPERATIONS} operations: ${faults.join(', ')}; ${JSON.stringify(done)}`);
});

/** The same operations each time: some leads at once, the operations of one lead one after the other. */
async function work(client: LeadsClient): Promise<Record<string, number>> {
  const done: Record<string, number> = {};
  const campaign = await client.campaigns.create({ name: 'Spring offer', status: 'paused' });
  const numbers = Array.from({ length: LEADS }, (_, number) => number).values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const number of numbers) await lifeOf(client, number, campaign.id, done);
    }),
  );
  return done;
}

/** Ten operations: a lead is created, nine things happen with it, and some are gone in the end. */
async function lifeOf(client: LeadsClient, number: number, campaignId: string, done: Record<string, number>): Promise<void> {
  const random = sequence(number + 1);
  const count = (name: string) => (done[name] = (done[name] ?? 0) + 1);
  let { id } = await client.leads.create({ name: `Lead ${number}`, email: `lead${number}@example.com`, metadata: { steps: 0 } });
  count('create');
  let backupId: string | undefined;
  for (let step = 1; step < 10; step++) {
    const choice = Math.floor(random() * 8);
    if (backupId !== undefined) {
      await client.backups.restore(backupId);
      backupId = undefined;
      count('restore');
    } else if (choice === 0) {
      await client.activities.create(id, { type: 'note', text: `Step ${step}` });
      count('activity');
    } else if (choice === 1) {
      await client.campaigns.enrollLead(campaignId, id);
      count('enroll');
    } else if (choice === 2) {
      await client.leads.archive(id, { reason: `Step ${step}` });
      count('archive');
    } else if (choice === 3) {
      await client.leads.unarchive(id);
      count('unarchive');
    } else if (choice === 4) {
      backupId = (await client.leads.delete(id, { backup: true })).backupId;
      count('delete');
    } else if (choice === 5) {
      const { etag } = await client.leads.deletionPreview(id);
      await client.leads.update(id, { metadata: { guarded: step } }, { ifMatch: etag });
      count('guarded update');
    } else {
      await client.leads.update(id, { status: 'contacted', metadata: { [`step${step}`]: step } });
      count('update');
    }
  }
}

/** Everything that is there, but for ids and times, which differ from run to run. */
async function stateOf(client: LeadsClient): Promise<object> {
  const text = await new Response(await client.leads.export()).text();
  const leads = text
    .trimEnd()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  const audit: Record<string, number> = {};
  for await (const { action } of client.auditLog.list()) audit[action] = (audit[action] ?? 0) + 1;
  const { total, byStatus } = await client.leads.stats();
  return {
    total,
    byStatus,
    audit,
    leads: leads
      .map(({ lead: { name, email, status, metadata }, activities, campaigns, statusBeforeArchive }) => ({
        email,
        name,
        status,
        metadata: { ...metadata, archived_at: null },
        statusBeforeArchive,
        activities: activities.map(({ text: said }: { text: string }) => said).toSorted(),
        campaigns: campaigns.length,
      }))
      .toSorted((a, b) => a.email.localeCompare(b.email)),
    backups: (await client.backups.list().toArray({ max: 100_000 })).length,
  };
}

/** A sequence of numbers from 0 to 1 that is the same each time (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
