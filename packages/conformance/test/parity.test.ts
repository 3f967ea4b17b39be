import { describe, expect, inject, it } from 'vitest';
import type { TestDatabase } from '../../server/test/support/databases.ts';
import { useServer } from '../../server/test/support/server.ts';
import { walk } from '../src/walk.ts';
import { demandConformance } from './support/demand-conformance.ts';

// The mock is the server's core on the embedded database: the last one alone, which is PostgreSQL where there is one, unless there is time.
const databases = inject('databases').slice(process.env['LEADS_TEST_MORE'] ? 0 : -1);

describe.each(databases)('the server [$name]', (database: TestDatabase) => {
  const server = useServer(database, { notesUses: true });

  it('passes every check, and has nothing left of what was made', async () => {
    const [one, two] = [await server.workspace(), await server.workspace()];
    await demandConformance(`server on ${database.name}`, server.url, { apiKey: one.key, otherApiKey: two.key });
    for (const caller of [one, two]) {
      expect((await caller.call('leads.list')).body.data.leads).toEqual([]);
      expect((await caller.call('campaigns.list')).body.data.campaigns).toEqual([]);
      expect((await caller.call('backups.list')).body.data.backups).toEqual([]);
      const { items: keys } = await walk(caller, 'apiKeys.list', { query: { limit: 100 } });
      expect(keys.filter(({ revokedAt }) => revokedAt === null)).toHaveLength(1);
    }
  }, 900_000);
});
