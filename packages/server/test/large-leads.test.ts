import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  ACTIVITIES_MAX_BYTES_PER_LEAD,
  ACTIVITIES_MAX_PER_LEAD,
  ACTIVITY_TEXT_MAX_LENGTH,
  type AuditEntry,
  type BulkOutcome,
  IMPORT_MAX_BYTES,
} from '@leads/contract';
import { expect, it } from 'vitest';
import { openDatabase, run } from '../src/db/database.ts';
import { onOneDatabase } from './support/databases.ts';
import { type Caller, Clock, TestServer, useCaller, useServer } from './support/server.ts';

/** A lead with 480 activities whose texts are 5,000 times a character. */
const leadOf = (character: string) => `
  with made as (
    insert into leads (workspace_id, id, name, email, name_lower, email_lower, status, metadata, created_at, updated_at)
    values ($1, $2, 'Ann', 'ann@example.com', 'ann', 'ann@example.com', 'new', '{}', now(), now()) returning id
  )
  insert into activities
  select $1, id, 'act_' || n, 'note', repeat(${character}, 5000), jsonb_build_object('a', repeat('x', 4000)), now(), now()
  from made, generate_series(1, 480) as n`;
/** As an earlier version let them in: the text takes six bytes a character as JSON, 16 MiB a lead. */
const LARGE_LEAD = leadOf('chr(1)');
/** Its texts could take as much, for all that is known before they are read. */
const SEEMING_LARGE_LEAD = leadOf(`'x'`);

/** So many that a statement for all of them together would be over the memory that is allowed. */
const LARGE_LEADS = 16;

/** After so long every server has seen what became of a key. */
const KEY_SEEN_AFTER_SECONDS = 2;

interface Reading {
  readonly bytes: number;
  readonly lines: number;
  /** How many bytes the process took at most above what it had before. */
  readonly memory: number;
}

