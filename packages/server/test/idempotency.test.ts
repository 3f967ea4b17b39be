import { describe, expect, inject, it } from 'vitest';
import { run } from '../src/db/database.ts';
import { inTransaction } from '../src/db/transaction.ts';
import { newId } from '../src/ids.ts';
import { onEachDatabase } from './support/databases.ts';
import type { Answer } from '@leads/conformance';
import { type Caller, Clock, useCaller, useServer } from './support/server.ts';

onEachDatabase('Idempotency-Key', (database) => {
  const clock = new Clock();
  const server = useServer(database, { now: clock.now });
  const acme = useCaller(server);
  const body = { name: 'Ann', email: 'ann@example.com' };
  const once = () => ({ 'idempotency-key': newId('req') });
  const versionOf = async (leadId: string) =>
    (await run<{ version: string }>(server.db, 'select version from leads where id = $1', [leadId]))[0]!;
  const total = async () => (await acme.call('leads.list')).body.data.pagination.total;

  it('a job that is asked for with a key begins by itself once it is answered', async () => {
    for (let n = 0; n < 10; n++) {
      const filter = { source: (await acme.lead({ source: newId('lead') })).source };
      const { planToken } = (await acme.call('leads.bulkDelete', { body: { filter, dryRun: true } })).body.data;
      const headers = { 'idempotency-key': newId('req') };
      const { body } = await acme.call('leads.bulkDelete', { body: { filter, planToken }, headers });
      const status = async () => (await acme.call('jobs.get', { params: { jobId: body.data.id } })).body.data.status;
      await expect.poll(status).toBe('completed');
    }
  });

  it('a repeated request gets the first answer, with its headers, and changes nothing again', async () => {
    const headers = once();
    const first = await acme.call('leads.create', { body, headers });
    const count = await total();
    const second = await acme.call('leads.create', { body, headers });
    expect([second.status, second.text, second.headers.location, second.headers.etag]).toEqual([
      201,
      first.text,
      first.headers.location,
      first.headers.etag,
    ]);
    expect([first.headers['idempotency-replayed'], second.headers['idempotency-replayed']]).toEqual([undefined, 'true']);
    expect(await total()).toBe(count);
  });

  it('a request repeated by another program, with other headers in another order, gets the first answer', async () => {
    const params = { leadId: (await acme.lead()).id };
    const { etag } = (await acme.call('leads.get', { params })).headers;
    const [key, condition] = [once(), { 'if-match': etag! }];
    const first = await acme.call('leads.delete', { params, headers: { ...key, ...condition } });
    for (const headers of [
      { ...condition, ...key },
      { ...key, ...condition, 'user-agent': 'another', 'x-request-id': 'another' },
      { ...key, ...condition, 'content-length': '0' },
      { ...key, ...condition, 'transfer-encoding': 'chunked' },
    ]) {
      const again = await acme.call('leads.delete', { params, headers });
      expect([again.status, again.text]).toEqual([200, first.text]);
    }
    const other = await acme.call('leads.delete', { params, headers: key });
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  it('a DELETE repeated after a lost connection is a success and not a 404', async () => {
    const params = { leadId: (await acme.lead()).id };
    const headers = once();
    const first = await acme.call('leads.delete', { params, headers });
    clock.advance(60);
    const second = await acme.call('leads.delete', { params, headers });
    expect([second.status, second.text]).toEqual([200, first.text]);
    expect((await acme.call('leads.delete', { params })).status).toBe(404);
  });

  it('the order of the keys of a body, at any depth, and of a query make no other request', async () => {
    const created = once();
    const whole = { ...body, metadata: { plan: { b: 2, a: [1, { d: 4, c: 3 }] }, size: 10 } };
    const turned = { metadata: { size: 10, plan: { a: [1, { c: 3, d: 4 }], b: 2 } }, email: body.email, name: body.name };
    const first = await acme.call('leads.create', { body: whole, headers: created });
    const again = await acme.call('leads.create', { body: turned, headers: created });
    expect([again.status, again.text]).toEqual([201, first.text]);
    const other = { ...whole, metadata: { plan: { b: 2, a: [{ d: 4, c: 3 }, 1] }, size: 10 } };
    expect((await acme.call('leads.create', { body: other, headers: created })).body.code).toBe('IDEMPOTENCY_KEY_REUSED');

    const deleted = once();
    const params = { leadId: first.body.data.id };
    const remove = (query: Record<string, string>) => acme.call('leads.delete', { params, query, headers: deleted });
    const gone = await remove({ backup: 'true', force: 'true' });
    const repeated = await remove({ force: 'true', backup: 'true' });
    expect([gone.status, repeated.status, repeated.text]).toEqual([200, 200, gone.text]);
    expect((await remove({ backup: 'true' })).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('a body that is written another way is no other request: its numbers, its escapes, its white space', async () => {
    const headers = once();
    const first = await acme.call('leads.create', {
      body: '{"name":"Ann","email":"ann@example.com","metadata":{"score":1,"rate":0.5}}',
      headers,
    });
    for (const written of [
      '{"name":"\\u0041nn","email":"ann\\u0040example.com","metadata":{"score":1.0,"rate":5e-1}}',
      ' { "metadata" : { "r\\u0061te" : 0.50 , "score" : 1e0 } ,\r\n"email" : "ann@example.com" , "name" : "A\\u006e\\u006E" } ',
    ]) {
      const again = await acme.call('leads.create', { body: written, headers });
      expect([again.status, again.text]).toEqual([201, first.text]);
    }
    for (const other of ['"score":1.5,"rate":0.5', '"score":"1","rate":0.5', '"score":-1,"rate":0.5']) {
      const body = `{"name":"Ann","email":"ann@example.com","metadata":{${other}}}`;
      expect((await acme.call('leads.create', { body, headers })).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
    }
  });

  it.each([
    ['another body', { body: { ...body, name: 'Bob' } }],
    ['another condition', { body: { ...body }, query: 'x=1' }],
  ])('422 IDEMPOTENCY_KEY_REUSED or refused: %s with the same key changes nothing', async (_what, call) => {
    const headers = once();
    await acme.call('leads.create', { body, headers });
    const count = await total();
    expect([400, 422]).toContain((await acme.call('leads.create', { ...call, headers })).status);
    expect(await total()).toBe(count);
  });

  it('422: the same path and body with another If-Match, or another lead, is another request', async () => {
    const [a, b] = [await acme.lead(), await acme.lead()];
    const headers = once();
    const update = (leadId: string, more = {}) =>
      acme.call('leads.update', { params: { leadId }, body: { status: 'lost' }, headers: { ...headers, ...more } });
    expect((await update(a.id)).status).toBe(200);
    expect((await update(b.id)).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect((await update(a.id, { 'if-match': '*' })).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('belongs to one key of one workspace', async () => {
    const headers = once();
    const mine = await acme.call('leads.create', { body, headers });
    const colleague = await server.key(acme.workspaceId, ['leads:write']);
    const stranger = await server.workspace();
    const [theirs, others] = [
      await colleague.call('leads.create', { body, headers }),
      await stranger.call('leads.create', { body, headers }),
    ];
    expect(new Set([mine, theirs, others].map((answer) => answer.body.data.id)).size).toBe(3);
  });

  it('a refused request is not kept: it is carried out once nothing is in its way', async () => {
    const { params } = await acme.enrolledLead();
    const headers = once();
    expect((await acme.call('leads.delete', { params, headers })).status).toBe(409);
    await acme.call('campaigns.update', { params, body: { status: 'paused' } });
    expect((await acme.call('leads.delete', { params, headers })).status).toBe(200);
  });

  it('a request that is refused before it asks the database leaves its key free', async () => {
    const params = { leadId: (await acme.lead()).id };
    const headers = once();
    const refused = await acme.call('leads.delete', { params, headers: { ...headers, 'x-confirmation-token': 'none' } });
    expect(refused.body.code).toBe('CONFIRMATION_TOKEN_INVALID');
    expect((await acme.call('leads.delete', { params, headers })).status).toBe(200);
  });

  it('a repeated DELETE gets the first answer also where its confirmation token is too old by now', async () => {
    const params = { leadId: (await acme.lead()).id };
    const { confirmationToken } = (await acme.call('leads.deletionPreview', { params })).body.data;
    const headers = { ...once(), 'x-confirmation-token': confirmationToken };
    const first = await acme.call('leads.delete', { params, headers });
    clock.advance(3_600);
    const second = await acme.call('leads.delete', { params, headers });
    expect([second.status, second.text]).toEqual([200, first.text]);
  });

  it.each(['leads.archive', 'leads.anonymize', 'leads.unarchive'] as const)(
    'an operation of several statements does nothing again, however often it is repeated: %s',
    async (operation) => {
      const params = { leadId: (await acme.lead()).id };
      const call = { params, headers: once(), ...(operation !== 'leads.unarchive' && { body: {} }) };
      const first = await acme.call(operation, call);
      const { version } = await versionOf(params.leadId);
      // More often than there are connections, none of which may stay in a transaction that failed.
      for (let tries = 0; tries < 20; tries++) expect((await acme.call(operation, call)).text).toBe(first.text);
      expect(await versionOf(params.leadId)).toEqual({ version });
    },
  );

  it('a dry run is not kept: it looks again', async () => {
    const source = newId('lead');
    const headers = once();
    const plan = async () => (await acme.call('leads.bulkDelete', { body: { filter: { source }, dryRun: true }, headers })).body.data.count;
    expect(await plan()).toBe(0);
    await acme.lead({ source });
    expect(await plan()).toBe(1);
  });

  it('of many requests at once one is carried out, and the others are told or get its answer', async () => {
    const headers = once();
    const count = await total();
    const answers = await Promise.all(Array.from({ length: 20 }, () => acme.call('leads.create', { body, headers })));
    for (const { status, body: answered } of answers)
      expect([status, answered.code]).toEqual(status === 201 ? [201, undefined] : [409, 'IDEMPOTENCY_KEY_IN_USE']);
    expect(await total()).toBe(count + 1);
  });

  it('is kept for 24 hours, and then free again', async () => {
    const headers = once();
    const first = await acme.call('leads.create', { body, headers });
    clock.advance(86_399);
    expect((await acme.call('leads.create', { body, headers })).text).toBe(first.text);
    clock.advance(1);
    expect((await acme.call('leads.create', { body: { ...body, name: 'Bob' }, headers })).status).toBe(201);
  });

  it('a key that is free again is kept anew, for a deletion, too', async () => {
    const [headers, caller] = [once(), await server.workspace()];
    const remove = async (leadId: string) => caller.call('leads.delete', { params: { leadId }, headers });
    await remove((await caller.lead()).id);
    clock.advance(86_400);
    const { id } = await caller.lead();
    const first = await remove(id);
    clock.advance(86_399);
    expect([first.status, (await remove(id)).text]).toEqual([200, first.text]);
  });

  it('409 IDEMPOTENCY_ANSWER_ERASED: an answer with personal data goes with its lead', async () => {
    const headers = once();
    const { id } = (await acme.call('leads.create', { body, headers })).body.data;
    await acme.call('leads.delete', { params: { leadId: id } });
    const answer = await acme.call('leads.create', { body, headers });
    expect([answer.status, answer.body.code]).toEqual([409, 'IDEMPOTENCY_ANSWER_ERASED']);
  });

  it('in the database stands no key, no request and no answer that can be read', async () => {
    const [key, caller] = [newId('req'), await server.workspace()];
    await caller.call('leads.create', { body: { ...body, name: 'Readable Name' }, headers: { 'idempotency-key': key } });
    const rows = await run<{ row: string }>(
      server.db,
      `select encode(answer, 'escape') || t::text as row from idempotency_keys t where workspace_id = $1 and answer is not null`,
      [caller.workspaceId],
    );
    expect(rows.length).toBe(1);
    for (const { row } of rows) for (const text of [key, 'Readable', 'success']) expect(row).not.toContain(text);
  });
});

const shared = inject('databases').find(({ name }) => name === 'postgresql');

describe.skipIf(!shared)('Idempotency-Key, on two servers', () => {
  const [server, other] = [useServer(shared!), useServer(shared!)];
  const acme = useCaller(server);

  it('409 IDEMPOTENCY_KEY_IN_USE at once, whatever the other server waits for, and nothing is changed', async () => {
    const [held, untouched] = [await acme.lead(), await acme.lead()];
    const headers = { 'idempotency-key': newId('req') };
    const remove = (caller: Caller, leadId: string) => caller.call('leads.delete', { params: { leadId }, headers });
    let first: Promise<Answer> | undefined;
    await inTransaction(server.db, async (transaction) => {
      await run(transaction, 'select 1 from leads where id = $1 for update', [held.id]);
      first = remove(acme, held.id);
      expect(await Promise.race([waiting(), first])).toBe('waits');
      for (const { id } of [held, untouched, held]) {
        const { status, body } = await remove(acme.at(other), id);
        expect([status, body.code]).toEqual([409, 'IDEMPOTENCY_KEY_IN_USE']);
      }
    });
    const { status, text } = await first!;
    expect(status).toBe(200);
    const repeated = await remove(acme.at(other), held.id);
    expect([repeated.text, repeated.headers['idempotency-replayed']]).toEqual([text, 'true']);
    expect((await remove(acme.at(other), untouched.id)).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect((await acme.call('leads.get', { params: { leadId: untouched.id } })).status).toBe(200);
  });

  /** Until a statement of this database waits for a row that another one holds. It may be looked for too late: its time is limited. */
  async function waiting(): Promise<'waits' | 'does not'> {
    const waits = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%delete_lead%'`;
    const until = performance.now() + 10_000;
    while (performance.now() < until) if ((await run(other.db, waits, [])).length > 0) return 'waits';
    return 'does not';
  }
});
