import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { ACTIVITIES_MAX_BYTES_PER_LEAD, ACTIVITIES_MAX_PER_LEAD, ACTIVITY_TEXT_MAX_LENGTH, IMPORT_MAX_BYTES } from '@leads/contract';
import { expect, it } from 'vitest';
import { run } from '../src/db/database.ts';
import { onEachDatabase } from './support/databases.ts';
import { type Caller, TestServer, useCaller, useServer } from './support/server.ts';

/** As an earlier version let them in: 480 activities whose text takes six bytes a character as JSON, 16 MiB a lead. */
const LARGE_LEAD = `
  with made as (
    insert into leads (workspace_id, id, name, email, name_lower, email_lower, status, metadata, created_at, updated_at)
    values ($1, $2, 'Ann', 'ann@example.com', 'ann', 'ann@example.com', 'new', '{}', now(), now()) returning id
  )
  insert into activities
  select $1, id, 'act_' || n, 'note', repeat(chr(1), 5000), jsonb_build_object('a', repeat('x', 4000)), now(), now()
  from made, generate_series(1, 480) as n`;

/** So many that a statement for all of them together would be over the memory that is allowed. */
const LARGE_LEADS = 16;

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

onEachDatabase('leads with as much on them as there can be', (database) => {
  const server = useServer(database);
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

  async function fill({ workspaceId }: Caller, leadId: string, text: string, count: number): Promise<void> {
    const insert = `insert into activities select $1, $2, 'act_' || n, 'note', $3, '{}', now(), now() from generate_series(1, $4::integer) as n`;
    await run(server.db, insert, [workspaceId, leadId, text, count]);
  }
});
