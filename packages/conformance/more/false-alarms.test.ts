import { describe, expect, inject, it } from 'vitest';
import { type Caller, useServer } from '../../server/test/support/server.ts';
import { runConformance } from '../src/index.ts';

const database = inject('databases').at(-1)!;
/** How many runs there are, always two at once. */
const RUNS = Number(process.env['LEADS_FALSE_ALARM_RUNS'] ?? 4);

/** Somebody who comes and goes in a workspace until it is over. */
async function traffic(caller: Caller, isOver: () => boolean): Promise<void> {
  for (let n = 0; !isOver(); n++) {
    const { lead, campaign, params } = await caller.enrolledLead({ name: `Passer-by ${n}`, status: n % 2 === 0 ? 'new' : 'lost' });
    await caller.call('leads.update', { params, body: { source: `elsewhere-${n % 5}`, metadata: { n } } });
    await caller.call('leads.archive', { params });
    await caller.call('backups.create', { params });
    await caller.call('leads.delete', { params, query: { force: 'true', ...(n % 3 === 0 && { erase: 'true' }) } });
    await caller.call('campaigns.update', { params: { campaignId: campaign.id }, body: { status: 'completed' } });
    await caller.call('campaigns.delete', { params: { campaignId: campaign.id } });
    await caller.call('auditLog.list', { query: { leadId: lead.id } });
  }
}

describe(`the server that is right [${database.name}]`, () => {
  // All runs have one key.
  const server = useServer(database, { notesUses: true, limit: Number.MAX_SAFE_INTEGER });

  it(`passes ${RUNS} runs, two at once in one workspace, with traffic there and in another`, { timeout: RUNS * 900_000 }, async () => {
    const [shared, foreign] = [await server.workspace(), await server.workspace()];
    let [begun, under] = [0, 2];
    const alarms: string[] = [];
    const runs = async () => {
      try {
        while (begun < RUNS) {
          const seed = ++begun;
          const results = await runConformance({ baseUrl: server.url, apiKey: shared.key, otherApiKey: foreign.key, seed });
          const failed = results.filter(({ outcome }) => outcome === 'failed');
          alarms.push(...failed.map(({ name, message }) => `run ${seed}: ${name}: ${message}`));
        }
      } finally {
        under -= 1;
      }
    };
    const isOver = () => under === 0;
    await Promise.all([runs(), runs(), traffic(shared, isOver), traffic(foreign, isOver)]);
    expect(alarms).toEqual([]);
  });
});
