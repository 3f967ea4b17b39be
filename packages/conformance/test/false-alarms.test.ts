import { describe, expect, inject, it } from 'vitest';
import { type Caller, useServer } from '../../server/test/support/server.ts';
import { runConformance } from '../src/index.ts';

const database = inject('databases').at(-1)!;

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
  const server = useServer(database);

  it('passes two runs at once in one workspace, with traffic there and in another', async () => {
    const [shared, foreign] = [await server.workspace(), await server.workspace()];
    let runs = 2;
    const run = async (seed: number) => {
      try {
        const results = await runConformance({ baseUrl: server.url, apiKey: shared.key, otherApiKey: foreign.key, seed });
        return results.filter(({ outcome }) => outcome === 'failed').map(({ name, message }) => `${name}: ${message}`);
      } finally {
        runs -= 1;
      }
    };
    const isOver = () => runs === 0;
    const [first, second] = await Promise.all([run(1), run(2), traffic(shared, isOver), traffic(foreign, isOver)]);
    expect([...first, ...second]).toEqual([]);
  }, 1_800_000);
});
