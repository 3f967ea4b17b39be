import { describe, expect, it } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { type Call, type OperationId, useCaller, useServer } from './support/server.ts';

/** Every operation that names something by its id. */
const BY_ID: Partial<Record<OperationId, Call>> = {
  'leads.get': {},
  'leads.update': { body: { status: 'lost', metadata: { taken: true } } },
  'leads.delete': {},
  'apiKeys.rotate': { body: { overlapSeconds: 0 } },
  'apiKeys.revoke': {},
};

onEachDatabase('two workspaces', (database) => {
  const server = useServer(database);
  const acme = useCaller(server);
  const other = useCaller(server);

  describe.each(Object.entries(BY_ID) as [OperationId, Call][])('%s', (operation, call) => {
    it('404: another workspace’s id is answered exactly like an unknown one, and nothing happens to it', async () => {
      const lead = await other.lead();
      const theirs = operation.startsWith('leads') ? lead.id : other.keyId;
      const unknown = theirs.slice(0, -4) + 'zzzz';
      const answers = await Promise.all(
        [theirs, unknown].map((id) => acme.call(operation, { ...call, params: { leadId: id, keyId: id } })),
      );
      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
      expect(answers[0]!.text.replaceAll(theirs, unknown)).toBe(answers[1]!.text);
      const names = answers.map(({ headers }) => Object.keys(headers));
      expect(names[0]).toEqual(names[1]);
      expect((await other.call('leads.get', { params: { leadId: lead.id } })).body.data).toEqual(lead);
    });
  });

  it('200: lists, totals, searches and keys hold one’s own only', async () => {
    const [mine, theirs] = [await server.workspace(), await server.workspace()];
    await mine.lead({ name: 'Shared', source: 'web' });
    await Promise.all([theirs.lead({ name: 'Shared', source: 'web' }), theirs.lead({ name: 'Shared', source: 'web' })]);
    for (const query of [
      {},
      { source: 'web' },
      { status: 'new' },
      { search: 'shared' },
      { email: 'ann@example.com' },
      { createdAfter: '2000-01-01T00:00:00Z' },
    ]) {
      const { leads, pagination } = (await mine.call('leads.list', { query })).body.data;
      expect([leads.length, pagination.total, leads[0].workspaceId]).toEqual([1, 1, mine.workspaceId]);
    }
    const { apiKeys } = (await mine.call('apiKeys.list')).body.data;
    expect(apiKeys.map(({ id }: { id: string }) => id)).toEqual([mine.keyId]);
  });

  it('201: what is created belongs to the workspace of the key', async () => {
    expect((await acme.lead()).workspaceId).toBe(acme.workspaceId);
    const { body } = await acme.call('apiKeys.create', { body: { name: 'New', scopes: ['leads:read'] } });
    expect(body.data.workspaceId).toBe(acme.workspaceId);
  });
});
