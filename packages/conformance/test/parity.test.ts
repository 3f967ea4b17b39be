import { describe, expect, inject, it } from 'vitest';
import type { TestDatabase } from '../../server/test/support/databases.ts';
import { useServer } from '../../server/test/support/server.ts';
import { runConformance } from '../src/run-conformance.ts';
import { walk } from '../src/walk.ts';
import { demandConformance, IS_WHOLE, OF_THE_SERVER } from './support/demand-conformance.ts';

// The mock is the server's core on the embedded database: the last one alone, which is PostgreSQL where there is one, unless there is time.
const databases = inject('databases').slice(IS_WHOLE ? 0 : -1);

describe.each(databases)('the server [$name]', (database: TestDatabase) => {
  const server = useServer(database, { notesUses: true });

  it(`passes every check${OF_THE_SERVER ? ' but random changes' : ''}, and has nothing left of what was made`, async () => {
    const [one, two] = [await server.workspace(), await server.workspace()];
    await demandConformance(`server on ${database.name}`, server.url, { apiKey: one.key, otherApiKey: two.key }, OF_THE_SERVER);
    for (const caller of [one, two]) {
      expect((await caller.call('leads.list')).body.data.leads).toEqual([]);
      expect((await caller.call('campaigns.list')).body.data.campaigns).toEqual([]);
      expect((await caller.call('backups.list')).body.data.backups).toEqual([]);
      const { items: keys } = await walk(caller, 'apiKeys.list', { query: { limit: 100 } });
      expect(keys.filter(({ revokedAt }) => revokedAt === null)).toHaveLength(1);
    }
  }, 900_000);

  it('has nothing left either where who is told of a result throws', async () => {
    const caller = await server.workspace();
    const run = runConformance({
      baseUrl: server.url,
      apiKey: caller.key,
      // Each takes a while: others are in the middle of what they make when the first one is told of.
      only: ({ name }) => /^stateful: (?:leads|campaigns)/.test(name),
      onResult: ({ name }) => {
        throw new Error(`Told of ${name}`);
      },
    });
    await expect(run).rejects.toThrow('Told of ');
    expect((await caller.call('leads.list')).body.data.leads).toEqual([]);
    expect((await caller.call('backups.list')).body.data.backups).toEqual([]);
  });
});