/** Reads an export without keeping it. */
function readExport({ url, key }: Caller, path = '/api/v1/leads/export'): Promise<Reading> {
  const before = process.memoryUsage.rss();
  return new Promise((resolve, reject) => {
    let [bytes, lines, memory] = [0, 0, 0];
    const outgoing = request(url + path, { headers: { authorization: `Bearer ${key}` } }, (answer) => {
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++;
        memory = Math.max(memory, process.memoryUsage.rss() - before);
      });
      answer.on('end', () => resolve({ bytes, lines, memory }));
      answer.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

onOneDatabase('leads with as much on them as there can be', (database) => {
  const clock = new Clock();
  const server = useServer(database, { now: clock.now });
  const acme = useCaller(server);

  it('an export of leads of 16 MiB each is complete, and takes no more memory than a few of them', async () => {
    const caller = await server.workspace();
    for (let n = 1; n <= LARGE_LEADS; n++) await run(server.db, LARGE_LEAD, [caller.workspaceId, `lead_${n}`]);
    await caller.lead();
    const { bytes, lines, memory } = await readExport(caller);
    // The last one says how many there are.
    expect(lines).toBe(LARGE_LEADS + 2);
    expect(bytes).toBeGreaterThan(LARGE_LEADS * 16_000_000);
    expect(memory).toBeLessThan(200 * 1_048_576);
    expect((await readExport(caller, '/api/v1/leads/lead_1/export')).bytes).toBeGreaterThan(16_000_000);
    await run(server.db, 'delete from leads where workspace_id = $1', [caller.workspaceId]);
  });

  it('an export has no lead that matches no more, also when it was changed while those ahead of it were read', async () => {
    const caller = await server.workspace();
    await run(server.db, LARGE_LEAD, [caller.workspaceId, 'lead_1']);
    const { lead } = JSON.parse((await caller.call('leads.exportOne', { params: { leadId: 'lead_1' } })).text).data;
    await caller.call('leads.import', {
      query: { allowDuplicateEmail: 'true' },
      body: ['lead_2', 'lead_3'].map((id) => JSON.stringify({ lead: { ...lead, id } })).join('\n'),
    });
    const ids = await new Promise<string[]>((resolve, reject) => {
      const headers = { authorization: `Bearer ${caller.key}` };
      const outgoing = request(`${caller.url}/api/v1/leads/export?status=new`, { headers }, (answer) => {
        // Nothing is read yet: the server waits with the first lead.
        caller
          .call('leads.update', { params: { leadId: 'lead_2' }, body: { status: 'lost' } })
          .then(() => text(answer))
          .then(
            (read) =>
              resolve(
                read
                  .trimEnd()
                  .split('\n')
                  .map((line) => JSON.parse(line).lead?.id ?? line),
              ),
            reject,
          );
      });
      outgoing.on('error', reject);
      outgoing.end();
    });
    expect(ids).toEqual(['lead_1', 'lead_3', '{"export":{"leads":2}}']);
    await run(server.db, 'delete from leads where workspace_id = $1', [caller.workspaceId]);
  });

  it.each<[string, string, (key: Caller) => Promise<unknown>]>([
    ['revoked', '/api/v1/leads/export', (key) => acme.call('apiKeys.revoke', { params: { keyId: key.keyId } })],
    [
      'revoked by another server',
      '/api/v1/leads/export',
      ({ keyId }) => run(server.db, 'update api_keys set revoked_at = now() where id = $1', [keyId]),
    ],
    ['deleted', '/api/v1/leads/export', ({ keyId }) => run(server.db, 'delete from api_keys where id = $1', [keyId])],
    ['expired', '/api/v1/leads/export', async () => clock.advance(3_600)],
    ['revoked', '/api/v1/leads/lead_kept/export', (key) => acme.call('apiKeys.revoke', { params: { keyId: key.keyId } })],
  ])('an export ends early when its key is %s: %s', async (_how, path, end) => {
    await run(server.db, LARGE_LEAD, [acme.workspaceId, 'lead_kept']);
    const key = await server.key(acme.workspaceId, ['leads:read'], 3_600);
    const read = await new Promise<string>((resolve, reject) => {
      const outgoing = request(key.url + path, { headers: { authorization: `Bearer ${key.key}` } }, (answer) => {
        // Nothing is read yet: the server waits with the first pieces.
        end(key).then(() => {
          clock.advance(KEY_SEEN_AFTER_SECONDS);
          text(answer).then(
            () => resolve('complete'),
            (error: NodeJS.ErrnoException) => resolve(error.code!),
          );
        }, reject);
      });
      outgoing.on('error', reject);
      outgoing.end();
    });
    expect(read).toBe('ECONNRESET');
    await run(server.db, 'delete from leads where workspace_id = $1', [acme.workspaceId]);
  });

  it('many are deleted with backups, by ids and as a job, anonymized and restored, one statement after the other', async () => {
    const statements: string[] = [];
    const db = openDatabase(
      database.connection,
      database.maxConnections,
      () => {},
      (text) => void statements.push(text),
    );
    const watched = await new TestServer(database, { operationsOn: db }).start();
    const callsOf = (name: string) => statements.splice(0).filter((text) => text.includes(`${name}(`)).length;
    try {
      const caller = await watched.workspace();
      const ids = ['lead_1', 'lead_2', 'lead_3', 'lead_4'];
      for (const id of ids) await run(db, SEEMING_LARGE_LEAD, [caller.workspaceId, id]);
      const small = [await caller.lead({ email: 'else@example.com' }), await caller.lead()].map(({ id }) => id as string);
      const all = [small[0]!, ...ids, small[1]!];
      const contents = () =>
        run(db, 'select id, md5(lead_record(workspace_id, id)::text) from leads where workspace_id = $1 order by id', [caller.workspaceId]);
      const before = await contents();
      const stays = async () => expect(await contents()).toEqual(before);

      for (const operation of ['leads.bulkDelete', 'leads.bulkAnonymize'] as const) {
        const refused = await caller.call(operation, { body: { ids: [...all, 'lead_unknown'], atomic: true } });
        expect(refused.body.details.outcomes).toMatchObject([{ leadId: 'lead_unknown' }]);
        expect(callsOf('bulk_action')).toBe(ids.length);
      }
      await stays();
      const reason = 'All asked, with else@example.com';
      const { data } = (await caller.call('leads.bulkDelete', { body: { ids: all, backup: true, reason } })).body;
      expect(data.outcomes.map(({ leadId, outcome }: BulkOutcome) => [leadId, outcome])).toEqual(all.map((id) => [id, 'deleted']));
      expect(callsOf('bulk_action')).toBe(ids.length);
      const { entries } = (await caller.call('auditLog.list', { query: { action: 'lead.deleted' } })).body.data;
      expect(entries.map((entry: AuditEntry) => entry.reason)).toEqual(all.map(() => 'All asked, with [redacted]'));

      const restored = (
        await caller.call('backups.bulkRestore', {
          query: { allowDuplicateEmail: 'true' },
          body: { backupIds: data.outcomes.map(({ backupId }: BulkOutcome) => backupId) },
        })
      ).body.data;
      expect(restored.restored).toBe(all.length);
      expect(callsOf('read_backups')).toBe(ids.length + 1);
      await stays();

      const job = await caller.job('leads.bulkDelete', { status: 'new' }, { backup: true });
      expect(job).toMatchObject({ status: 'completed', total: all.length, succeeded: all.length });
      const { outcomes } = (await caller.call('jobs.listOutcomes', { params: { jobId: job.id } })).body.data;
      expect(outcomes.map(({ leadId }: BulkOutcome) => leadId)).toEqual(all.toSorted());
      const [steps] = await run<{ count: number }>(db, 'select count(*)::integer from job_chunks where job_id = $1', [job.id]);
      expect(steps!.count).toBe(ids.length);
    } finally {
      await watched.stop();
      await db.destroy();
    }
  });

  it('what is let in with activities can be exported and imported again, and no more is let in', async () => {
    const { id } = await acme.lead();
    const params = { leadId: id };
    // A character that is six bytes as JSON, so that the bound of bytes is reached ahead of the others.
    const text = '\u0001'.repeat(ACTIVITY_TEXT_MAX_LENGTH);
    await fill(acme, id, text, 415);
    let refused;
    for (let i = 0; i < 4 && refused === undefined; i++) {
      const answer = await acme.call('activities.create', { params, body: { type: 'note', text } });
      if (answer.status !== 201) refused = answer;
    }
    expect(refused?.body).toMatchObject({ code: 'LEAD_TOO_LARGE', details: { maxBytes: ACTIVITIES_MAX_BYTES_PER_LEAD } });
    expect((await acme.call('activities.create', { params, body: { type: 'note', text: 'Short' } })).status).toBe(201);
    const { text: exported } = await acme.call('leads.export', { query: { createdAfter: '2020-01-01T00:00:00Z' } });
    expect(Buffer.byteLength(exported)).toBeLessThan(IMPORT_MAX_BYTES);
    const before = (await acme.call('leads.exportOne', { params })).body.data;
    await acme.call('leads.delete', { params });
    const { data } = (await acme.call('leads.import', { body: exported })).body;
    expect(data).toMatchObject({ imported: 1, failed: 0 });
    expect((await acme.call('leads.exportOne', { params })).body.data).toEqual(before);
  });

  it('20 activities at once over two instances never pass the limit of a lead', async () => {
    const other = await new TestServer(database).start();
    try {
      for (let round = 0; round < 5; round++) {
        const { id } = await acme.lead();
        await fill(acme, id, 'Old', ACTIVITIES_MAX_PER_LEAD - 1);
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, i) =>
            (i % 2 ? acme : acme.at(other)).call('activities.create', { params: { leadId: id }, body: { type: 'note', text: `${i}` } }),
          ),
        );
        expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, ...Array<number>(19).fill(409)]);
      }
    } finally {
      await other.stop();
    }
  });

  it('large activities at once over two instances fill a lead to its limit, and no further', async () => {
    const other = await new TestServer(database).start();
    try {
      const { id } = await acme.lead();
      const text = '\u0001'.repeat(ACTIVITY_TEXT_MAX_LENGTH);
      await fill(acme, id, text, 415);
      const sizeOf = async () =>
        Number((await run<{ size: string }>(server.db, 'select activities_size($1, $2) as size', [acme.workspaceId, id]))[0]!.size);
      const before = await sizeOf();
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          (i % 2 ? acme : acme.at(other)).call('activities.create', { params: { leadId: id }, body: { type: 'note', text } }),
        ),
      );
      const created = answers.filter(({ status }) => status === 201).length;
      expect(created).toBeGreaterThan(0);
      expect(answers.filter(({ body }) => body.code === 'LEAD_TOO_LARGE').length).toBe(8 - created);
      const size = await sizeOf();
      expect(size).toBeLessThanOrEqual(ACTIVITIES_MAX_BYTES_PER_LEAD);
      expect(size + (size - before) / created).toBeGreaterThan(ACTIVITIES_MAX_BYTES_PER_LEAD);
    } finally {
      await other.stop();
    }
  });

  async function fill({ workspaceId }: Caller, leadId: string, text: string, count: number): Promise<void> {
    const insert = `insert into activities select $1, $2, 'act_' || n, 'note', $3, '{}', now(), now() from generate_series(1, $4::integer) as n`;
    await run(server.db, insert, [workspaceId, leadId, text, count]);
  }
});
