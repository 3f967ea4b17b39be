import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { signedHeads } from '../src/audit/audit-heads.ts';
import { verifyAudit } from '../src/audit/verify-audit.ts';
import { run } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { emptyDatabase, onEachDatabase, onOneDatabase, type TestDatabase, urlOf } from './support/databases.ts';
import { type Caller, TestServer, useCaller, useServer } from './support/server.ts';
import { BARE_ENVIRONMENT } from './support/bare-environment.ts';

interface Entry {
  readonly id: string;
  readonly action: string;
  readonly leadId: string | null;
}

const AUDIT = fileURLToPath(new URL('../src/audit-cli/main.ts', import.meta.url));
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
});

onOneDatabase('an audit log that somebody else writes to', (database) => {
  it.each([
    ['an entry that was changed', `update audit_log set reason = 'Another' where seq = 2`, /audit_\d+x2 was changed/],
    ['an entry whose hash was made to fit', `update audit_log set hash = sha256(hash) where seq = 2`, /audit_\d+x3 does not follow/],
    ['an entry that was taken out', 'delete from audit_log where seq = 2', /audit_\d+x3 follows entry 1/],
    [
      'two entries that changed places',
      `update audit_log set seq = case seq when 2 then -3 else -2 end where seq in (2, 3);
      update audit_log set seq = -seq where seq < 0`,
      /audit_\d+x2 does not follow/,
    ],
    ['entries that were cut off at the end', 'delete from audit_log where seq >= 3', /ends at entry 2, and should end at entry 4/],
    ['a chain whose end was taken out', 'delete from audit_chains', /the end of the chain is missing/],
    ...[0, -7, 5, 1_004].map((seq): [string, string, RegExp] => [
      `an entry that somebody else put at ${seq}`,
      `insert into audit_log select workspace_id, chain, ${seq}, at, action, key_id, lead_id, request_id, job_id, reason, details,
        previous_hash, hash from audit_log where seq = 4`,
      new RegExp(`audit_\\d+x${seq} is not of the server's making`),
    ]),
  ])('verification finds %s', async (_name, tamper, expected) => {
    await withAuditedDatabase(database, async (tampered) => {
      expect(await verifyAudit(tampered.db)).toMatchObject({ entries: 4, problems: [], heads: [{ seq: 4 }] });
      await tamperWith(tampered, tamper);
      expect((await verifyAudit(tampered.db)).problems.join('\n')).toMatch(expected);
    });
  });

  const CUT = `delete from audit_log where seq >= 2;
    update audit_chains set seq = 1, hash = first.hash from audit_log as first
    where first.seq = 1 and first.chain = audit_chains.chain and first.workspace_id = audit_chains.workspace_id`;
  it.each([
    ['the newest entries were cut off, and the end moved back', CUT, /entry 4, whose head was kept, is missing/],
    ['a chain was taken away with its end', 'delete from audit_log; delete from audit_chains', /entry 4, whose head was kept, is missing/],
    ['everything was emptied', 'truncate audit_log, audit_chains', /entry 4, whose head was kept, is missing/],
  ])('a head that was kept elsewhere tells that %s, which the log itself cannot', async (_name, tamper, expected) => {
    await withAuditedDatabase(database, async (tampered) => {
      const kept = await signedHeads(tampered.db, new Date('2024-01-01T00:00:00Z'));
      const caller = await tampered.workspace();
      await caller.call('leads.delete', { params: { leadId: (await caller.lead()).id } });
      expect((await verifyAudit(tampered.db, kept)).problems).toEqual([]);
      await tamperWith(tampered, tamper);
      expect((await verifyAudit(tampered.db)).problems).toEqual([]);
      expect((await verifyAudit(tampered.db, kept)).problems.join('\n')).toMatch(expected);
    });
  });

  // The embedded database that a suite makes is reached by no settings.
  it.skipIf(!database.server)(
    'the command ends with 1 and names what kept heads tell, with 2 where they cannot be read, and else with 0',
    async () => {
      const directory = mkdtempSync(join(tmpdir(), 'leads-audit-'));
      const [kept, changed, broken] = ['kept', 'changed', 'broken'].map((name) => join(directory, `${name}.ndjson`)) as [
        string,
        string,
        string,
      ];
      await withAuditedDatabase(database, async (audited, own) => {
        const audit = async (...args: string[]) => {
          const child = spawn(process.execPath, [AUDIT, ...args], { env: { ...BARE_ENVIRONMENT, DATABASE_URL: urlOf(own) } });
          const [out, problems, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
          return { code: code as number, out, problems };
        };
        const heads = await audit('heads');
        expect([heads.code, heads.problems]).toEqual([0, '']);
        writeFileSync(kept, heads.out);
        writeFileSync(changed, heads.out.replace('"seq":4', '"seq":3'));
        writeFileSync(broken, `${heads.out}not a head`);
        expect(await audit('verify', '--against', kept)).toMatchObject({
          code: 0,
          problems: '',
          out: expect.stringContaining('Entries checked: 4. Problems: 0.'),
        });
        const signed = expect.stringContaining('was changed since it was signed');
        expect(await audit('verify', '--against', changed)).toMatchObject({ code: 1, problems: signed });
        expect(await audit('verify', '--against', broken)).toMatchObject({ code: 2, problems: expect.stringContaining('Line 2'), out: '' });

        await tamperWith(audited, CUT);
        expect(await audit('verify')).toMatchObject({ code: 0, problems: '' });
        const missing = expect.stringContaining('entry 4, whose head was kept, is missing');
        expect(await audit('verify', '--against', kept)).toMatchObject({
          code: 1,
          problems: missing,
          out: expect.stringContaining('Problems: 1.'),
        });
        expect(await audit('verify', '--json', '--against', kept)).toMatchObject({ code: 1, problems: '', out: missing });
      });
      rmSync(directory, { recursive: true });
    },
  );

  it('a head that was changed after it was signed, or that another server signed, is told', async () => {
    await withAuditedDatabase(database, async (audited) => {
      const [head] = await signedHeads(audited.db, new Date());
      expect((await verifyAudit(audited.db, [{ ...head!, at: '2020-01-01T00:00:00.000Z' }])).problems.join()).toMatch(/was changed since/);
      await run(audited.db, `delete from secrets where name = 'audit'`, []);
      await signedHeads(audited.db, new Date());
      expect((await verifyAudit(audited.db, [head!])).problems.join()).toMatch(/was signed with another key/);
    });
  });

  it('writing goes on where somebody put entries behind the end of every chain, and no receipt is taken from them', async () => {
    await withAuditedDatabase(database, async (forged) => {
      const caller = await forged.workspace();
      const leadId = (await caller.lead()).id;
      await run(
        forged.db,
        `insert into audit_chains select $1, chain, 0, decode(repeat('00', 32), 'hex') from generate_series(0, 15) as chains (chain)
         on conflict do nothing`,
        [caller.workspaceId],
      );
      await run(
        forged.db,
        `insert into audit_log select workspace_id, chain, seq + 1, now() + interval '1 hour', 'lead.deleted', 'key_forged', $2, 'req_forged',
         null, null, '{"activities":0,"campaigns":0,"backups":0,"force":false,"erase":false,"backupId":null}', hash, hash
         from audit_chains where workspace_id = $1`,
        [caller.workspaceId, leadId],
      );
      expect((await caller.call('deletions.get', { params: { leadId } })).status).toBe(404);
      expect((await caller.call('leads.delete', { params: { leadId } })).status).toBe(200);
      expect((await caller.call('deletions.get', { params: { leadId } })).body.data.keyId).toBe(caller.keyId);
      const { problems } = await verifyAudit(forged.db);
      expect(problems.filter((problem) => problem.includes("is not of the server's making"))).toHaveLength(16);
      expect(problems).toHaveLength(16);
    });
  });
});

async function tamperWith(server: TestServer, statements: string): Promise<void> {
  for (const sql of ['alter table audit_log disable trigger append_only', ...statements.split(';')]) await run(server.db, sql, []);
}

/** A server on a database of its own whose log has four entries in one chain. */
async function withAuditedDatabase(kind: TestDatabase, use: (server: TestServer, database: TestDatabase) => Promise<void>): Promise<void> {
  const { database, drop } = await emptyDatabase(kind);
  // One connection, because each has a chain.
  const server = new TestServer({ ...database, maxConnections: 1 });
  try {
    await migrate(database.connection);
    await server.start();
    const caller = await server.workspace();
    for (const reason of ['“First”', 'Second\\\n', undefined]) {
      const leadId = (await caller.lead()).id;
      await caller.call('leads.delete', { params: { leadId }, query: reason === undefined ? {} : { reason } });
    }
    await use(server, database);
  } finally {
    await server.stop();
    await drop();
  }
}
