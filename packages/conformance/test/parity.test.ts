import { expect, it } from 'vitest';
import { type TestDatabase, onEachDatabase } from '../../server/test/support/databases.ts';
import { useServer } from '../../server/test/support/server.ts';
import { walk } from '../src/walk.ts';
import { demandConformance, WITHOUT_RANDOM_CHANGES } from './support/demand-conformance.ts';

onEachDatabase('the server', (database: TestDatabase) => {
  const server = useServer(database);

  it('passes every check, and has nothing left of what was made', async () => {
    const [one, two] = [await server.workspace(), await server.workspace()];
    // The embedded database takes its time with random changes.
    const only = database.name === 'embedded' && !process.env['LEADS_TEST_MORE'] ? WITHOUT_RANDOM_CHANGES : undefined;
    await demandConformance(`server on ${database.name}`, server.url, { apiKey: one.key, otherApiKey: two.key }, only);
    for (const caller of [one, two]) {
      expect((await caller.call('leads.list')).body.data.leads).toEqual([]);
      expect((await caller.call('campaigns.list')).body.data.campaigns).toEqual([]);
      expect((await caller.call('backups.list')).body.data.backups).toEqual([]);
      const { items: keys } = await walk(caller, 'apiKeys.list', { query: { limit: 100 } });
      expect(keys.filter(({ revokedAt }) => revokedAt === null)).toHaveLength(1);
    }
  }, 900_000);
});
