import { expect, it } from 'vitest';
import { verifyAudit } from '../src/audit/verify-audit.ts';
import { run } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { emptyDatabase, onEachDatabase, type TestDatabase } from './support/databases.ts';
import { type Caller, TestServer, useCaller, useServer } from './support/server.ts';

interface Entry {
  readonly id: string;
  readonly action: string;
  readonly leadId: string | null;
}

const REQUEST_ID = '01919d2e-4e6f-7c3a-9b1d-2f0a6c8e4b75';

onEachDatabase('the audit log', (database) => {
  const server = useServer(database);
  const acme = useCaller(server);
  const entriesOf = async (caller: Caller, query: Record<string, string | number> = {}): Promise<Entry[]> =>
    (await caller.call('auditLog.list', { query })).body.data.entries;

  it('says who did what to which lead, when, with which request and why', async () => {
    const { id } = await acme.lead();
    const headers = { 'x-request-id': REQUEST_ID };
    const { body } = await acme.call('leads.delete', {
      params: { leadId: id },
      query: { backup: 'true', reason: 'No longer needed' },
      headers,
    });
    expect(await entriesOf(acme, { leadId: id })).toEqual([
      {
        id: expect.stringMatching(/^audit_\d+x\d+$/),
        at: body.data.deletedAt,
        action: 'lead.deleted',
        keyId: acme.keyId,
        leadId: id,
        requestId: REQUEST_ID,
        jobId: null,
        reason: 'No longer needed',
        details: { activities: 0, campaigns: 0, backups: 0, force: false, erase: false, backupId: body.data.backupId },
        previousHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });

  it('holds no personal data: what a caller puts into the reason or the request id is redacted', async () => {
    const { id } = await acme.lead({ name: 'Zoë (Müller)', email: 'zoe+a@example.com', phone: '+49 30 1' });
    const query = { reason: 'zoë (müller) <ZOE+A@example.com>, +49 30 1, asked' };
    await acme.call('leads.delete', { params: { leadId: id }, query, headers: { 'x-request-id': REQUEST_ID } });
    const [entry] = await entriesOf(acme, { leadId: id });
    expect(entry).toMatchObject({ reason: '[redacted] <[redacted]>, [redacted], asked' });
  });

  it('lists by action, lead, key and time, latest first, page by page, without gap or repetition', async () => {
    const caller = await server.workspace();
    const leads = [await caller.lead(), await caller.lead(), await caller.lead()];
    for (const { id } of leads) await caller.call('leads.archive', { params: { leadId: id } });
    await caller.call('leads.delete', { params: { leadId: leads[0].id } });
    const pages: Entry[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: Record<string, string | number> = { action: 'lead.archived', limit: 1, ...(cursor && { cursor }) };
      const { body } = await caller.call('auditLog.list', { query });
      pages.push(...body.data.entries);
      cursor = body.data.pagination.nextCursor;
    }
    expect(pages).toHaveLength(3);
    expect(new Set(pages.map(({ leadId }) => leadId))).toEqual(new Set(leads.map(({ id }) => id)));
    expect((await entriesOf(caller, { leadId: leads[0].id })).map(({ action }) => action)).toEqual(['lead.deleted', 'lead.archived']);
    expect(await entriesOf(caller, { keyId: caller.keyId, from: '2100-01-01T00:00:00Z' })).toEqual([]);
    expect(await entriesOf(caller, { keyId: 'key_other' })).toEqual([]);
    expect(await entriesOf(caller, { to: '2000-01-01T00:00:00Z' })).toEqual([]);
  });

  it('refuses to be changed or shortened', async () => {
    await acme.call('leads.delete', { params: { leadId: (await acme.lead()).id } });
    for (const sql of ['update audit_log set reason = null', 'delete from audit_log', 'truncate audit_log']) {
      await expect(run(server.db, sql, [])).rejects.toThrow('the audit log can only be added to');
    }
  });

  it.each([
    ['an entry that was changed', `update audit_log set reason = 'Another' where seq = 2`, /audit_\d+x2 was changed/],
    ['an entry whose hash was made to fit', `update audit_log set hash = sha256(hash) where seq = 2`, /audit_\d+x3 does not follow/],
    ['an entry that was taken out', 'delete from audit_log where seq = 2', /audit_\d+x3 follows entry 1/],
    ['entries that were cut off at the end', 'delete from audit_log where seq >= 3', /ends at entry 2, and should end at entry 4/],
    ['a chain whose end was taken out', 'delete from audit_chains', /the end of chain \d+ is missing/],
  ])('verification finds %s', async (_name, tamper, expected) => {
    await withAuditedDatabase(database, async (tampered) => {
      expect(await verifyAudit(tampered.db)).toMatchObject({ entries: 4, problems: [], heads: [{ seq: 4 }] });
      await run(tampered.db, 'alter table audit_log disable trigger append_only', []);
      await run(tampered.db, tamper, []);
      expect((await verifyAudit(tampered.db)).problems.join('\n')).toMatch(expected);
    });
  });
});

/** A server on a database of its own whose log has four entries in one chain. */
async function withAuditedDatabase(kind: TestDatabase, use: (server: TestServer) => Promise<void>): Promise<void> {
  const { database, drop } = await emptyDatabase(kind);
  // One connection, because each has a chain.
  const server = new TestServer({ ...database, maxConnections: 1 });
  try {
    await migrate(server.db);
    await server.start();
    const caller = await server.workspace();
    for (const reason of ['“First”', 'Second\\\n', undefined]) {
      const leadId = (await caller.lead()).id;
      await caller.call('leads.delete', { params: { leadId }, query: reason === undefined ? {} : { reason } });
    }
    await use(server);
  } finally {
    await server.stop();
    await drop();
  }
}
